import { expect, test } from 'vitest'
import { extractClaims } from '../../audit/claims/extract-claims.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { mulberry32 } from '../../stats/random.ts'
import { isSameValue } from './fill-in.ts'
import { type ClaimPlantKind, claimPlantKinds } from './plant.ts'
import { plantClaims } from './plant-claims.ts'

const paper = `# A title

## Results

Our method reaches an accuracy of 84.31% on the test set, against 79.25% for the baseline.

| Method | Accuracy | F1 |
|---|---|---|
| ours | 0.8431 | 0.7812 |
| baseline | 0.7925 | 0.7433 |
| ablation | 0.8102 | 0.7561 |

Table 1: Results on the test set.
`

const subject: AuditSubject = {
  name: 'sample',
  documents: [{ path: 'results/paper.md', text: paper }],
  plans: [{ path: 'proposal.md', text: 'We expect 0.7433.\n' }],
  files: [
    {
      path: 'results/scores.json',
      text: '{"ours": {"accuracy": 0.84309, "f1": 0.7812}, "baseline": {"f1": 0.74331}}\n',
    },
    { path: 'run.py', text: 'threshold = 0.7812\n' },
  ],
  events: [
    {
      type: 'command-executed',
      stage: 'experiment',
      attempt: 1,
      step: 1,
      command: 'python run.py',
      exitCode: 0,
      exceededLimit: null,
      durationMs: null,
      output: 'f1 0.7812 accuracy 84.309',
      outputBytes: null,
      outputTruncated: false,
    },
  ],
  record: 'transcript',
  date: null,
  leftOut: [],
  notes: [],
}

const plant = (kind: ClaimPlantKind, { together = 1, count = 20, seed = 5 } = {}) =>
  plantClaims(subject, { kind, count, together, random: mulberry32(seed) })
const changes = (kind: ClaimPlantKind) =>
  plant(kind).flatMap(({ plants }) => plants.map(({ before, after }) => [Number(before), Number(after)] as const))

test('changes numbers by as much as the kind says, and always visibly', () => {
  for (const [before, after] of changes('fabricate')) {
    const share = Math.abs(after - before) / before
    expect(share).toBeGreaterThanOrEqual(0.0499)
    expect(share).toBeLessThanOrEqual(0.501)
  }
  for (const [before, after] of changes('nudge')) {
    const share = Math.abs(after - before) / before
    expect(share).toBeGreaterThanOrEqual(0.00499)
    expect(share).toBeLessThanOrEqual(0.0301)
  }
  for (const kind of ['fabricate', 'nudge'] as const) {
    expect(changes(kind).length).toBe(20)
    expect(new Set(changes(kind).map(([before]) => before)).size).toBe(8)
  }
})

test('changes one digit, and never the first into 0', () => {
  const written = plant('digit').flatMap(({ plants }) => plants)
  expect(written.length).toBe(20)
  for (const { before, after } of written) {
    expect(after.length).toBe(before.length)
    expect(before.split('').filter((digit, place) => digit !== after[place]).length).toBe(1)
    expect(after.replace(/^0\./, '')).not.toMatch(/^0/)
  }
})

test('swaps two different cells of one column', () => {
  const copies = plant('swap')
  expect(copies.length).toBe(2)
  for (const { subject: planted, plants } of copies) {
    const [swap] = plants
    const [first = '', second = ''] = swap?.before.split(' | ') ?? []
    expect(swap?.after).toBe(`${second} | ${first}`)
    const text = planted.documents[0]?.text ?? ''
    expect(swap?.starts.map((start) => text.slice(start, start + 6))).toEqual([second, first])
  }
})

test('names the exact place of every change, with several in a copy, and changes nothing else', () => {
  for (const kind of claimPlantKinds)
    for (const { subject: planted, plants } of plant(kind, { together: 5 })) {
      let text = planted.documents[0]?.text ?? ''
      const lines = text.split('\n')
      for (const { starts, before, after, line, lastLine } of plants) {
        const [olds, news] = [before.split(' | '), after.split(' | ')]
        for (const [index, start] of starts.entries()) {
          const own = news[index] ?? ''
          expect(text.slice(start, start + own.length)).toBe(own)
          expect(lines.slice(line - 1, lastLine).join('\n')).toContain(own)
          // all numbers of this paper keep their length, so that places hold while they are put back
          text = `${text.slice(0, start)}${olds[index]}${text.slice(start + own.length)}`
        }
      }
      expect(text).toBe(paper)
    }
})

test('changed numbers are still informative results', () => {
  for (const kind of ['fabricate', 'nudge', 'digit'] as const)
    for (const { subject: planted, plants } of plant(kind)) {
      const document = planted.documents[0] ?? { path: '', text: '' }
      const claim = extractClaims(document, 0).claims.find(({ start }) => start === plants[0]?.starts[0])
      expect(claim).toMatchObject({ role: 'result', informative: true })
    }
})

test('never two changes of one table in a copy', () => {
  for (const { plants } of plant('fabricate', { together: 5 }))
    expect(plants.filter(({ line }) => line > 6).length).toBeLessThanOrEqual(1)
})

test('fills in: the evidence loses the value in data and outputs, the paper, the plan and code keep it', () => {
  const copies = plant('nan-fill')
  expect(new Set(copies.map(({ plants }) => plants[0]?.before))).toEqual(new Set(['0.7433', '0.7812', '0.8431']))
  const copy = copies.find(({ plants }) => plants[0]?.before === '0.7812')
  expect(copy?.subject.documents[0]?.text).toBe(paper)
  expect(copy?.subject.files.map(({ text }) => text)).toEqual([
    '{"ours": {"accuracy": 0.84309, "f1": NaN}, "baseline": {"f1": 0.74331}}\n',
    'threshold = 0.7812\n',
  ])
  expect(copy?.subject.events[0]).toMatchObject({ output: 'f1 nan accuracy 84.309' })
  expect(copy?.subject.plans).toBe(subject.plans)
  const percent = copies.find(({ plants }) => plants[0]?.before === '0.8431')
  expect(percent?.subject.events[0]).toMatchObject({ output: 'f1 0.7812 accuracy nan' })
})

test('knows a value by rounding, as a share and as percent', () => {
  const claim = { value: 84.3, decimals: 1 }
  expect(isSameValue('0.843', { value: 0.843, decimals: 4 })).toBe(true)
  expect(['0.8431', '84.3', '84.2501', '84.3499'].map((own) => isSameValue(own, claim))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(['84', '0.84', '84.36', '8.43'].map((own) => isSameValue(own, claim))).toEqual([false, false, false, false])
})

test('the same seed plants the same, and honest work stays as it was', () => {
  expect(plant('fabricate', { seed: 9 })).toEqual(plant('fabricate', { seed: 9 }))
  expect(plant('fabricate', { seed: 9 })).not.toEqual(plant('fabricate', { seed: 10 }))
  expect(subject.documents[0]?.text).toBe(paper)
})
