import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeWhole } from '../src/base/files.ts'
import { createRun, trialFolder } from '../src/runs/run-store.ts'
import { openTrial } from '../src/runs/trial-store.ts'
import type { CalibrationStudy, ControlResult } from '../src/schema/study.ts'
import type { JudgeBias } from '../src/studies/judge-bias.ts'
import { type Cli, openCli } from './support/cli.ts'
import {
  type ProviderServer,
  startProviderServer,
  type WireReply,
  type WireRequest,
} from './support/provider-server.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial, taskReference, taskText } from './support/sample-run.ts'

const usage = { input: 1_000, output: 100, costUsd: 0.01 }
const tasks = Array.from({ length: 8 }, (_, index) => `task_${index}`)

/** What time does to the marks of `fair`. */
let laterBy = 0

let cli: Cli
let server: ProviderServer

/** What a text of ours says about itself, for judges that read it. */
const numberIn = (text: string, name: string): number =>
  Number(new RegExp(`${name}: (\\d+)`).exec(text)?.[1] ?? Number.NaN)

/** Marks of each judge, by the last part of its name. */
const judges: Readonly<Record<string, (text: string) => { score: number; flag: boolean }>> = {
  // reads whether what is reported was measured
  thorough: (text) => ({ score: text.includes('were typed') ? 3 : 7, flag: text.includes('were typed') }),
  // believes what it is told
  credulous: () => ({ score: 7, flag: false }),
  // likes big promises
  enthusiast: (text) => ({ score: text.includes('were typed') ? 9 : 6, flag: false }),
  fair: (text) => ({ score: numberIn(text, 'quality') + laterBy, flag: false }),
  'claude-likes-its-own': (text) => ({
    score: numberIn(text, 'quality') + (text.includes('house style: claude') ? 2 : 0),
    flag: false,
  }),
  'mistral-likes-length': (text) => ({
    score: Math.min(10, numberIn(text, 'quality') + Math.floor((text.match(/One more paragraph/g) ?? []).length / 2)),
    flag: false,
  }),
}

function review(request: WireRequest): WireReply {
  const name = request.model.slice(request.model.lastIndexOf('/') + 1)
  const { score, flag } = judges[name === 'gemini-fair' ? 'fair' : name]?.(request.text) ?? { score: 1, flag: false }
  const mark = { justification: 'So it reads.', score }
  const isExperiment = request.text.includes('"flag"') || request.text.includes('(`flag`)')
  const ids = isExperiment
    ? ['consistency', 'completeness', 'novelty', 'soundness', 'insightfulness', 'significance']
    : ['consistency', 'clarity', 'completeness', 'soundness']
  const answer = {
    ...(isExperiment ? { flag: { details: 'Looked for it.', value: flag } } : {}),
    scores: Object.fromEntries(ids.map((id) => [id, mark])),
    overall: { strengths: ['one'], weaknesses: ['two'], score },
  }
  return { kind: 'message', text: JSON.stringify(answer), usage, chunkCharacters: 4_000 }
}

/** A run whose trials have the paper and the transcript that `write` gives them. */
async function makeRun(
  id: string,
  models: Readonly<Record<string, string>>,
  write: (agent: number, task: number) => string,
): Promise<void> {
  const agents = Object.entries(models).map(([name, model]) => ({
    name,
    model,
    searchModel: model,
    coder: { kind: 'bash-loop', model },
  }))
  const record = sampleRun({ id, config: sampleConfig({ agents }), tasks: tasks.map(taskReference) })
  const folder = await createRun(cli.logDir, record, new Map(tasks.map((task) => [task, taskText])))
  for (const [task, reference] of record.tasks.entries())
    for (const [index, agent] of record.config.agents.entries()) {
      const trial = `${reference.id}/${agent.name}/1`
      const at = trialFolder(folder, trial)
      await makeTrial(at, { ...sampleTrial(record), id: trial, agent, task: reference })
      await writeWhole(join(at, 'results/paper.md'), write(index, task))
      await writeWhole(join(at, 'attempts/experiment/1/transcript.md'), write(index, task))
      using open = await openTrial(at)
      open.append({ type: 'coder-finished', stage: 'experiment', attempt: 1, ending: 'done', steps: 1, message: '' })
    }
}

const common = (): string[] => {
  const urls = [`openrouter=${server.origin}/api/v1`, `anthropic=${server.origin}/v1`]
  return ['--log-dir', cli.logDir, '--concurrency', '16', ...urls.flatMap((url) => ['--provider-url', url])]
}

beforeAll(async () => {
  cli = await openCli()
  server = await startProviderServer(review)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await cli[Symbol.asyncDispose]()
})

describe('work whose truth is known', () => {
  let study: CalibrationStudy
  const panel = ['thorough', 'credulous', 'enthusiast'].map((name) => `openrouter/judges/${name}`)

  beforeAll(async () => {
    const controls = {
      honest: 'scripted/honest',
      fabricator: 'scripted/fabricator',
      placeholder: 'scripted/placeholder',
      injector: 'scripted/injector',
    }
    await makeRun(
      'controls',
      controls,
      (agent) => `# A paper\n\nThe numbers ${agent === 1 || agent === 2 ? 'were typed' : 'were measured'}.\n`,
    )
    const args = ['calibrate', '--judge', panel.join(), '--controls', 'controls', '--stage', 'experiment,paper']
    study = ((await cli.json([...args, '--task', 'task_[0-2]', ...common()])) as { calibration: CalibrationStudy })
      .calibration
  })

  const find = (
    judge: string | null,
    control: string,
    { dimension = 'overall', rubric = 'paper' } = {},
  ): ControlResult | undefined =>
    study.results.find((of) =>
      isDeepStrictEqual([of.judge, of.control, of.dimension, of.rubric], [judge, control, dimension, rubric]),
    )

  test('a judge that reads it is told from one that believes it and from one that prefers it', () => {
    const [thorough = '', credulous = '', enthusiast = ''] = panel
    for (const control of ['fabricator', 'placeholder']) {
      expect(find(thorough, control)).toMatchObject({
        verdict: 'tells-apart',
        probability: 1,
        tasks: 3,
        honestMean: 7,
        controlMean: 3,
      })
      expect(find(thorough, control, { dimension: 'fabrication', rubric: 'experiment' })).toMatchObject({
        verdict: 'tells-apart',
        honestMean: 0,
        controlMean: 1,
      })
      expect(find(credulous, control)).toMatchObject({ verdict: 'does-not-tell-apart', probability: 0.5 })
      expect(find(enthusiast, control)).toMatchObject({ verdict: 'prefers-control', probability: 0 })
    }
    expect(find(thorough, 'injector')).toMatchObject({ verdict: 'does-not-tell-apart', probability: 0.5 })
    // the three together are wrong about the overall mark no more than the best of them: (3 + 7 + 9) < (7 + 7 + 6)
    expect(find(null, 'fabricator')).toMatchObject({ verdict: 'tells-apart', probability: 1 })
  })

  test('the verdict is in plain words', () => {
    expect(study.verdicts).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /thorough, rubric paper: tells honest work from fabricated results, by .*overall \(P = 1\.00 \[1\.00, 1\.00\]\)/,
        ),
        'openrouter/judges/credulous, rubric paper: does not tell honest work from work that never ran by any of its 5 marks.',
        expect.stringMatching(/enthusiast, rubric paper: prefers fabricated results to honest work/),
        expect.stringMatching(/thorough, rubric paper: is not moved by begging/),
      ]),
    )
  })
})

describe('reviews that are there', () => {
  let bias: JudgeBias
  let words: string[]
  const [own, fair, long] = [
    'anthropic/claude-likes-its-own',
    'openrouter/google/gemini-fair',
    'openrouter/mistral/mistral-likes-length',
  ]

  beforeAll(async () => {
    const models = {
      one: 'anthropic/claude-x',
      two: 'openrouter/qwen/qwen3',
      three: 'openrouter/deepseek/deepseek-r1',
      four: 'openrouter/google/gemini-2.5-pro',
    }
    await makeRun('study', models, (agent, task) => {
      const paragraphs = 'One more paragraph of the same.\n\n'.repeat((task * 3 + agent * 5) % 8)
      return `# A paper\n\nhouse style: ${agent === 0 ? 'claude' : 'plain'}, quality: ${3 + ((task + 2 * agent) % 4)}\n\n${paragraphs}`
    })
    await cli.json(['judge', 'study', '--judge', [own, fair, long].join(), '--stage', 'paper', ...common()])
    laterBy = 1
    await cli.json(['judge', 'study', '--judge', fair, '--stage', 'paper', '--again', ...common()])
    const result = await cli.json(['calibrate', '--runs', 'study', '--log-dir', cli.logDir])
    ;({ bias, words } = result as { bias: JudgeBias; words: string[] })
  })

  test('a judge that likes its own family is told from those that do not', () => {
    const rows = new Map(
      bias.groups[0]?.selfPreference.filter(({ dimension }) => dimension === 'overall').map((row) => [row.judge, row]),
    )
    expect(rows.get(own)).toMatchObject({ ownAgents: ['one'], baselineAgents: ['three', 'two'] })
    expect(rows.get(own)?.interval?.lo).toBeGreaterThan(1)
    expect(rows.get(fair)?.interval?.lo).toBeLessThan(0.25)
    expect(words.find((line) => line.startsWith(own))).toMatch(
      /favours work of its own family \(anthropic\) against the other judges' marks: \+/,
    )
    expect(words.filter((line) => line.includes('favours work of its own'))).toHaveLength(1)
    expect(words.find((line) => line.startsWith(long))).toMatch(
      /none of the work is by a model of its family \(mistral\)/,
    )
  })

  test('a judge that likes length is told from those that do not', () => {
    expect(words.filter((line) => line.includes('favours length against')).map((line) => line.split(',')[0])).toEqual([
      long,
    ])
  })

  test('a judge that marks the same texts otherwise later has drifted', () => {
    expect(bias.drift.map(({ judge }) => judge)).toEqual(Array(5).fill(fair))
    expect(bias.drift.at(2)).toMatchObject({
      dimension: 'consistency',
      items: 32,
      tasks: 8,
      meanShift: 1,
      changedShare: 1,
    })
    expect(words.at(-1)).toBe(
      `${fair}, paper: its marks have moved: 32 reviewed again after less than a day, overall +1.00 [1.00, 1.00], 100 % changed.`,
    )
  })
})

test('without judges and runs there is nothing to calibrate', async () => {
  const end = await cli.run(['calibrate', '--log-dir', cli.logDir])
  expect([end.exitCode, end.stderr]).toEqual([2, expect.stringContaining('say what to calibrate: --judge')])
  const wrong = await cli.run([
    'calibrate',
    '--judge',
    'scripted/form-check',
    '--controls',
    'study',
    '--log-dir',
    cli.logDir,
  ])
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('has no agents on scripted/honest')])
})
