import { PrerequisiteError } from '../../base/errors.ts'
import { requireSandbox } from '../../sandboxes/index.ts'
import type { Reproduction } from '../../schema/audit.ts'
import type { Environment } from '../../schema/environment.ts'
import type { AuditFacts } from '../facts.ts'
import { measureChance } from './chance.ts'
import { type ComparedFile, compareFile, isExact, runsDisagree } from './compare.ts'
import { TooLargeError } from './fresh-workspace.ts'
import { type NewRun, type ReproductionPlace, type ReproductionWish, runOnce } from './new-run.ts'
import { type Plan, type PlannedCommands, planReproduction } from './plan.ts'
import { type ResultValues, readValues } from './read-values.ts'
import { recordReproduction } from './record-reproduction.ts'

/**
 * Runs what gave a work's results again, in a fresh workspace without these results, and compares. Where something differs it runs again, so
 * that what changes from run to run is told from what a run never gave.
 * @param work.folder where its files lie; nothing there is changed
 * @throws PrerequisiteError when there is no record and no script stands out; rejects when the sandbox breaks or `signal` aborts
 */
export async function reproduce(
  work: { readonly facts: AuditFacts; readonly folder: string; readonly environment: Environment | null },
  place: ReproductionPlace,
  wish: ReproductionWish,
): Promise<Reproduction> {
  const { subject, session } = work.facts
  const plan = planReproduction(subject, session, wish)
  const before = readBefore(plan, work.facts)
  const [shortest] = plan.tails
  const told = { plan, place, wish, work, recorded: work.environment }
  if (shortest === undefined) return recordReproduction({ ...told, commands: [], reason: plan.reason })
  const obstacle = await findObstacle(place)
  if (obstacle !== null) return recordReproduction({ ...told, commands: shortest.commands, reason: obstacle })
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
    const base = { ...told, commands: tail.commands }
    if (isFailed(first, plan)) return recordReproduction({ ...base, runs: [first], reason: whyFailed(first) })
    const runs = [first]
    let files = compareAll(before, runs, plan)
    while (runs.length < wish.repeats && first.values.size > 0 && !files.every(isExact)) {
      const next = await run(tail, runs.length + 1)
      runs.push(next)
      files = compareAll(before, runs, plan)
      if (!disagree(first, next)) break
    }
    return recordReproduction({
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
      return recordReproduction({
        ...told,
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
    return expected.has(path) || after.some((found) => found !== null)
      ? [compareFile(path, values, { runs: after, isRetyped: path.endsWith('.md') && plan.overwritten.has(path) })]
      : []
  })
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
