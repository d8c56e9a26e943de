import { expect, test } from 'vitest'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { mulberry32 } from '../../stats/random.ts'
import { plantLog } from './plant-log.ts'

const subject: AuditSubject = {
  name: 'sample',
  documents: [{ path: 'paper.md', text: '# Title\n' }],
  plans: [],
  files: [
    { path: 'results/log.txt', text: 'epoch 1 loss 0.7\n' },
    { path: 'run.log', text: 'other\n' },
  ],
  events: [
    {
      type: 'command-executed',
      stage: 'experiment',
      attempt: 2,
      step: 4,
      command: 'python run.py',
      exitCode: 0,
      exceededLimit: null,
      durationMs: null,
      output: 'epoch 1 loss 0.7\n',
      outputBytes: null,
      outputTruncated: false,
    },
    { type: 'coder-finished', stage: 'experiment', attempt: 2, ending: 'done', steps: 4, message: '' },
  ],
  record: 'transcript',
  date: null,
  leftOut: [],
  notes: [],
}
const values = [{ label: 'ours | accuracy', text: '0.843' }]

test('replaces the log and types it as the last step', () => {
  const [copy] = plantLog(subject, { count: 1, values, random: mulberry32(1) })
  const log = copy?.subject.files.find(({ path }) => path === 'results/log.txt')?.text ?? ''
  expect(log).toContain('ours | accuracy: 0.843')
  expect(copy?.subject.events.map(({ type }) => type)).toEqual(['command-executed', 'file-written', 'coder-finished'])
  // what a process printed before stays printed
  expect(copy?.subject.events[0]).toEqual(subject.events[0])
  expect(copy?.subject.events[1]).toMatchObject({ step: 5, attempt: 2, path: 'results/log.txt', typed: log })
  expect(copy?.plants).toMatchObject([{ kind: 'forged-log', path: 'results/log.txt', line: 1, step: 5 }])
  expect(subject.files[0]?.text).toBe('epoch 1 loss 0.7\n')
})

test('has times that never go back', () => {
  for (const { subject: planted } of plantLog(subject, { count: 6, values, random: mulberry32(2) })) {
    const times = (planted.files[0]?.text ?? '').split('\n').flatMap((line) => /^\S+ (\S+) - /.exec(line)?.[1] ?? [])
    expect(times.length).toBeGreaterThan(8)
    expect(times).toEqual(times.toSorted())
  }
})

test('makes a log where there is none, and none where nobody recorded who wrote what', () => {
  const [copy] = plantLog({ ...subject, files: [] }, { count: 1, values, random: mulberry32(1) })
  expect(copy?.subject.files.map(({ path }) => path)).toEqual(['results/log.txt'])
  expect(plantLog({ ...subject, record: 'words' }, { count: 3, values, random: mulberry32(1) })).toEqual([])
})
