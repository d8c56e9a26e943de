import { expect, it } from 'vitest'
import { datasets } from './datasets.ts'
import { readThings, thingFinder } from './lexicon.ts'
import { measures, significanceTests, techniques } from './measures.ts'
import { models, pretrainedModels } from './models.ts'

const find = thingFinder(readThings('GPT-2 | GPT2\n=T5\nAG News | | agnews'))
const names = (text: string) => find(text).map(({ name }) => name)

it.each([
  ['GPT-2 medium', ['GPT-2']],
  ['gpt2 and gpt_2', ['GPT-2']],
  ['T5-small on AGNews', ['T5', 'AG News']],
  ['t5 is exact, and so is CodeT5', []],
  ['a GPT-2-like model, GPT-20', []],
  ['my-GPT-2', []],
])('reads %s', (text, expected) => {
  expect(names(text)).toEqual(expected)
})

it('stops reading behind 4,000 characters', () => {
  expect(names(`${' '.repeat(4_001)}GPT-2`)).toEqual([])
})

it('has names in every table, each once', () => {
  for (const table of [models(), datasets(), measures(), significanceTests(), techniques()]) {
    expect(table.length).toBeGreaterThan(10)
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length)
    for (const { said, shown } of table) expect([...said, ...shown].every((one) => one.trim() !== '')).toBe(true)
  }
  expect(pretrainedModels().map(({ name }) => name)).not.toContain('Random Forest')
})
