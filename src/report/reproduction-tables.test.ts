import { expect, test } from 'vitest'
import type { Reproduction } from '../schema/audit.ts'
import { describeReproduction, reproductionTables } from './reproduction-tables.ts'
import { renderText } from './table.ts'

const record: Reproduction = {
  schema: 'mlrbench/reproduction@1',
  id: 'r',
  subject: 'run:task/agent/1',
  createdAt: '2026-01-02T03:04:05.000Z',
  commands: ['bash run.sh'],
  source: 'record',
  sandbox: 'bubblewrap',
  isolated: true,
  network: 'none',
  limits: { memoryBytes: 1, cpus: 1, processes: 1, diskBytes: 1, timeLimitMs: 1 },
  runs: [{ exitCode: 0, exceededLimit: null, durationMs: 2_100 }],
  outcome: 'different',
  reason: '',
  files: [{ path: 'results/metrics.json', exact: 3, withinSpread: 0, different: 1, missing: 1, leftOut: 2, extra: 0 }],
  comparisons: [
    { path: 'results/metrics.json', place: 'old', line: 3, before: 'nan', after: null, outcome: 'missing', spread: 0 },
    {
      path: 'results/metrics.json',
      place: 'ours.acc',
      line: 2,
      before: 0.9134567,
      after: 0.65,
      outcome: 'different',
      spread: 0,
    },
    { path: 'results/metrics.json', place: 'base.acc', line: 4, before: 0.7, after: 0.7, outcome: 'exact', spread: 0 },
  ],
  claims: { traced: 2, reproduced: 1, different: 1 },
  environment: null,
  notes: ['2 values about time or memory were left out'],
}

test('says what was run, how it ended, and what became of the results', () => {
  expect(describeReproduction(record).split('\n')).toEqual([
    'run:task/agent/1: different values',
    'Run again (by the record of the session): bash run.sh',
    'In bubblewrap: exit 0 after 2.1 s',
    'Of 2 results of the documents that were traced to these files, 1 came out again and 1 did not.',
  ])
})

test('values that are not the same stand side by side, the others are counted', () => {
  const [files, values] = reproductionTables(record)
  expect(files?.rows).toEqual([['results/metrics.json', '3', '0', '1', '1', '2', '0']])
  expect(files?.notes).toEqual(record.notes)
  expect(values?.rows).toEqual([
    ['results/metrics.json', 'old', 'nan', null, null, 'missing'],
    ['results/metrics.json', 'ours.acc', '0.913457', '0.65', null, 'different'],
  ])
})

test('where nothing ran, the reason and the notes remain', () => {
  const failed: Reproduction = {
    ...record,
    outcome: 'could-not-run',
    reason: 'no program',
    commands: [],
    runs: [],
    files: [],
    comparisons: [],
    claims: null,
  }
  expect(describeReproduction(failed)).toBe('run:task/agent/1: could not be run again: no program')
  expect(renderText(reproductionTables(failed))).toContain('left out')
})

test('what a command holds does not draw on the terminal', () => {
  const commands = ['echo \u001B[31mred\u0007\nnext']
  expect(describeReproduction({ ...record, commands }).split('\n')[1]).toBe(
    'Run again (by the record of the session): echo red next',
  )
})

test('says how the surroundings differ from those that were recorded', () => {
  const lines = (differences: string[]): string[] =>
    describeReproduction({ ...record, environment: { differences } })
      .split('\n')
      .slice(4)
  expect(lines([])).toEqual(['The surroundings are those that were recorded then.'])
  expect(lines(['Python: 3.11.2 then, 3.13.1 now'])).toEqual([
    'The surroundings differ from those that were recorded then:',
    '  Python: 3.11.2 then, 3.13.1 now',
  ])
})
