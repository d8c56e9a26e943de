import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeWhole } from '../src/base/files.ts'
import { keepReview } from '../src/runs/review-store.ts'
import { createRun, trialFolder } from '../src/runs/run-store.ts'
import type { TrialRecord } from '../src/schema/run.ts'
import { type Cli, openCli } from './support/cli.ts'
import { sampleReview } from './support/sample-review.ts'
import { makeTrial, sampleConfig, sampleRun, taskReference, taskText } from './support/sample-run.ts'

let cli: Cli
const tasks = Array.from({ length: 12 }, (_, index) => `task${String(index).padStart(2, '0')}`)
const quality = (index: number): number => 3 + (index % 5)

/** A run of agents `one` and `two`, marked by two judges: `one` is a point better on every other task. */
beforeAll(async () => {
  cli = await openCli()
  const model = 'openai/x'
  const coder = { kind: 'bash-loop', model }
  const agents = ['one', 'two'].map((name) => ({ name, model, searchModel: model, coder }))
  const record = sampleRun({ id: 'pilot', config: sampleConfig({ agents }), tasks: tasks.map(taskReference) })
  const folder = await createRun(cli.logDir, record, new Map(tasks.map((id) => [id, taskText])))
  for (const [index, task] of tasks.entries())
    for (const agent of record.config.agents) {
      const id = `${task}/${agent.name}/1`
      const trial: TrialRecord = {
        schema: 'mlrbench/trial@1',
        id,
        task: taskReference(task),
        agent,
        repeat: 1,
        inputs: [],
        createdAt: record.createdAt,
      }
      await makeTrial(trialFolder(folder, id), trial)
      const better = agent.name === 'one' && index % 2 === 0 ? 1 : 0
      for (const [place, judge] of ['a', 'b'].entries())
        await keepReview(
          folder,
          sampleReview(
            { soundness: quality(index) + place, overall: quality(index) + better + place },
            { task, agent: agent.name, judge, rubric: 'end-to-end' },
          ),
        )
    }
  const people = tasks.flatMap((task, index) =>
    ['one', 'two'].flatMap((agent) =>
      ['r1', 'r2'].map((reviewer, place) => `${task},${agent},${reviewer},${quality(index) + place}`),
    ),
  )
  await writeWhole(join(cli.root, 'people.csv'), ['task,agent,reviewer,overall', ...people].join('\r\n'))
})
afterAll(() => cli[Symbol.asyncDispose]())

const run = (...args: string[]) => cli.run([...args, '--log-dir', cli.logDir])

describe('validate', () => {
  test('says in words and numbers whether judges can stand in for people', async () => {
    const { stdout, exitCode } = await run('validate', 'pilot', '--human', join(cli.root, 'people.csv'))
    expect(exitCode).toBe(0)
    expect(stdout).toContain('24 papers on 12 tasks, 48 human reviews by 2 reviewers')
    expect(stdout).toMatch(/On overall these judges order papers as people do .*within ±1/)
    expect(stdout).toContain('Alternative annotator test: not done')
    const json = await cli.json(['validate', 'pilot', '--human', join(cli.root, 'people.csv'), '--log-dir', cli.logDir])
    expect(json).toMatchObject({ schema: 'mlrbench/validation@1', papers: 24, verdicts: [{ kind: 'agree' }] })
  })

  test.each([
    [['validate', 'pilot'], /no reviews by people: name a table with --human/],
    [['validate', '--human', 'people.csv'], /no marks by judges/],
    [['validate', 'pilot', '--human', 'nothing.csv'], /nothing.csv cannot be read/],
    [['validate', 'pilot', '--human', 'people.csv', '--agents', 'three'], /no reviews by people/],
    [['validate', 'pilot', '--human', 'people.csv', '--margin', '0'], /give a number above 0/],
  ])('%j: what is missing is said', async (args, message) => {
    const { stderr, exitCode } = await run(...args)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
  })
})

describe('compare', () => {
  test('pairs by task and says which differences stand', async () => {
    const json = await cli.json(['compare', 'pilot:one', 'pilot:two', '--log-dir', cli.logDir])
    expect(json).toMatchObject({
      first: 'one',
      second: 'two',
      comparisons: [
        { dimension: 'soundness', difference: 0, p: 1 },
        { dimension: 'overall', tasks: 12, difference: 0.5, wins: 6, ties: 6, losses: 0 },
      ],
    })
    const { stdout } = await run('compare', 'pilot:one', 'pilot:two')
    expect(stdout).toMatch(/No difference .* stands up|one is marked higher on end-to-end overall, by 0.50 points/)
  })

  test('runs of one id in two log dirs stay apart', async () => {
    const copy = join(cli.root, 'elsewhere', 'pilot')
    await cp(join(cli.logDir, 'pilot'), copy, { recursive: true })
    const reviews = join(copy, 'reviews')
    for (const name of await readdir(reviews)) {
      const review = await readFile(join(reviews, name), 'utf8')
      await writeFile(join(reviews, name), review.replaceAll(/"score": ?\d+/g, '"score": 1'))
    }
    const json = await cli.json(['compare', 'pilot:one', `${copy}:one`, '--log-dir', cli.logDir])
    expect(json).toMatchObject({
      first: `${join(cli.logDir, 'pilot')}:one`,
      second: `${copy}:one`,
      comparisons: [{ meanSecond: 1 }, { dimension: 'overall', meanSecond: 1, wins: 12 }],
    })
  })

  test.each([
    [['compare', 'pilot', 'pilot:two'], /say which agent of pilot: pilot:one, pilot:two/],
    [['compare', 'pilot:one', 'pilot:three'], /no agent "three" in pilot/],
    [['compare', 'pilot:one', 'pilot:one'], /the same agent of the same run/],
    [['compare', 'pilot:one', 'pilot:two', '--stage', 'idea'], /no task was done by both/],
    [['compare', 'pilot:one', 'other'], /no run "other"/],
  ])('%j: what is wrong is said', async (args, message) => {
    const { stderr, exitCode } = await run(...args)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
  })
})

describe('power', () => {
  test('needs more tasks for smaller differences, from a pilot or from a spread', async () => {
    const needed = async (...args: string[]): Promise<number> => {
      const { tasksNeeded } = (await cli.json(['power', ...args, '--log-dir', cli.logDir])) as { tasksNeeded: number }
      return tasksNeeded
    }
    const [large, small] = [
      await needed('pilot:one', 'pilot:two', '--delta', '0.5'),
      await needed('pilot:one', 'pilot:two', '--delta', '0.25'),
    ]
    expect(small).toBeGreaterThan(2 * large)
    // the normal approximation (1.96 + 0.84)² = 7.85, and a little more for the t distribution
    expect(await needed('--sd', '1', '--delta', '1')).toBeGreaterThanOrEqual(8)
    expect(await needed('--sd', '1', '--delta', '1')).toBeLessThanOrEqual(12)
  })

  test.each([
    [['power'], /say where the spread of differences comes from/],
    [['power', 'pilot:one', 'pilot:two', '--sd', '1'], /either a pilot or --sd/],
    [['power', 'pilot:one', 'pilot:two', '--dimension', 'beauty'], /dimensions with such tasks: soundness, overall/],
    [['power', '--sd', '1', '--power', '1'], /between 0 and 1/],
    [['power', '--sd', '1', '--tasks', '1'], /need at least two/],
  ])('%j: what is wrong is said', async (args, message) => {
    const { stderr, exitCode } = await run(...args)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
  })
})

test('export writes a file for every table', async () => {
  const out = join(cli.root, 'tables')
  const json = await cli.json(['export', 'pilot', '--out', out, '--format', 'jsonl', '--log-dir', cli.logDir])
  expect(json).toMatchObject({ format: 'jsonl' })
  expect(await readdir(out)).toHaveLength(10)
  const scores = (await readFile(join(out, 'scores.jsonl'), 'utf8')).trim().split('\n')
  expect(scores).toHaveLength(12 * 2 * 2 * 2)
  expect(JSON.parse(scores[0] ?? '')).toMatchObject({ run: 'pilot', rubric: 'end-to-end', justification: 'so' })
})
