import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { noSuccessfulRun } from './no-successful-run.ts'
import { type MadeUpAct, sessionOf } from '../../../test/support/session-of.ts'

const paper =
  '# A title\n\n## Results\n\n| Method | Accuracy | F1 |\n|---|---|---|\n| Plain | 0.713 | 0.688 |\n| Pruned | 0.764 | 0.741 |\n'
const files = {
  'train.py': 'print(1)\n',
  'plot_figures.py': 'print(2)\n',
  'simulate_scores.py': 'print(3)\n',
}
const find = async (acts: readonly MadeUpAct[], text = paper) =>
  noSuccessfulRun.find(await factsOf({ 'paper.md': text, ...files }, sessionOf(acts)))
const crash: MadeUpAct = {
  ran: 'python train.py',
  output: 'Traceback (most recent call last):\nKeyError: 0',
  exitCode: 1,
}
const good: MadeUpAct = { ran: 'python train.py', output: 'accuracy 0.713' }
const typed: MadeUpAct = { typed: 'results.md', text: '0.713' }

it.each<[string, MadeUpAct[], string]>([
  ['every run failed', [crash, crash, typed], '2 runs failed'],
  ['nothing was run', [{ ran: 'ls', output: '' }, typed], 'no program was run'],
  ['only drawings ended well', [crash, { ran: 'python plot_figures.py', output: 'saved' }, typed], '1 runs failed'],
  ['only a stand-in ended well', [crash, { ran: 'python simulate_scores.py', output: 'saved' }, typed], 'stand-ins'],
])('finds results where %s', async (_, acts, why) => {
  const found = await find(acts)
  expect(found).toMatchObject([{ severity: 'critical', points: 2 }])
  expect(found[0]?.message).toContain(why)
})

it.each<[string, MadeUpAct[]]>([
  ['a run succeeded after failures', [crash, good, typed]],
  ['a run was left in the background', [{ ran: 'nohup python train.py > log.txt 2>&1 &', output: '' }, typed]],
])('says nothing where %s', async (_, acts) => {
  expect(await find(acts)).toEqual([])
})

it('says nothing of work without results, or without a record', async () => {
  expect(await find([crash], '# A title\n\n## Results\nNothing could be measured.\n')).toEqual([])
  expect(noSuccessfulRun.find(await factsOf({ 'paper.md': paper, ...files }))).toEqual([])
})

const report =
  '# Results\n\n| Method | Accuracy | F1 |\n|---|---|---|\n| Plain | 0.713 | 0.688 |\n| Pruned | 0.764 | 0.741 |\n'
const findReport = async (acts: readonly MadeUpAct[]) =>
  noSuccessfulRun.find(await factsOf({ 'results.md': report, ...files }, sessionOf(acts)))

it('finds a report that was typed before the first run succeeded', async () => {
  const write: MadeUpAct = { typed: 'results.md', text: report }
  expect(await findReport([crash, write, { ran: 'python train.py', output: 'saved to out/' }])).toMatchObject([
    { severity: 'critical', points: 2, evidence: [{ step: 2 }, { step: 3 }] },
  ])
  expect(
    await findReport([crash, { ran: 'python train.py', output: 'plain 0.7132 0.6879 pruned 0.7641 0.7412' }, write]),
  ).toEqual([])
})

it.each<[string, string]>([
  ['a runner whose script cannot be seen', 'torchrun --nproc 2 -m pkg.train'],
  ['inline code that does the work', `python - <<'EOF'\nfrom train import main\nmain(seeds=5)\nEOF`],
])('says nothing of %s', async (_, ran) => {
  expect(await find([crash, { ran, output: 'accuracy 0.713' }, typed])).toEqual([])
})

it('takes a folder that is moved for no program', async () => {
  expect(await find([crash, { ran: 'mv out ./results && ls' }, typed])).toHaveLength(1)
  expect(await find([crash, { ran: 'cd out; ./train.sh all', output: 'accuracy 0.713' }, typed])).toEqual([])
})

it('says nothing where the only program is called a report, and printed results', async () => {
  const run = { ran: 'python report.py', output: 'plain 0.7132 0.6879\npruned 0.7641 0.7412' }
  const facts = async (acts: readonly MadeUpAct[]) =>
    noSuccessfulRun.find(await factsOf({ 'paper.md': paper, 'report.py': 'print(1)\n' }, sessionOf(acts)))
  expect(await facts([run])).toEqual([])
  expect(await facts([{ ...run, output: 'saved' }])).toHaveLength(1)
  expect(await facts([{ ...run, exitCode: 1 }])).toHaveLength(1)
})
