import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../../src/base/files.ts'
import type { ProgramKind } from '../../src/coders/coder-program.ts'
import { createBudget } from '../../src/models/budget.ts'
import { createModelCaller } from '../../src/models/model-caller.ts'
import { openTrial } from '../../src/runs/trial-store.ts'
import { defaultLimits } from '../../src/sandboxes/index.ts'
import { type CoderSpec, type ModelSettings, sandboxSpecSchema } from '../../src/schema/config.ts'
import type { RunEvent } from '../../src/schema/event.ts'
import { experimentStage } from '../../src/stages/experiment.ts'
import { runStage } from '../../src/stages/run-stage.ts'
import type { StageOutcome } from '../../src/stages/stage.ts'
import { replyOf, type Turn, turnOf } from './coder-acts.ts'
import { startProviderServer, type WireReply, type WireRequest } from './provider-server.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial } from './sample-run.ts'
import type { WireUsage } from './wire/wire-format.ts'

/** One experiment of a real coder whose model is played on this machine. */
export interface CoderPlay {
  readonly kind: ProgramKind
  readonly program: string
  /** `provider/model`, of a provider with a list price. */
  readonly model: string
  readonly settings?: Partial<ModelSettings>
  /** A second model, which the experiment's own code may call; it answers with its name's length. */
  readonly codeModel?: string
  /** Of the trial; made here, and kept for the test to look at. */
  readonly folder: string
  /** Turn by turn; the last is repeated. */
  readonly turns?: readonly Turn[]
  /** Where a test answers otherwise than by turns; null leaves a request to them. */
  readonly answer?: (request: WireRequest) => WireReply | null
  /** What each turn's answer is said to be long; a hundred by default. */
  readonly outputTokens?: number
  readonly spec?: Partial<Omit<CoderSpec, 'kind' | 'model' | 'program'>>
  readonly limits?: Partial<typeof defaultLimits>
  /** Dollars of the whole run. */
  readonly budgetUsd?: number | null
  /** In place of the played provider. */
  readonly origin?: string
  readonly signal?: AbortSignal
  readonly onEvent?: (event: RunEvent) => void
}

export interface PlayedCoder {
  readonly outcome: StageOutcome | { readonly status: 'rejected'; readonly error: unknown }
  readonly events: readonly RunEvent[]
  eventsOf<Type extends RunEvent['type']>(type: Type): Extract<RunEvent, { type: Type }>[]
  /** What the coder asked its provider, in order. */
  readonly requests: readonly WireRequest[]
  /** What the experiment's own code asked. */
  readonly codeRequests: readonly WireRequest[]
  /** What each of them was answered to have used, as far as it was answered by turns. */
  readonly usages: readonly WireUsage[]
  /** The dummy keys of this experiment alone, by variable. */
  readonly keys: Readonly<Record<string, string>>
  /** Of the trial. */
  readonly folder: string
  readonly workspace: string
  readonly attemptFolder: string
}

const given = { 'idea.md': 'the idea', 'related_work.md': 'the literature', 'proposal.md': 'the proposal' }
/** Stands in this process's environment, and must not be found anywhere. */
export const ownVariable = { name: 'MLRBENCH_TEST_OWN', value: `own-${randomBytes(8).toString('hex')}` }
const keyVariables = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY']

/** Runs the experiment stage under bubblewrap without a network. Any end is a value. */
export async function playCoder(play: CoderPlay): Promise<PlayedCoder> {
  const { folder, model, kind } = play
  const coder = { kind, model: { model, ...play.settings }, program: play.program, timeLimitMs: 60_000, ...play.spec }
  const agents = [{ name: 'alpha', model, searchModel: model, coder }]
  const codeModels = play.codeModel === undefined ? [] : [play.codeModel]
  const config = sampleConfig({ agents, experimentModels: { models: codeModels } })
  const isOfCode = (request: WireRequest) => codeModels.some((name) => name.endsWith(`/${request.model}`))
  const [agent] = config.agents
  if (agent?.kind !== 'mlr-agent') throw new Error('the sample has an agent')
  await makeTrial(folder, sampleTrial(sampleRun({ config })))
  for (const [path, text] of Object.entries(given)) await writeWhole(join(folder, path), text)
  const keys = Object.fromEntries(keyVariables.map((name) => [name, `dummy-${randomBytes(12).toString('hex')}`]))
  const usages: WireUsage[] = []
  await using server = await startProviderServer((request): WireReply => {
    if (isOfCode(request)) return { kind: 'message', text: String(request.model.length), usage: usageOfCode }
    const own = play.answer?.(request) ?? null
    if (own !== null) return own
    const turn = play.turns?.[turnOf(request)] ?? play.turns?.at(-1) ?? { say: 'DONE.' }
    const usage = usageOf(usages.length, play.outputTokens)
    usages.push(usage)
    return replyOf(request, turn, usage)
  })
  const { origin = server.origin } = play
  const models = createModelCaller({
    providers: Object.fromEntries(
      Object.entries({ anthropic: '/v1', openai: '/v1', google: '/v1beta' }).map(([name, path]) => [
        name,
        { baseUrl: `${origin}${path}` },
      ]),
    ),
    secrets: keys,
    budget: createBudget(play.budgetUsd ?? null),
    cache: null,
  })
  process.env[ownVariable.name] = ownVariable.value
  using trial = await openTrial(folder, play.onEvent)
  const outcome = await runStage(experimentStage, {
    trial,
    agent,
    models,
    sandbox: sandboxSpecSchema.parse({ kind: 'bubblewrap', ...defaultLimits, ...play.limits }),
    experimentModels: config.experimentModels,
    retryFailed: true,
    signal: play.signal ?? new AbortController().signal,
  }).catch((error: unknown) => ({ status: 'rejected' as const, error }))
  const events = [...trial.events]
  const attempt = events.findLast((event) => event.type === 'stage-started')?.attempt ?? 1
  const attemptFolder = trial.attemptFolder('experiment', attempt)
  return {
    outcome,
    events,
    eventsOf: (type) =>
      events.filter((event): event is Extract<RunEvent, { type: typeof type }> => event.type === type),
    requests: server.requests.filter((request) => !isOfCode(request)),
    codeRequests: server.requests.filter(isOfCode),
    usages,
    keys,
    folder,
    workspace: join(attemptFolder, 'workspace'),
    attemptFolder,
  }
}

export const usageOfCode: WireUsage = { input: 20, output: 1 }

/** Different for each call, so that a sum that leaves one out, or counts one twice, is another sum. */
function usageOf(index: number, outputTokens = 100): WireUsage {
  return { input: 2_000 + 10 * index, output: outputTokens + index, cachedRead: 500 }
}

/** Files at or below a folder, with their bytes; links are not followed. */
export async function readTree(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(await Promise.all(files.map(async (path) => [path, await readFile(path)] as const)))
}
