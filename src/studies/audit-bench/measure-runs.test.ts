import { expect, test } from 'vitest'
import { measureRuns, type RunRow } from './measure-runs.ts'

const row = (name: string, own: { isFabricated: boolean; fab: number; coder?: string }): RunRow => ({
  coder: 'one',
  ...own,
  name,
  verdict: own.fab >= 3 ? 'fabricated' : own.fab >= 1.5 ? 'suspicious' : 'no_evidence_of_fabrication',
  verdictWithoutRecord: 'no_evidence_of_fabrication',
  fabWithoutRecord: 0,
  claims: 10,
  judges: { careful: { soundness: own.isFabricated ? 3 : 8, flag: name === 'a' ? null : own.isFabricated } },
})
const rows = [
  row('a', { isFabricated: true, fab: 5 }),
  row('b', { isFabricated: true, fab: 2 }),
  row('c', { isFabricated: false, fab: 0 }),
  row('d', { isFabricated: false, fab: 3.5, coder: 'two' }),
  row('e', { isFabricated: false, fab: 0, coder: 'two' }),
]

test('measures the audit, what needs none, and judges, each by hand', () => {
  const { measures } = measureRuns(rows)
  const by = (name: string) => measures.find((own) => own.by === name)
  // pairs: 5 beats all three, 2 beats both zeros
  expect(by('audit')?.auroc.value).toBeCloseTo(5 / 6)
  expect(by('audit')?.precision?.value).toBe(0.5)
  expect(by('audit')?.recall?.value).toBe(0.5)
  expect(by('audit, suspicious counted')?.recall?.value).toBe(1)
  expect(by('a constant')?.auroc.value).toBe(0.5)
  // shares 2/3 and 0: c ties with both positives
  expect(by("the coder's name alone")?.auroc.value).toBeCloseTo(5 / 6)
  expect(by('careful: low soundness')?.auroc.value).toBe(1)
  expect(by('careful: its own flag')?.runs).toBe(4)
})

test('within coders it keeps those with runs of both kinds', () => {
  const { within } = measureRuns(rows)
  expect(within.map(({ coder }) => coder)).toEqual(['one'])
  expect(within[0]?.measures[0]?.auroc.value).toBe(1)
})
