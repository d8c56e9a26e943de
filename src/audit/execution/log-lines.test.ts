import { expect, it } from 'vitest'
import { isLog, readLog } from './log-lines.ts'

it.each(['log.txt', 'results/experiment_log.txt', 'run.log', 'a/stdout.txt', 'nohup.out', 'training-log', 'train.err'])(
  'takes %s for a log by its name',
  (path) => {
    expect(isLog({ path, text: '' })).toBe(true)
  },
)

it.each(['changelog.md', 'results.md', 'catalog.txt', 'logistic.csv', 'requirements.txt', 'logger.py', 'notes.txt'])(
  'does not take %s for one',
  (path) => {
    expect(isLog({ path, text: 'numpy 1.26\nscipy 1.11\n' })).toBe(false)
  },
)

it('takes a text of dated lines for a log', () => {
  const text = '2025-03-02 10:00:00 a\n2025-03-02 10:00:01 b\n2025-03-02 10:00:02 c\n'
  expect(isLog({ path: 'trace.txt', text })).toBe(true)
})

it.each([
  ['2025-03-02 10:00:01,250 - trainer - INFO - loss 0.5', '2025-03-02 10:00:01,250', 'loss 0.5'],
  ['[2025-03-02T10:00:01] loss 0.5', '[2025-03-02T10:00:01', 'loss 0.5'],
  ['2025-03-02 10:00:01 [ERROR] no file', '2025-03-02 10:00:01', 'no file'],
  ['10:00:01 loss 0.5', null, 'loss 0.5'],
  ['loss 0.5', null, 'loss 0.5'],
])('reads "%s"', (line, stamp, message) => {
  expect(readLog(line)).toMatchObject([{ line: 1, stamp, message }])
})

it('counts lines that end in a lone CR, and bears what is no date', () => {
  expect(readLog('a 1\rb 2\r\nc 3').map(({ line, message }) => [line, message])).toEqual([
    [1, 'a 1'],
    [2, 'b 2'],
    [3, 'c 3'],
  ])
  expect(readLog(`2025-99-99 99:99:99 x\n${'9'.repeat(1_000_000)}`)).toHaveLength(2)
})
