import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeTrial, sampleConfig, sampleRun, taskReference, taskText } from '../../test/support/sample-run.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { listFiles, writeWhole } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { openEventLog } from '../runs/event-log.ts'
import { createRun, trialFolder } from '../runs/run-store.ts'
import type { RunRecord, TrialRecord } from '../schema/run.ts'
import { artefactPaths, stages } from '../schema/stage.ts'
import { copyInputs, requireInputs } from './copy-inputs.ts'
import { planTrials } from './plan-trials.ts'

let root = ''
let source = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'copy-inputs-'))
  source = await createRun(join(root, 'logs'), sampleRun({ id: 'source' }), new Map([['letters', taskText]]))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const artefacts = [
  'idea.md',
  'related_work.md',
  'proposal.md',
  'results/results.md',
  'results/figures/a.png',
  'results/paper.md',
]

/** A trial of the source run with these artefacts, each its own path and the trial's id. */
async function addTrial(id: string, paths: readonly string[] = artefacts): Promise<string> {
  const folder = trialFolder(source, id)
  await makeTrial(folder)
  for (const path of paths) await writeWhole(join(folder, path), `${path} of ${id}`)
  using log = openEventLog(join(folder, 'events'), () => {})
  for (const stage of stages.filter((candidate) => paths.includes(artefactPaths[candidate])))
    log.append({ type: 'stage-finished', stage, attempt: 1, fingerprint: sha256(''), outputs: [], durationMs: 1 })
  return folder
}

interface Wish {
  readonly stages?: readonly string[]
  readonly agent?: string | null
  readonly seed?: number
  readonly run?: string
  readonly tasks?: readonly string[]
}

function stepwise({ stages = ['paper'], agent = null, seed = 0, run = source, tasks = ['letters'] }: Wish): RunRecord {
  const model = 'openai/gpt-4o-mini'
  const inputs = { run, agent }
  const agents = ['one', 'two'].map((name) => ({
    name,
    model,
    searchModel: model,
    coder: { kind: 'bash-loop', model },
    inputs,
  }))
  return sampleRun({ config: sampleConfig({ agents, stages, seed }), tasks: tasks.map(taskReference) })
}

/** The inputs of each trial of a stepwise run, each copied into a folder of its own named after the trial. */
async function copyAll(wish: Wish): Promise<TrialRecord['inputs'][]> {
  const record = stepwise(wish)
  const copied: TrialRecord['inputs'][] = []
  for (const planned of planTrials(record))
    copied.push(await copyInputs(planned, record, join(root, 'target', planned.id)))
  return copied
}

test('copies what the run leaves out from the named agent, with hashes of where it came from', async () => {
  await addTrial('letters/alpha/1')
  await addTrial('letters/beta/1')
  const [inputs] = await copyAll({ agent: 'beta' })
  const file = (path: string) => ({ path, sha256: sha256(`${path} of letters/beta/1`) })
  const from = { run: 'source', trial: 'letters/beta/1' }
  expect(inputs).toEqual([
    { stage: 'idea', ...from, files: [file('idea.md')] },
    { stage: 'literature', ...from, files: [file('related_work.md')] },
    { stage: 'proposal', ...from, files: [file('proposal.md')] },
    { stage: 'experiment', ...from, files: [file('results/figures/a.png'), file('results/results.md')] },
  ])
  const target = join(root, 'target/letters/one/1')
  expect(await readFile(join(target, 'proposal.md'), 'utf8')).toBe('proposal.md of letters/beta/1')
  // the paper is what the run is about to write
  expect((await listFiles(target)).map(({ path }) => path)).not.toContain('results/paper.md')
})

test.each([
  [['proposal'], ['idea', 'literature']],
  [
    ['idea', 'paper'],
    ['literature', 'proposal', 'experiment'],
  ],
  [['idea'], []],
  [['idea', 'literature', 'proposal'], []],
])('a run of %j takes %j', async (stages, taken) => {
  await addTrial('letters/alpha/1')
  const [inputs] = await copyAll({ stages })
  expect(inputs?.map(({ stage }) => stage)).toEqual(taken)
})

test('draws one source for a task, the same for every agent and every time, by the seed', async () => {
  const tasks = Array.from({ length: 12 }, (_, index) => `task${index}`)
  for (const task of tasks) for (const agent of ['a', 'b', 'c']) await addTrial(`${task}/${agent}/1`, ['idea.md'])
  const draw = async (seed: number): Promise<(string | null | undefined)[]> =>
    (await copyAll({ stages: ['literature'], tasks, seed })).map(([input]) => input?.trial)
  const drawn = await draw(7)
  for (const index of tasks.keys()) expect(drawn[2 * index + 1]).toBe(drawn[2 * index])
  expect(new Set(drawn.map((id) => id?.split('/')[1]))).toEqual(new Set(['a', 'b', 'c']))
  expect(await draw(7)).toEqual(drawn)
  expect(await draw(8)).not.toEqual(drawn)
})

test('draws no source that lacks what is needed, while another has it', async () => {
  for (const agent of ['a', 'b', 'd', 'e']) await addTrial(`letters/${agent}/1`, ['idea.md'])
  await addTrial('letters/c/1')
  for (let seed = 0; seed < 8; seed += 1) {
    const [inputs] = await copyAll({ seed })
    expect(inputs?.[0]?.trial).toBe('letters/c/1')
  }
})

test('a file that no finished stage left is not taken for one, while there is another source', async () => {
  const folder = await addTrial('letters/a/1', ['idea.md', 'related_work.md', 'proposal.md'])
  await writeWhole(join(folder, 'results/results.md'), 'half a result')
  await addTrial('letters/b/1')
  for (let seed = 0; seed < 6; seed += 1) {
    const [inputs] = await copyAll({ seed })
    expect(inputs?.[0]?.trial).toBe('letters/b/1')
  }
})

test('a source without the artefact gives what it has', async () => {
  await addTrial('letters/alpha/1', ['idea.md'])
  const [inputs] = await copyAll({ stages: ['proposal'] })
  expect(inputs?.map(({ stage }) => stage)).toEqual(['idea'])
})

test('follows no link out of the source', async () => {
  await writeFile(join(root, 'secret'), 'secret')
  const folder = await addTrial('letters/alpha/1', ['related_work.md', 'proposal.md', 'results/results.md'])
  await symlink(join(root, 'secret'), join(folder, 'idea.md'))
  await symlink(join(root, 'secret'), join(folder, 'results/data.csv'))
  const [inputs] = await copyAll({})
  expect(inputs?.flatMap(({ files }) => files.map(({ path }) => path))).toEqual([
    'related_work.md',
    'proposal.md',
    'results/results.md',
  ])
})

test('an agent without inputs of its own gets none', async () => {
  const record = sampleRun()
  const [planned] = planTrials(record)
  if (planned === undefined) throw new Error('a sample run has a trial')
  await mkdir(join(root, 'target'))
  expect(await copyInputs(planned, record, join(root, 'target'))).toEqual([])
  expect(await readdir(join(root, 'target'))).toEqual([])
})

test('a source that is not there is said so, with what there is', async () => {
  await expect(copyAll({ run: join(root, 'logs', 'sauce') })).rejects.toThrow(
    /no run "sauce" in .*logs \(there are: source\)/,
  )
  await expect(copyAll({})).rejects.toThrow(/source has no trial of letters to take inputs from/)
  await addTrial('letters/alpha/1')
  await expect(copyAll({ agent: 'beta' })).rejects.toThrow(
    /source has no trial of letters by "beta" to take inputs from/,
  )
  await expect(copyAll({ agent: 'beta' })).rejects.toThrow(PrerequisiteError)
})

test('before a run begins, every task without a source is named at once', async () => {
  await addTrial('letters/alpha/1')
  await expect(requireInputs(stepwise({ agent: 'alpha' }))).resolves.toBeUndefined()
  const lacking = requireInputs(stepwise({ agent: 'alpha', tasks: ['letters', 'digits', 'words'] }))
  await expect(lacking).rejects.toThrow(PrerequisiteError)
  await expect(lacking).rejects.toThrow(/digits by "alpha" in .*; words by "alpha" in /)
  await expect(requireInputs(sampleRun())).resolves.toBeUndefined()
})
