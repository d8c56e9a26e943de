import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/power.json' with { type: 'json' }
import { minimumDetectableEffect, simulatePower, tasksNeeded } from './power.ts'
import { mulberry32 } from './random.ts'

const normal = { kind: 'normal', standardDeviation: 1 } as const

test('simulated power of normal differences is that of the t-test', () => {
  for (const { effect, at } of golden.cases) {
    for (const { tasks, power } of at) {
      const simulated = simulatePower(normal, { tasks, delta: effect })
      const error = Math.sqrt((power * (1 - power)) / 4000)
      expect(Math.abs((simulated?.power ?? 0) - power)).toBeLessThan(3.5 * error + 1e-9)
    }
  }
})

test('tasks needed and detectable effects are those of the t-test within the error of simulation', () => {
  for (const { effect, tasksNeeded: analytic } of golden.cases) {
    const tasks = tasksNeeded(normal, { delta: effect }) ?? 0
    expect(Math.abs(tasks - analytic)).toBeLessThanOrEqual(Math.max(1, 0.06 * analytic))
  }
  for (const { tasks, effect } of golden.detectable) {
    expect(Math.abs((minimumDetectableEffect(normal, { tasks }) ?? 0) / effect - 1)).toBeLessThan(0.04)
  }
})

const random = mulberry32(8)
const clusters = Array.from({ length: 12 }, () => [Math.floor(random() * 7) - 2, Math.floor(random() * 7) - 2])
const observed = { kind: 'observed', clusters } as const

test('observed differences are used for their spread between tasks, whatever their mean', () => {
  const moved = { kind: 'observed', clusters: clusters.map((cluster) => cluster.map((value) => value + 4)) } as const
  const options = { tasks: 20, delta: 1 }
  const power = simulatePower(observed, options)?.power ?? 0
  expect(simulatePower(moved, options)?.power).toBeCloseTo(power, 2)
  const means = clusters.map(([a = 0, b = 0]) => (a + b) / 2)
  const centre = means.reduce((sum, value) => sum + value, 0) / means.length
  const standardDeviation = Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (means.length - 1))
  const asNormal = simulatePower({ kind: 'normal', standardDeviation }, options)?.power ?? 0
  expect(Math.abs(power - asNormal)).toBeLessThan(0.05)
})

test('power never falls as the difference grows, and grows with the tasks', () => {
  const over = (points: readonly { readonly tasks: number; readonly delta: number }[]) =>
    points.map((point) => simulatePower(observed, { ...point, simulations: 1000 })?.power ?? -1)
  for (const powers of [
    over([0, 0.2, 0.5, 1, 1.5, 3].map((delta) => ({ tasks: 15, delta }))),
    over([4, 8, 16, 32, 64].map((tasks) => ({ tasks, delta: 0.8 }))),
  ]) {
    expect(powers).toEqual(powers.toSorted((a, b) => a - b))
  }
})

test('the smallest detectable effect is found with just the power asked for', () => {
  const delta = minimumDetectableEffect(observed, { tasks: 20, power: 0.9 }) ?? 0
  expect(simulatePower(observed, { tasks: 20, delta })?.power).toBeCloseTo(0.9, 2)
  expect(simulatePower(observed, { tasks: 20, delta: delta * 0.98 })?.power).toBeLessThan(0.9)
})

test('the tasks needed suffice and one fewer does not', () => {
  const tasks = tasksNeeded(observed, { delta: 1 }) ?? 0
  expect(simulatePower(observed, { tasks, delta: 1 })?.power).toBeGreaterThanOrEqual(0.8)
  expect(simulatePower(observed, { tasks: tasks - 1, delta: 1 })?.power).toBeLessThan(0.8)
  expect(tasksNeeded(observed, { delta: 1 })).toBe(tasks)
  expect(tasksNeeded(observed, { delta: 1, maximumTasks: tasks - 1 })).toBeNull()
})

test('a source without spread has no power, effect or number of tasks', () => {
  const sources = [
    { kind: 'observed', clusters: [] },
    { kind: 'observed', clusters: [[1, 2], []] },
    { kind: 'observed', clusters: [[1], [1]] },
    { kind: 'normal', standardDeviation: 0 },
  ] as const
  for (const source of sources) {
    expect(simulatePower(source, { tasks: 10, delta: 1 })).toBeNull()
    expect(minimumDetectableEffect(source, { tasks: 10 })).toBeNull()
    expect(tasksNeeded(source, { delta: 1 })).toBeNull()
  }
})

test('a study of one task, a negative difference and a power of 1 are refused', () => {
  expect(() => simulatePower(normal, { tasks: 1, delta: 1 })).toThrow(/two tasks/)
  expect(() => simulatePower(normal, { tasks: 10, delta: -1 })).toThrow(RangeError)
  expect(() => tasksNeeded(normal, { delta: 0 })).toThrow(RangeError)
  expect(() => minimumDetectableEffect(normal, { tasks: 10, power: 1 })).toThrow(RangeError)
})
