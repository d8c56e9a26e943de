import type { Reproduction, ResultValue } from '../../schema/audit.ts'
import type { PlacedValue, ResultValues } from './read-values.ts'

type Comparison = Reproduction['comparisons'][number]
type FileCounts = Reproduction['files'][number]

export interface ComparedFile {
  readonly counts: FileCounts
  readonly comparisons: readonly Comparison[]
}

/** Relative: what printing and reading a binary fraction may change. */
const roundingTolerance = 1e-9

/**
 * A result file beside what new runs wrote in its place. One that is not exact is `within-spread` where it lies no farther outside the new
 * runs than they lie apart from each other.
 * @param runs of each new run; null where it wrote no such file
 */
export function compareFile(path: string, before: ResultValues, runs: readonly (ResultValues | null)[]): ComparedFile {
  const present = runs.filter((run) => run !== null)
  const counts: FileCounts = { path, exact: 0, withinSpread: 0, different: 0, missing: 0, leftOut: before.leftOut, extra: 0 }
  if (present.length === 0) {
    const missing: Comparison = { path, place: '', line: null, before: null, after: null, outcome: 'missing', spread: 0 }
    return { counts: { ...counts, missing: Math.max(1, before.values.size) }, comparisons: [missing] }
  }
  const comparisons = [...before.values].map(([place, placed]) =>
    compareValue(
      { path, place },
      placed,
      present.flatMap(({ values }) => values.get(place)?.value ?? []),
    ),
  )
  const count = (outcome: Comparison['outcome']): number => comparisons.filter((one) => one.outcome === outcome).length
  return {
    counts: {
      ...counts,
      exact: count('exact'),
      withinSpread: count('within-spread'),
      different: count('different'),
      missing: count('missing'),
      extra: [...(present[0]?.values.keys() ?? [])].filter((place) => !before.values.has(place)).length,
    },
    comparisons,
  }
}

function compareValue(
  where: { readonly path: string; readonly place: string },
  { value: before, line }: PlacedValue,
  after: readonly ResultValue[],
): Comparison {
  const [first] = after
  const base = { ...where, line, before, after: first ?? null, spread: spreadOf(after) }
  if (first === undefined) return { ...base, outcome: 'missing' }
  if (areEqual(before, first)) return { ...base, outcome: 'exact' }
  return { ...base, outcome: isWithin(before, after) ? 'within-spread' : 'different' }
}

/** Equal but for rounding; NaN equals NaN. */
export function areEqual(left: ResultValue, right: ResultValue): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right
  return Math.abs(left - right) <= roundingTolerance * Math.max(Math.abs(left), Math.abs(right))
}

function spreadOf(values: readonly ResultValue[]): number {
  const numbers = values.filter((value) => typeof value === 'number')
  const spread = numbers.length < 2 ? 0 : Math.max(...numbers) - Math.min(...numbers)
  return Number.isFinite(spread) ? spread : 0
}

function isWithin(before: ResultValue, after: readonly ResultValue[]): boolean {
  const numbers = after.filter((value) => typeof value === 'number')
  // what a run gives now as a number and now as none has no range
  if (typeof before !== 'number' || numbers.length < after.length || numbers.length < 2)
    return after.slice(1).some((value) => areEqual(before, value))
  const spread = spreadOf(numbers)
  return before >= Math.min(...numbers) - spread && before <= Math.max(...numbers) + spread
}

/** Whether the new runs tell each other's values apart anywhere that the original differs: only then another run can change the outcome. */
export function runsDisagree(left: ResultValues, right: ResultValues): boolean {
  for (const [place, { value }] of left.values) {
    const other = right.values.get(place)
    if (other === undefined || !areEqual(value, other.value)) return true
  }
  return left.values.size !== right.values.size
}
