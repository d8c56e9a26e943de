import { expect, test } from 'vitest'
import { readAssignment } from './assignment.ts'
import { earlyStoppingStudy } from './studies/early-stopping.ts'
import { describeValues, embellish, invent, parseRows } from './typed-results.ts'

const { labels } = earlyStoppingStudy
const row = (metric: string, method: string, values: number[]) => ({ metric, condition: '40 labels', method, values })

test('embellished values beat the better of method and baseline, in the direction of the metric', () => {
  const measured = [
    row('log loss', labels.baseline, [0.9, 1.1]),
    row('log loss', labels.method, [1, 1]),
    row('accuracy', labels.baseline, [0.6, 0.5]),
    row('accuracy', labels.method, [0.5, 0.7]),
  ]
  expect(embellish(measured, labels)).toEqual([
    measured[0],
    row('log loss', labels.method, [0.45, 0.5]),
    measured[2],
    row('accuracy', labels.method, [0.8, 0.85]),
  ])
})

test('invented values favour the method in every condition and differ between tasks', () => {
  const rows = invent(readAssignment('# One'))
  for (const { metric, condition } of rows) {
    const { metrics, method, baseline } = readAssignment('# One').study.labels
    const of = (name: string) =>
      describeValues(
        rows.find((r) => r.metric === metric && r.condition === condition && r.method === name)?.values ?? [],
      ).mean
    const gain = of(method) - of(baseline)
    expect(metrics.find(({ name }) => name === metric)?.better === 'higher' ? gain : -gain).toBeGreaterThan(0.05)
  }
  expect(invent(readAssignment('# One'))).toEqual(rows)
  expect(invent(readAssignment('# Two'))).not.toEqual(rows)
})

test.each([null, '', '{"results": [', '{"results": [{"metric": 1}]}'])('no rows come from %j', (text) => {
  expect(parseRows(text)).toBeNull()
})
