import { sha256 } from '../base/hash.ts'
import type { Review } from '../schema/review.ts'
import { findAddressedText } from './addressed-text.ts'
import { describeSubject, type Judge, type JudgeJob, ownRubric } from './judge.ts'
import { showText } from './shown-text.ts'

/**
 * A rule-based judge that looks at form alone: sections, length, maths, references, tables. It says nothing about the
 * research, and is there so that the whole road can be walked without a model.
 */
const formCheckName = 'scripted/form-check'

const version = 1

interface Expectation {
  /** Words that a heading, or a bold line, of each expected section holds. */
  readonly sections: readonly RegExp[]
  /** Words; full marks within, fewer outside. */
  readonly words: readonly [least: number, most: number]
  readonly counts: Partial<Record<'maths' | 'references' | 'tables', number>>
}

/** Lengths and sections as published for each stage (arXiv 2505.19955, appendix on prompts). */
const expectations: Readonly<Record<string, Expectation>> = {
  idea: { sections: [/title|^\s*#\s/i, /motivation/i, /main idea/i], words: [60, 220], counts: {} },
  proposal: {
    sections: [/introduction/i, /method/i, /experiment/i, /outcome|impact/i],
    words: [1_200, 3_000],
    counts: { maths: 5 },
  },
  experiment: { sections: [/result/i, /discussion|analysis|conclusion/i], words: [80, 5_000], counts: { tables: 1 } },
  paper: {
    sections: [
      /abstract/i,
      /introduction/i,
      /related work/i,
      /method/i,
      /experiment/i,
      /result/i,
      /conclusion/i,
      /references/i,
    ],
    words: [1_500, 12_000],
    counts: { maths: 3, references: 8, tables: 1 },
  },
}

export const formCheck: Judge = {
  name: formCheckName,
  kind: 'rule',
  identity: { name: formCheckName, version },
  covers: ({ rubric }) => rubric.id in expectations,
  async review(job) {
    const expectation = expectations[job.rubric.rubric.id]
    if (expectation === undefined) throw new Error(`form-check has no expectations for ${job.rubric.rubric.id}`)
    return toReview(job, scoreForm(job.subject.text, expectation))
  },
}

/** Marks 1..10: one plus nine times the share of what is expected that is there. */
function scoreForm(text: string, expectation: Expectation): Review['scores'] {
  const headings = text.split('\n').filter((line) => /^\s*(?:#{1,6}\s|\*\*)/.test(line))
  const present = expectation.sections.filter((section) => headings.some((heading) => section.test(heading)))
  const words = text.split(/\s+/).filter((word) => word !== '').length
  const [least, most] = expectation.words
  const scores: Review['scores'] = {
    sections: mark(
      present.length / expectation.sections.length,
      `${present.length} of ${expectation.sections.length} expected sections`,
    ),
    length: mark(Math.min(1, words / least, most / Math.max(1, words)), `${words} words; expected ${least} to ${most}`),
  }
  const found = { maths: countMaths(text), references: countReferences(text), tables: countTables(text) }
  for (const [name, expected] of Object.entries(expectation.counts)) {
    const count = found[name as keyof typeof found]
    scores[name] = mark(Math.min(1, count / expected), `${count} found; expected at least ${expected}`)
  }
  return scores
}

function mark(share: number, justification: string): { score: number; justification: string } {
  return { score: 1 + Math.round(9 * share), justification }
}

// none of these looks beyond a line, or behind the next opening mark: the text may be hostile
const countMaths = (text: string): number =>
  (text.match(/\$\$[^$]+\$\$|\$[^$\n]+\$|\\\[(?:(?!\\\[)[\s\S])+?\\\]|\\\((?:(?!\\\()[\s\S])+?\\\)/g) ?? []).length
const countTables = (text: string): number => (text.match(/^[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*\|/gm) ?? []).length

function countReferences(text: string): number {
  const start = text.search(/^[ \t]*(?:#{1,6}\s|\*\*).*references/im)
  return start === -1 ? 0 : (text.slice(start).match(/^[ \t]*(?:\[?\d+[\].)]|[-*]\s)/gm) ?? []).length
}

function toReview({ subject, rubric, ...job }: JudgeJob, scores: Review['scores']): Review {
  const marks = Object.values(scores).map(({ score }) => score)
  const bytes = Buffer.byteLength(subject.text)
  return {
    schema: 'mlrbench/review@1',
    id: job.id,
    trial: subject.trialId,
    subject: describeSubject(subject),
    rubric: { id: ownRubric(rubric.rubric.id, 'rule'), version, hash: sha256(`${formCheckName}@${version}`) },
    judge: { name: formCheckName, kind: 'rule', responseModel: null },
    view: job.view,
    repeat: job.repeat,
    scores,
    overall: {
      score: Math.round(marks.reduce((sum, score) => sum + score, 0) / marks.length),
      strengths: [],
      weaknesses: ['form only: these marks say nothing about the research'],
    },
    confidence: null,
    flag: null,
    findings: null,
    addressed: findAddressedText([showText(subject.text, { path: subject.path, whole: subject.text })]),
    evidence: { shown: [{ path: subject.path, bytes, shownBytes: bytes }], leftOut: [] },
    usage: { inputTokens: 0, outputTokens: 0, cachedReadTokens: 0, cachedWriteTokens: 0, reasoningTokens: 0 },
    costUsd: 0,
    latencyMs: 0,
    tries: 1,
    createdAt: new Date().toISOString(),
    imported: null,
  }
}
