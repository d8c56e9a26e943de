import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { figuresTable } from '../scripts/distilled/figures-table.ts'
import { readReleasedReviews, type ReleasedReviews } from '../scripts/distilled/released-reviews.ts'
import { fitRidge } from '../scripts/distilled/ridge.ts'
import { hashSamples, trainRubric } from '../scripts/distilled/train-rubric.ts'
import { hashJson } from '../src/base/hash.ts'
import { readFeatures } from '../src/judges/distilled/features.ts'
import { predict } from '../src/judges/distilled/predict.ts'
import { decodeModel, loadWeights, openHashes } from '../src/judges/distilled/weights.ts'
import { spearman } from '../src/stats/correlation.ts'
import { mulberry32 } from '../src/stats/random.ts'

const shared = join(import.meta.dirname, '../../shared')

test('the page on the distilled judge shows the figures and the hash that the weights state', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/distilled-judge.md'), 'utf8')
  const weights = loadWeights()
  expect(page).toContain(figuresTable(weights))
  expect(page).toContain(weights.sha256)
  expect(page).toContain(`${weights.trainedOn.reviews.toLocaleString('en')} reviews`)
})

test('ridge regression on a kernel is ridge regression on its features', () => {
  // one feature: slope = Sxy / (Sxx + penalty)
  const x = [1, 2, 4, 7, 9]
  const y = [2, 3, 3, 8, 7]
  const kernel = { size: 5, cells: Float64Array.from(x.flatMap((a) => x.map((b) => a * b))) }
  const [fit] = fitRidge(kernel, [y], 3)
  const centre = (values: readonly number[]): number[] => values.map((v) => v - values.reduce((a, b) => a + b) / 5)
  const [cx, cy] = [centre(x), centre(y)]
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? Number.NaN), 0)
  expect(product([...(fit?.weights ?? [])], x)).toBeCloseTo(product(cx, cy) / (product(cx, cx) + 3), 10)
  expect(fit?.mean).toBeCloseTo(4.6, 12)
})

/** Works of three models on 30 tasks. One dimension hangs on a word of the text, the other on nothing. */
function inventReviews(): ReleasedReviews {
  const random = mulberry32(3)
  const words = ['probe', 'sparse', 'kernel', 'graph', 'token', 'label', 'noise', 'shift', 'layer', 'batch']
  const samples = Array.from({ length: 90 }, (_, index) => {
    const drawn = Array.from({ length: 40 }, () => words[Math.floor(random() * words.length)] ?? '')
    const isBold = random() < 0.5
    const mark = isBold ? 8 : 6
    const chance = 6 + Math.floor(random() * 3)
    return {
      task: `task-${Math.floor(index / 3)}`,
      model: `model-${index % 3}`,
      sha256: String(index),
      fileSha256: String(index),
      features: readFeatures([...drawn, ...(isBold ? ['boldly', 'boldly'] : [])].join(' '), 'a task about kernels'),
      scores: [
        [mark, mark + (random() < 0.5 ? 1 : 0)],
        [chance, 6 + Math.floor(random() * 3)],
      ] as const,
    }
  })
  return { dimensions: ['told', 'untold'], samples }
}

test('training finds what the words tell, finds nothing where they tell nothing, and gives the same weights again', () => {
  const training = { seed: 1, folds: 3, onProgress: () => {} }
  const { weights } = trainRubric(inventReviews(), training)
  const [told, untold] = weights.dimensions.map(({ accuracy }) => accuracy)
  expect(told?.newTasks.spearman).toBeGreaterThan(0.7)
  expect(told?.newModels.spearman).toBeGreaterThan(0.7)
  expect(Math.abs(untold?.newTasks.spearman ?? 1)).toBeLessThan(0.35)
  expect(trainRubric(inventReviews(), training).weights).toEqual(weights)
})

describe.skipIf(!existsSync(join(shared, 'tools/release')))('the release the weights were trained on', () => {
  test('gives the shipped weights their stated fit, and is the one they state', async () => {
    const release = execFileSync(join(shared, 'tools/release'), { encoding: 'utf8' }).trim()
    const weights = loadWeights()
    const hashes: string[] = []
    const wasTrainedOn = openHashes(weights.trainedOn.texts)
    expect(wasTrainedOn('0'.repeat(64))).toBe(false)
    for (const id of ['idea', 'proposal'] as const) {
      const { samples } = await readReleasedReviews(release, id)
      hashes.push(hashSamples(samples))
      expect(samples.every(({ sha256, fileSha256 }) => wasTrainedOn(sha256) && wasTrainedOn(fileSha256))).toBe(true)
      const model = decodeModel(weights.rubrics[id])
      const predicted = samples.map(({ features }) => predict(model, features))
      for (const [index, dimension] of weights.rubrics[id].dimensions.entries()) {
        const marks = predicted.map((own) => own.get(dimension.id) ?? Number.NaN)
        const truth = samples.map(({ scores }) => ((scores[index]?.[0] ?? NaN) + (scores[index]?.[1] ?? NaN)) / 2)
        expect(spearman(marks, truth), `${id} ${dimension.id}`).toBeCloseTo(dimension.fittedSpearman, 3)
        expect(dimension.fittedSpearman).toBeGreaterThan(dimension.accuracy.newTasks.spearman)
      }
    }
    expect(hashJson(hashes)).toBe(weights.trainedOn.sha256)
  })
})
