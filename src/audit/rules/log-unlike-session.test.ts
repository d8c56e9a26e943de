import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { logUnlikeSession } from './log-unlike-session.ts'
import { type MadeUpAct, sessionOf } from '../../../test/support/session-of.ts'

const paper = '# A title\n\n## Results\nAccuracy is 0.713.\n'
const output = [
  '2025-03-02 10:00:01,120 - INFO - Fold 1 of 5 gives accuracy 0.7132',
  '2025-03-02 10:00:03,481 - INFO - Fold 2 of 5 gives accuracy 0.6984',
].join('\n')
const code = 'logging.info(f"Fold {i} of {n} gives accuracy {acc:.4f}")\n'
const find = async (log: string, acts: readonly MadeUpAct[]) =>
  logUnlikeSession.find(await factsOf({ 'paper.md': paper, 'run.py': code, 'results/log.txt': log }, sessionOf(acts)))

it('finds lines whose numbers are not those that the session shows for the same moment', async () => {
  const found = await find(output.replace('0.6984', '0.7984'), [{ ran: 'python run.py', output }])
  expect(found).toMatchObject([{ severity: 'critical', points: 2 }])
  expect(found[0]?.evidence).toMatchObject([
    { path: 'results/log.txt', line: 2 },
    { step: 1, role: 'contradicts' },
  ])
})

it('finds a log that nothing in the session could have printed', async () => {
  const log = [
    'Warming the reactor to 412 degrees',
    'Catalyst batch 3 weighs 12.4 grams',
    'Yield after distilling 88.1 percent',
    'Residue of sample 7 measured 0.31',
    'Pressure valve opened at 2.7 bar',
    'Cooling phase lasted 35 minutes',
  ]
  expect(await find(log.join('\n'), [{ ran: 'python run.py', output }])).toMatchObject([
    { severity: 'major', points: 1 },
  ])
})

it.each<[string, string, MadeUpAct[]]>([
  ['the log that the session shows', output, [{ ran: 'python run.py', output }]],
  [
    'a log of other moments in the words of the code',
    output.replaceAll('10:00', '11:30'),
    [{ ran: 'python run.py', output }],
  ],
  [
    'a log that took all output of a program',
    'alpha beta 1\ngamma delta 2\nepsilon zeta 3\neta theta 4\niota kappa 5\n',
    [{ ran: 'python run.py > results/log.txt 2>&1', output: '' }],
  ],
  [
    'lines that repeat within one moment, of which the session shows fewer',
    `${output}\n${output.split('\n')[1]?.replace('0.6984', '0.7001') ?? ''}`,
    [{ ran: 'python run.py', output }],
  ],
])('says nothing of %s', async (_, log, acts) => {
  expect(await find(log, acts)).toEqual([])
})
