import { expect, test } from 'vitest'
import { assignmentFrom, hasRun, metricsFrom, prepare, writeFiles } from './experiment-steps.ts'

const readTask =
  'exit code: 0\nidea.md\ntask.md\n=== task.md\n# Calibration\n\nCalibrated, calibrated, calibration.\n\n=== end of task.md\n'
const written = ['', '', '']

test('the task is what stands between its marks, whatever the harness puts around it', () => {
  expect(assignmentFrom([readTask]).taskTitle).toBe('Calibration')
  expect(assignmentFrom(['cat: task.md: No such file or directory']).taskTitle).toBe('untitled task')
})

test.each([
  ['# Shrinking the Temperature: Calibration When Labels Are Scarce', 'There are no departures from the proposal.'],
  ['# Something Else Entirely', 'The proposal describes another experiment'],
])('a workspace whose proposal is %j makes the study say: %s', (title, departure) => {
  const proposal = `exit code: 0\n${title}\n\ntext\n\n=== idea.md\n# Shrinking the Temperature: Calibration When Labels Are Scarce\n`
  expect(prepare([readTask, proposal, ...written], null)?.command).toContain(departure)
})

test('preparation ends once the experiment is written', () => {
  expect(prepare([readTask, '', ...written, ''], null)).toBeNull()
})

test('a run counts as complete only by a line of its own at the end', () => {
  expect(hasRun('exit code: 0\nseed 1\nrun.sh finished\n')).toBe(true)
  expect(hasRun('bash: run.sh finished early')).toBe(false)
})

test('metrics whose end was cut off are not there', () => {
  expect(metricsFrom('=== metrics.json\n{}\n=== end of metrics.json\n')).toBe('{}')
  expect(metricsFrom('=== metrics.json\n{')).toBeNull()
})

test('a file is written as it is, without the shell reading it', () => {
  expect(writeFiles({ 'a.txt': '$HOME `x` \\n' })).toBe(
    "set -e\ncat > a.txt <<'END_OF_FILE'\n$HOME `x` \\n\nEND_OF_FILE",
  )
})
