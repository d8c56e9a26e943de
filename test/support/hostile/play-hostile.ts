import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../../../src/base/files.ts'
import { createBudget } from '../../../src/models/budget.ts'
import { createModelCaller } from '../../../src/models/model-caller.ts'
import { openTrial } from '../../../src/runs/trial-store.ts'
import { defaultLimits } from '../../../src/sandboxes/index.ts'
import { type CoderSpec, type RunConfig, type SandboxSpec, sandboxSpecSchema } from '../../../src/schema/config.ts'
import type { NewEvent, RunEvent } from '../../../src/schema/event.ts'
import { experimentStage } from '../../../src/stages/experiment.ts'
import { runStage } from '../../../src/stages/run-stage.ts'
import type { StageOutcome } from '../../../src/stages/stage.ts'
import { type ProviderServer, startProviderServer, type WireReply, type WireRequest } from '../provider-server.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial } from '../sample-run.ts'

/** An experiment whose coder does its worst: a command that runs programs of the folder `inside`. */
export interface HostilePlay {
  /** For `bash -c`. @param programs where it finds the folder `inside` */
  readonly command: (programs: string) => string
  /** Of the trial; made here, and kept for the test to look at. */
  readonly folder: string
  readonly sandbox: Partial<SandboxSpec> & Pick<SandboxSpec, 'kind'>
  readonly spec?: Partial<CoderSpec>
  readonly answer?: (request: WireRequest) => WireReply | Promise<WireReply>
  readonly experimentModels?: Partial<RunConfig['experimentModels']>
  /** Dollars of the whole run. */
  readonly budgetUsd?: number
  /** Hears what is about to be appended. */
  readonly onEvent?: (event: NewEvent) => void
  readonly signal?: AbortSignal
}

export interface PlayedHostile {
  readonly outcome: StageOutcome | { readonly status: 'rejected'; readonly error: unknown }
  /** Of this play alone, where the trial was played before. */
  readonly events: readonly RunEvent[]
  eventsOf<Type extends RunEvent['type']>(type: Type): Extract<RunEvent, { type: Type }>[]
  /** How the coder ended; null when it did not get as far. */
  readonly ending: string | null
  /** What the programs said of their attempts: the value of each by its name. */
  readonly told: Readonly<Record<string, unknown>>
  readonly requests: ProviderServer['requests']
  /** The dummy key of the provider, unlike any other text. */
  readonly key: string
  readonly workspace: string
  readonly attemptFolder: string
}

const model = 'openai/gpt-4o-mini'
const programsFolder = join(import.meta.dirname, 'inside')
const given = { 'idea.md': 'the idea', 'related_work.md': 'the literature', 'proposal.md': 'the proposal' }

/** Writes a report that counts as one, for coders that are to come to a good end. */
export const writeReport = 'mkdir -p results && seq 1 20 > results/results.md'

/** Any end is a value. */
export async function playHostile(play: HostilePlay): Promise<PlayedHostile> {
  const { folder } = play
  const isHost = play.sandbox.kind === 'host'
  const command = play.command(isHost ? programsFolder : '/hostile')
  const coder = { kind: 'command', model, command, timeLimitMs: 60_000, ...play.spec }
  const config = sampleConfig({
    agents: [{ name: 'alpha', model, searchModel: model, coder }],
    experimentModels: play.experimentModels ?? {},
  })
  const [agent] = config.agents
  if (agent?.kind !== 'mlr-agent') throw new Error('the sample has an agent')
  await makeTrial(folder, sampleTrial(sampleRun({ config })))
  for (const [path, text] of Object.entries(given)) await writeWhole(join(folder, path), text)

  const key = `dummy-${randomBytes(16).toString('hex')}`
  await using server = await startProviderServer(
    play.answer ?? (() => ({ kind: 'message', text: 'Yes.', usage: { input: 10, output: 10 } })),
  )
  using trial = await openTrial(folder)
  const before = trial.events.length
  const { onEvent } = play
  const models = createModelCaller({
    providers: Object.fromEntries(
      ['openai', 'anthropic'].map((name) => [name, { baseUrl: `${server.origin}/v1`, concurrency: 8 }]),
    ),
    secrets: { OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key },
    budget: createBudget(play.budgetUsd ?? null),
    cache: null,
  })
  const sandbox = sandboxSpecSchema.parse({
    ...defaultLimits,
    ...(isHost ? {} : { readOnly: { '/hostile': programsFolder } }),
    ...play.sandbox,
  })
  const watched: typeof trial =
    onEvent === undefined
      ? trial
      : Object.create(trial, {
          append: {
            value(event: Parameters<typeof trial.append>[0]) {
              onEvent(event)
              return trial.append(event)
            },
          },
        })
  const outcome = await runStage(experimentStage, {
    trial: watched,
    agent,
    models,
    sandbox,
    experimentModels: config.experimentModels,
    retryFailed: true,
    signal: play.signal ?? new AbortController().signal,
  }).catch((error: unknown) => ({ status: 'rejected' as const, error }))
  const events = trial.events.slice(before)
  const attempt = events.findLast((event) => event.type === 'stage-started')?.attempt ?? 1
  const attemptFolder = trial.attemptFolder('experiment', attempt)
  const stream = await readFile(join(attemptFolder, 'stream.jsonl'), 'utf8').catch(() => '')
  return {
    outcome,
    events,
    eventsOf: (type) =>
      events.filter((event): event is Extract<RunEvent, { type: typeof type }> => event.type === type),
    ending: events.findLast((event) => event.type === 'coder-finished')?.ending ?? null,
    told: readAllTold(stream),
    requests: server.requests,
    key,
    workspace: join(attemptFolder, 'workspace'),
    attemptFolder,
  }
}

/** What our programs printed, each in a line of its own: `told {"name": value}`. */
export function readAllTold(output: string): Record<string, unknown> {
  const lines = output.split('\n').filter((line) => line.startsWith('told {'))
  return Object.assign({}, ...lines.map((line) => JSON.parse(line.slice('told '.length)) as object)) as Record<
    string,
    unknown
  >
}
