import { expect, test } from 'vitest'
import { readFeatures } from './features.ts'
import { formVector, knownShare, type LinearModel, makeVocabulary, predict, termVector } from './predict.ts'

const [probe = 0, sparse = 0] = readFeatures('probe sparse', null).wordHashes
const vocabulary = makeVocabulary([probe, sparse], [1, 3], 3)
const scale = { least: 0, most: 4, mean: 2, deviation: 2 }

test('known terms make a vector of length 1, the rarer ones weighing more', () => {
  const vector = termVector(readFeatures('Sparse probe of penguins', null), vocabulary)
  const values = new Map(vector)
  expect(values.size).toBe(2)
  expect(Math.hypot(...values.values())).toBeCloseTo(1, 12)
  // ln((1 + 3) / (1 + 1)) + 1 against ln(4 / 4) + 1
  expect((values.get(0) ?? 0) / (values.get(1) ?? 0)).toBeCloseTo(Math.log(2) + 1, 12)
  expect(termVector(readFeatures('nothing known', null), vocabulary)).toEqual([])
})

test('form counts no further than the range seen, and not at all where it is unknown', () => {
  expect(formVector({ form: [1e9, -5, 3, null] }, [scale, scale, scale, scale])).toEqual([1, -1, 0.5, 0])
})

test('adds intercept, terms and form, and stays between 1 and 10', () => {
  const dimension = { intercept: 5, formWeights: [2], termWeights: Int8Array.of(10, -10), termScale: 0.1 }
  const model = (intercept: number): LinearModel => ({
    vocabulary,
    form: [scale],
    dimensions: [{ ...dimension, id: 'novelty', intercept }],
  })
  const features = { terms: new Map([[probe, 1]]), form: [4] }
  expect(predict(model(5), features).get('novelty')).toBeCloseTo(5 + 10 * 0.1 + 2, 12)
  expect(predict(model(50), features).get('novelty')).toBe(10)
  expect(predict(model(-50), features).get('novelty')).toBe(1)
})

test('tells the share of words that are known', () => {
  expect(knownShare(readFeatures('sparse probe or probe', null), vocabulary)).toBe(0.75)
  expect(knownShare(readFeatures('', null), vocabulary)).toBe(0)
})
