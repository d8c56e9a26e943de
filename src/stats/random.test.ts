import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/random.json' with { type: 'json' }
import { drawClusters, timesDrawn } from './draws.ts'
import { mulberry32 } from './random.ts'

test('a seed gives the sequence of the reference, number for number', () => {
  for (const { seed, values } of golden.sequences) {
    const random = mulberry32(seed)
    expect(values.map(() => random())).toEqual(values)
  }
})

test('draws follow the generator, which begins anew for every number of clusters', () => {
  const { clusters, resamples, seed, values } = golden.draws
  drawClusters(5, { resamples, seed })
  expect([...drawClusters(clusters, { resamples, seed })]).toEqual(values.flat())
})

test('what is kept between calls is what would be drawn again', () => {
  const first = [...drawClusters(4, { resamples: 30, seed: 1 })]
  for (let seed = 2; seed < 30; seed += 1) expect([...drawClusters(4, { resamples: 30, seed })]).not.toEqual(first)
  expect([...drawClusters(4, { resamples: 30, seed: 1 })]).toEqual(first)
})

test('the times each cluster is drawn count the draws', () => {
  const draws = drawClusters(6, { resamples: 40, seed: 3 })
  const times = timesDrawn(draws, 6)
  const counted = Array.from({ length: 40 }, (_, resample) => {
    const drawn = [...draws.subarray(resample * 6, resample * 6 + 6)]
    return Array.from({ length: 6 }, (__, cluster) => drawn.filter((place) => place === cluster).length)
  })
  expect([...times]).toEqual(counted.flat())
})

test('a number of resamples that is none is refused', () => {
  expect(() => drawClusters(3, { resamples: 0, seed: 1 })).toThrow('positive whole number, not 0')
  expect(() => drawClusters(3, { resamples: 1.5, seed: 1 })).toThrow(RangeError)
})
