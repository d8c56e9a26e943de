import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/random.json' with { type: 'json' }
import { drawClusters, timesDrawn } from './draws.ts'
import { packingFor, takeLowest } from './packed-words.ts'
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

test('the times each cluster is drawn count the draws, however many resamples share a word', () => {
  const drawing = { resamples: 40, seed: 3 }
  const draws = drawClusters(6, drawing)
  const counted = Array.from({ length: 40 }, (_, resample) => {
    const drawn = [...draws.subarray(resample * 6, resample * 6 + 6)]
    return Array.from({ length: 6 }, (__, cluster) => drawn.filter((place) => place === cluster).length)
  })
  for (const packing of [{ base: 2, perWord: 1 }, packingFor(6), packingFor(20_000), packingFor(2 ** 60)]) {
    const words = timesDrawn(6, { ...drawing, ...packing })
    expect(words).toHaveLength(Math.ceil(40 / packing.perWord) * 6)
    const unpacked = counted.map((_, resample) => {
      const from = Math.floor(resample / packing.perWord) * 6
      return Array.from(words.subarray(from, from + 6), (word) =>
        packing.perWord === 1 ? word : Math.floor(word / packing.base ** (resample % packing.perWord)) % packing.base,
      )
    })
    expect(unpacked).toEqual(counted)
  }
})

test('a word holds as many numbers as keep clear of one another in 53 bits', () => {
  expect(packingFor(0)).toEqual({ base: 2, perWord: 53 })
  expect(packingFor(1)).toEqual({ base: 2, perWord: 53 })
  expect(packingFor(1_023)).toEqual({ base: 2 ** 10, perWord: 5 })
  expect(packingFor(1_024)).toEqual({ base: 2 ** 13, perWord: 4 })
  expect(packingFor(2 ** 40).perWord).toBe(1)
  for (const largest of [2, 7, 100, 8_191, 8_192, 100_000]) {
    const { base, perWord } = packingFor(largest)
    expect(base).toBeGreaterThan(largest)
    expect(base ** perWord).toBeLessThanOrEqual(2 ** 53)
  }
})

test('numbers come out of their words lowest first', () => {
  const words = Float64Array.of(5 + 8 * 3 + 64 * 7, 64 * 1)
  const lowest = new Float64Array(2)
  const taken = [0, 1, 2].map(() => {
    takeLowest(words, 8, lowest)
    return [...lowest]
  })
  expect(taken).toEqual([
    [5, 0],
    [3, 0],
    [7, 1],
  ])
})

test('a number of resamples that is none is refused', () => {
  expect(() => drawClusters(3, { resamples: 0, seed: 1 })).toThrow('positive whole number, not 0')
  expect(() => drawClusters(3, { resamples: 1.5, seed: 1 })).toThrow(RangeError)
})
