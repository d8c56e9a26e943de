import { readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assetPath } from '../../base/assets.ts'
import { PrerequisiteError } from '../../base/errors.ts'
import { decodeModel, loadWeights, parseWeights, signWeights, weightsPath, writeIntegers } from './weights.ts'

const shipped = readFileSync(assetPath(weightsPath), 'utf8')

test('the shipped weights are whole, at most 1 MB, and hold no text', () => {
  expect(statSync(assetPath(weightsPath)).size).toBeLessThanOrEqual(1_000_000)
  const { schema: _, sha256, ...content } = loadWeights()
  expect(signWeights(content).sha256).toBe(sha256)
  // every string is a name, a hash or base64: none has two words
  const strings: string[] = []
  JSON.parse(shipped, (_key, value: unknown) => {
    if (typeof value === 'string') strings.push(value)
    return value
  })
  expect(strings.length).toBeGreaterThan(50)
  expect(strings.filter((text) => /\s/.test(text))).toEqual([])
})

test('weights that were changed or torn are refused', () => {
  const changed = shipped.replace('"intercept": ', '"intercept": 1')
  expect(changed).not.toBe(shipped)
  expect(() => parseWeights(changed)).toThrow(/was changed/)
  expect(() => parseWeights(shipped.slice(0, -100))).toThrow(PrerequisiteError)
  expect(() => parseWeights('{}')).toThrow(/install mlrbench again/i)
})

test('weights for other features or of another length are refused', () => {
  const { idea } = loadWeights().rubrics
  expect(decodeModel(idea).dimensions.map(({ id }) => id)).toContain('overall')
  expect(() => decodeModel({ ...idea, form: idea.form.slice(1) })).toThrow(/does not fit/)
  expect(() => decodeModel({ ...idea, terms: writeIntegers([1], 4) })).toThrow(/does not fit/)
})
