import { expect, test } from 'vitest'
import { formNames, longestText, readFeatures } from './features.ts'

const idea = '# Title: Sparse probes\n\n**Motivation**: Probes (2 of them) cost 40% of the time.'
const form = (text: string, name: string, task: string | null = null): number | null | undefined =>
  readFeatures(text, task).form[formNames.indexOf(name)]

test('the same text has the same features, whatever was read before', () => {
  const first = readFeatures(idea, 'A task on probes')
  readFeatures('Something else entirely', null)
  expect(readFeatures(idea, 'A task on probes')).toEqual(first)
  expect(first.form).toHaveLength(formNames.length)
})

test('counts words and pairs of words, by hash', () => {
  const { words, distinctWords, terms, wordHashes } = readFeatures('Probe the probe', null)
  expect([words, distinctWords]).toEqual([3, 2])
  // probe, the, "probe the", "the probe"
  expect([...terms.values()].toSorted((a, b) => a - b)).toEqual([1, 1, 1, 2])
  expect(terms.get(wordHashes[0] ?? 0)).toBe(2)
})

test('letters that only look different, and characters nobody sees, make no new words', () => {
  const plain = readFeatures('an efficient method', null)
  expect(readFeatures('an eﬃcient met\u200Bhod', null).wordHashes).toEqual(plain.wordHashes)
  expect(readFeatures('AN EFFICIENT METHOD', null).terms).toEqual(plain.terms)
})

test('measures how far a text takes up its task, and says so where there is none', () => {
  const task = 'Study calibration of networks under label noise'
  expect(form('calibration and networks', 'taskCovered', task)).toBeCloseTo(2 / 6)
  expect(form('calibration of penguins', 'fromTask', task)).toBeCloseTo(1 / 2)
  expect(form('calibration', 'fromTask')).toBeNull()
})

test('every measure is finite, even of nothing', () => {
  for (const text of ['', ' ', '\u0000', '\uD800', '🙂', '中文'])
    for (const value of readFeatures(text, text).form) expect(value).toSatisfy(Number.isFinite)
})

test('reads hostile texts in time, and no further than its limit', () => {
  const pieces = ['$', '\\(', '#', 'a ', '\n', '- ', 'e\u0301', '\uFDFA', 'et al', '1', '[111', '. ', '**', '(1']
  const began = performance.now()
  for (const piece of pieces) {
    const { cut, words } = readFeatures(piece.repeat(longestText + 1), piece)
    expect(cut).toBe(true)
    expect(words).toBeLessThanOrEqual(longestText)
  }
  expect(performance.now() - began).toBeLessThan(10_000)
})
