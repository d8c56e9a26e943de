import { openSandbox } from '../../sandboxes/index.ts'
import { describeEnvironment } from '../../sandboxes/describe-environment.ts'
import type { SandboxLimits } from '../../sandboxes/sandbox.ts'
import type { Network, SandboxName } from '../../schema/config.ts'
import type { Environment } from '../../schema/environment.ts'
import { openFreshWorkspace } from './fresh-workspace.ts'
import type { PlannedCommands } from './plan.ts'
import { type ResultValues, readValues } from './read-values.ts'
import { type RunEnd, runCommands, takeResults } from './run-commands.ts'

/** Where commands are run again. */
export interface ReproductionPlace {
  /** Null where none works, with why in `obstacle`. */
  readonly kind: SandboxName | null
  readonly obstacle: string
  readonly limits: SandboxLimits
  readonly network: Network
  /** Of containers and apptainer. */
  readonly image: string | null
  readonly gpus: 'all' | number
  /** Variables of the work's own sandbox. */
  readonly environment: Readonly<Record<string, string>>
  /** Of each command. */
  readonly timeLimitMs: number
}

export interface ReproductionWish {
  /** The user's own; null to go by the record, or without one by readme and names. */
  readonly command: string | null
  /** Most new runs, from 1. */
  readonly repeats: number
  /** As the record is to be dated. */
  readonly createdAt: string
  readonly note: (line: string) => void
  readonly signal: AbortSignal
}

export interface NewRun {
  readonly end: RunEnd
  readonly values: ReadonlyMap<string, ResultValues>
  readonly notes: readonly string[]
  /** What it ran on and with, as it stood afterwards. */
  readonly environment: Environment
}

/**
 * Runs commands once, in a workspace of its own without the results that are asked for.
 * @param paths of the results
 * @param context.anywhere whether a result of the same name in another folder will do
 */
export async function runOnce(
  tail: PlannedCommands,
  paths: readonly string[],
  context: {
    readonly work: { readonly folder: string }
    readonly place: ReproductionPlace
    readonly wish: ReproductionWish
    readonly anywhere: boolean
  },
): Promise<NewRun> {
  const { work, place, wish, anywhere } = context
  if (place.kind === null) throw new Error('there is no sandbox to run in')
  const results = new Set(paths)
  await using workspace = await openFreshWorkspace(work.folder, {
    withhold: (path) => results.has(path) || tail.wrote.has(path),
    mostBytes: place.limits.diskBytes,
  })
  const { end, environment } = await runInside(place.kind)
  const texts = await takeResults(workspace.folder, paths, { given: workspace.given, anywhere })
  wish.note(
    `  ${end.failure ?? `ended well after ${(end.record.durationMs / 1_000).toFixed(1)} s, with ${texts.size} of the result files`}`,
  )
  return {
    end,
    values: new Map([...texts].map(([path, text]) => [path, readValues(path, text)])),
    notes: workspace.notes,
    environment,
  }

  /** The sandbox is closed before results are read, so that nothing writes any more. */
  async function runInside(kind: SandboxName): Promise<{ end: RunEnd; environment: Environment }> {
    await using sandbox = await openSandbox(kind, {
      workspace: workspace.folder,
      limits: place.limits,
      network: place.network,
      image: { name: place.image, gpus: place.gpus },
    })
    const { environment: variables, timeLimitMs, limits, obstacle: _obstacle, kind: _kind, ...spec } = place
    const ran = await runCommands(sandbox, tail.commands, { ...wish, timeLimitMs, environment: variables })
    const environment = await describeEnvironment(sandbox, {
      spec: { ...spec, ...limits, kind, readOnly: {}, environment: variables },
      workspace: workspace.folder,
      coder: { kind: 'none', version: null },
      signal: wish.signal,
    })
    return { end: ran, environment }
  }
}
