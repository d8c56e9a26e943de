import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { list } from 'tar'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CleanedReply, cleanReply } from './clean-reply.ts'

/** The reply again, from its pieces in their order. */
function joined({ text, stripped }: CleanedReply): string {
  const fenced = stripped.filter(({ kind }) => kind === 'fence')
  const behind = fenced.length > 0 ? fenced[1] : undefined
  const before = stripped.filter((piece) => piece !== behind)
  return [...before.map((piece) => piece.text), text, behind?.text ?? ''].join('')
}

function kinds(reply: string): string[] {
  const cleaned = cleanReply(reply)
  expect(joined(cleaned)).toBe(reply)
  return cleaned.stripped.map(({ kind }) => kind)
}

describe('a chatty preamble', () => {
  const stripped: [name: string, reply: string, text: string][] = [
    ['before a heading', 'Sure! Here is the idea.\n\n# Sharp Minima\n\nBody.', '# Sharp Minima\n\nBody.'],
    ['with a rule below it', 'Okay, here is a proposal.\n\n---\n\n## Title\n\nBody.', '## Title\n\nBody.'],
    ['with a rule of asterisks', 'Here is the paper.\n\n***\n\n# Title\n\nBody.', '# Title\n\nBody.'],
    ['of two paragraphs', 'Certainly!\n\nBelow is a proposal:\n\n**Title:** X\n\nBody.', '**Title:** X\n\nBody.'],
    ['right above a title', "Here's my idea:\nTitle: X\n\nMotivation: Y", 'Title: X\n\nMotivation: Y'],
    [
      'before a numbered list',
      'Here are the papers:\n\n1. **Title**: A\n\n2. **Title**: B',
      '1. **Title**: A\n\n2. **Title**: B',
    ],
    [
      'with a colon in a quoted title',
      'Here is a review of "Weights: A Map".\n\n**1. Papers**\n\nA',
      '**1. Papers**\n\nA',
    ],
    [
      'before LaTeX',
      'Based on the provided task, this is it.\n\n\\section{Title}\n\nBody.',
      '\\section{Title}\n\nBody.',
    ],
    ['with carriage returns', 'Sure, here it is.\r\n\r\n# Title\r\n\r\nBody.', '# Title\r\n\r\nBody.'],
  ]
  test.each(stripped)('%s is taken off', (_name, reply, text) => {
    expect(kinds(reply)).toEqual(['preamble'])
    expect(cleanReply(reply).text).toBe(text)
  })

  const kept: [name: string, reply: string][] = [
    ['a numbered title on a line of its own', '1. Title:  \n**Meta-Learning**\n\n2. Motivation:\nBody.'],
    ['an opening that is part of the text', 'Based on recent results, we ask why.\n\n# Method\n\nBody.'],
    ['praise of the field', 'Great progress has been made.\n\n# Method\n\nBody.'],
    [
      'an idea that begins in its first sentence',
      'Here is the main idea: we prune before training.\n\n**Motivation**\n\nBody.',
    ],
    ['chat with nothing behind it', 'Sure, here is the idea: prune first.'],
    ['an untitled text', 'Here is a thought.\n\nNetworks forget.\n\nWe measure it.'],
    ['chat followed by a paragraph of content', 'Okay, here it is.\n\nNetworks forget.\n\n# Method\n\nBody.'],
    ['a long first paragraph', `Here is ${'a very long sentence '.repeat(40)}.\n\n# Title`],
  ]
  test.each(kept)('%s stays', (_name, reply) => {
    expect(cleanReply(reply)).toEqual({ text: reply, stripped: [] })
  })
})

describe('a code fence', () => {
  const stripped: [name: string, reply: string, text: string][] = [
    ['around everything', '```markdown\n# Title\n\nBody.\n```', '# Title\n\nBody.'],
    ['of tildes', '~~~\n# Title\n~~~\n', '# Title'],
    ['with spaces behind it', '```  \nTitle: X\n```  \n\n', 'Title: X'],
    ['with a block inside', '```md\n# T\n```python\nx = 1\n```\nEnd.\n```', '# T\n```python\nx = 1\n```\nEnd.'],
    ['longer than the fences inside', '````\n# T\n```\nx\n```\nEnd.\n````', '# T\n```\nx\n```\nEnd.'],
    ['around nothing', '```\n```', ''],
    ['around LaTeX', '```latex\n\\section{T}\n```', '\\section{T}'],
  ]
  test.each(stripped)('%s is taken off', (_name, reply, text) => {
    expect(kinds(reply)).toEqual(['fence', 'fence'])
    expect(cleanReply(reply).text).toBe(text)
  })

  test('below a preamble is taken off with it', () => {
    const reply = 'Here is the idea:\n\n```markdown\n# Title\n```\n'
    expect(kinds(reply)).toEqual(['preamble', 'fence', 'fence'])
    expect(cleanReply(reply).text).toBe('# Title')
  })

  const kept: [name: string, reply: string][] = [
    ['two blocks, one at each end', '```\nA\n```\nbetween\n```\nB\n```'],
    ['a block that is never closed', '```markdown\n# Title\n\nBody.'],
    ['a fence closed by another kind', '```\n# Title\n~~~'],
    ['code with its language', '```python\nprint(1)\n```'],
    ['a block with words behind it', '```\n# Title\n```\nThat was all.'],
  ]
  test.each(kept)('%s stays', (_name, reply) => {
    expect(cleanReply(reply)).toEqual({ text: reply, stripped: [] })
  })
})

const release = join(import.meta.dirname, '../../../shared/release/mlrbench-806a203.tar.gz')

describe.skipIf(!existsSync(release))(
  'replies of the public release (skips without ../shared/release beside it)',
  () => {
    const replies = new Map<string, string>()

    beforeAll(async () => {
      await list({
        file: release,
        filter: (path) => /\/ideas_and_proposals\/[^/]+\/(?:idea|proposal)\/[^/]+\.md$/.test(path),
        onReadEntry(entry) {
          const chunks: Buffer[] = []
          entry.on('data', (chunk: Buffer) => chunks.push(chunk))
          entry.on('end', () => replies.set(entry.path, Buffer.concat(chunks).toString('utf8')))
        },
      })
    })

    const select = (part: string) =>
      [...replies].filter(([path]) => path.includes(part)).map(([, reply]) => cleanReply(reply))
    const count = (cleaned: CleanedReply[], kind: string) =>
      cleaned.filter(({ stripped }) => stripped.some((piece) => piece.kind === kind)).length

    test('132 of 1,206 proposals lose a preamble and 2 a fence; 8 of 1,215 ideas lose a fence and none a preamble', () => {
      const proposals = select('/proposal/')
      const ideas = select('/idea/')
      expect([proposals.length, count(proposals, 'preamble'), count(proposals, 'fence')]).toEqual([1_206, 132, 2])
      expect([ideas.length, count(ideas, 'preamble'), count(ideas, 'fence')]).toEqual([1_215, 0, 8])
    })

    test('nothing is lost, and what is left begins like an artefact', () => {
      const odd: string[] = []
      for (const [path, reply] of replies) {
        const cleaned = cleanReply(reply)
        if (joined(cleaned) !== reply) odd.push(`${path}: pieces do not join`)
        // one proposal is a LaTeX file in a fence with bare fences inside, where no rule can tell which belongs to which
        if (!/^(?:#{1,6} |\*\*\S|(?:\d+\. )?\**title\b|\d+\. |\\[a-z]|```latex)/i.test(cleaned.text.trimStart()))
          odd.push(path)
        if (/^(?:okay|sure|here)\b/i.test(cleaned.text)) odd.push(path)
      }
      expect(odd).toEqual([])
    })
  },
)
