import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { countCharacters, readInputs, readOutputs } from './read-call.ts'

const user = (...texts: string[]): LanguageModelV4Prompt => [
  { role: 'user', content: texts.map((text) => ({ type: 'text', text })) },
]

test('inputs are read from their tags, and missing ones are empty', () => {
  const inputs = readInputs(user('Here.\n\n<task>\n# A\n\ntext\n</task>\n\n<results>\n| x |\n</results>'))
  expect(inputs).toEqual({ task: '# A\n\ntext', idea: '', results: '| x |', figures: [] })
})

test('figures are those the caller lists, not those a given text mentions', () => {
  const prompt = user(
    '<results>\n- `inside.png`\n</results>\nFigures:\n\n- `accuracy.png`\n- log_loss.png\n- `accuracy.png`\n\nUse ![x](example.png).',
  )
  expect(readInputs(prompt).figures).toEqual(['accuracy.png', 'log_loss.png'])
})

test('outputs of tools are read in order, whatever their form', () => {
  const result = (output: object) => ({ type: 'tool-result', toolCallId: 'a', toolName: 'bash', output })
  const prompt = [
    {
      role: 'tool',
      content: [
        result({ type: 'text', value: 'one' }),
        result({ type: 'json', value: { exitCode: 0, output: 'two' } }),
        result({ type: 'content', value: [{ type: 'text', text: 'three' }] }),
        result({ type: 'execution-denied', reason: 'four' }),
      ],
    },
  ] as LanguageModelV4Prompt
  expect(readOutputs(prompt)).toEqual(['one', 'two', 'three', 'four'])
})

test('all text counts, images do not', () => {
  const prompt: LanguageModelV4Prompt = [
    { role: 'system', content: '12345' },
    {
      role: 'user',
      content: [
        { type: 'text', text: '123' },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
      ],
    },
  ]
  expect(countCharacters(prompt)).toBe(8)
})
