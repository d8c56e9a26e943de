import { PrerequisiteError } from '../../base/errors.ts'
import { hashJson } from '../../base/hash.ts'
import { openSandbox, requireSandbox, type SandboxName } from '../../sandboxes/index.ts'
import type { SandboxLimits } from '../../sandboxes/sandbox.ts'
import type { Reproduction } from '../../schema/audit.ts'
import type { AuditFacts } from '../facts.ts'
import { type Chance, describeChance, isBeyondChance, measureChance, noChance } from './chance.ts'
import { type ComparedFile, compareFile, runsDisagree } from './compare.ts'
import { openFreshWorkspace, TooLargeError } from './fresh-workspace.ts'
import { workspaceMark } from './port-command.ts'
import { type Plan, type PlannedCommands, planReproduction } from './plan.ts'
import { type ResultValues, readValues } from './read-values.ts'
import { countClaims } from './reproduced-claims.ts'
import { type RunEnd, runCommands, takeResults } from './run-commands.ts'

/** Where commands are run again. */
export interface ReproductionPlace {
  /** Null where none works, with why in `obstacle`. */
  readonly kind: SandboxName | null
  readonly obstacle: string
  readonly limits: SandboxLimits
  readonly network: 'none' | 'full'
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

interface NewRun {
  readonly end: RunEnd
  readonly values: ReadonlyMap<string, ResultValues>
  readonly notes: readonly string[]
}

const mostComparisons = 2_000
const gravity = { missing: 0, different: 1, 'within-spread': 2, exact: 3 } as const

/**
 * Runs what gave a work's results again, in a fresh workspace without these results, and compares. Where something differs it runs again, so
 * that what changes from run to run is told from what a run never gave.
 * @param work.folder where its files lie; nothing there is changed
 * @throws PrerequisiteError when there is no record and no script stands out; rejects when the sandbox breaks or `signal` aborts
 */
export async function reproduce(
  work: { readonly facts: AuditFacts; readonly folder: string },
  place: ReproductionPlace,
  wish: ReproductionWish,
): Promise<Reproduction> {
  const { subject, session } = work.facts
  const plan = planReproduction(subject, session, wish)
  const before = readBefore(plan, work.facts)
  const [shortest] = plan.tails
  if (shortest === undefined) return describe({ plan, place, wish, work, commands: [], reason: plan.reason })
  const obstacle = await findObstacle(place)
  if (obstacle !== null) return describe({ plan, place, wish, work, commands: shortest.commands, reason: obstacle })
  const paths = [...before.keys()]
  const run = (tail: PlannedCommands, number: number): Promise<NewRun> => {
    wish.note(`run ${number} of at most ${wish.repeats}:`)
    return runOnce(tail, paths, { work, place, wish, anywhere: subject.record !== 'recorded' })
  }
  try {
    let tail = shortest
    let first = await run(tail, 1)
    for (const longer of plan.tails.slice(1)) {
      if (!isFailed(first, plan) || first.end.record.exceededLimit !== null) break
      wish.note(`  it did not run alone (${whyFailed(first)}); with the commands before it:`)
      tail = longer
      first = await run(tail, 1)
    }
    const base = { plan, place, wish, work, commands: tail.commands }
    if (isFailed(first, plan)) return describe({ ...base, runs: [first], reason: whyFailed(first) })
    const runs = [first]
    let files = compareAll(before, runs, plan)
    while (runs.length < wish.repeats && first.values.size > 0 && !files.every(isExact)) {
      const next = await run(tail, runs.length + 1)
      runs.push(next)
      files = compareAll(before, runs, plan)
      if (!disagree(first, next)) break
    }
    return describe({
      ...base,
      runs,
      files,
      chance: measureChance(
        before,
        runs.map(({ values }) => values),
      ),
      reason: nothingCompared(files, first),
    })
  } catch (error) {
    if (error instanceof TooLargeError)
      return describe({
        plan,
        place,
        wish,
        work,
        commands: shortest.commands,
        reason: `the work cannot be copied: ${error.message}`,
      })
    throw error
  }
}

function readBefore({ expected, possible }: Plan, { subject }: AuditFacts): Map<string, ResultValues> {
  const wanted = new Set([...expected, ...possible])
  return new Map(
    subject.files.filter(({ path }) => wanted.has(path)).map(({ path, text }) => [path, readValues(path, text)]),
  )
}

async function findObstacle({ kind, obstacle }: ReproductionPlace): Promise<string | null> {
  if (kind === null) return obstacle
  try {
    await requireSandbox(kind)
    return null
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message
    throw error
  }
}

async function runOnce(
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
  const end = await runInside(place.kind)
  const texts = await takeResults(workspace.folder, paths, { given: workspace.given, anywhere })
  wish.note(
    `  ${end.failure ?? `ended well after ${(end.record.durationMs / 1_000).toFixed(1)} s, with ${texts.size} of the result files`}`,
  )
  return {
    end,
    values: new Map([...texts].map(([path, text]) => [path, readValues(path, text)])),
    notes: workspace.notes,
  }

  /** The sandbox is closed before results are read, so that nothing writes any more. */
  async function runInside(kind: SandboxName): Promise<RunEnd> {
    await using sandbox = await openSandbox(kind, {
      workspace: workspace.folder,
      limits: place.limits,
      network: place.network,
    })
    return await runCommands(sandbox, tail.commands, { ...wish, timeLimitMs: place.timeLimitMs })
  }
}

/** Beside an exit code of 0 the output counts only where results are missing: a script may tell of a failure that it got over. */
function isFailed({ end, values }: NewRun, { expected }: Plan): boolean {
  return end.failure !== null || (end.suspicion !== null && expected.some((path) => !values.has(path)))
}

function whyFailed({ end }: NewRun): string {
  return end.failure ?? end.suspicion ?? ''
}

function compareAll(before: ReadonlyMap<string, ResultValues>, runs: readonly NewRun[], plan: Plan): ComparedFile[] {
  const expected = new Set(plan.expected)
  return [...before].flatMap(([path, values]) => {
    const after = runs.map((run) => run.values.get(path) ?? null)
    return expected.has(path) || after.some((found) => found !== null) ? [compareFile(path, values, after)] : []
  })
}

function isExact({ counts }: ComparedFile): boolean {
  return counts.withinSpread + counts.different + counts.missing === 0
}

function disagree(left: NewRun, right: NewRun): boolean {
  if (left.values.size !== right.values.size) return true
  return [...left.values].some(([path, values]) => {
    const other = right.values.get(path)
    return other === undefined || runsDisagree(values, other)
  })
}

/** Why equal values cannot be spoken of; empty where values were compared. */
function nothingCompared(files: readonly ComparedFile[], { values, end }: NewRun): string {
  if (values.size === 0) {
    const said = end.suspicion ?? end.lastWords
    return `it ran, and wrote none of the result files${said === '' ? '' : ` (its last words: ${said})`}`
  }
  const compared = files.reduce(
    (sum, { counts }) => sum + counts.exact + counts.withinSpread + counts.different + counts.missing,
    0,
  )
  return compared === 0 ? 'it ran, but the result files hold no numbers to compare' : ''
}
