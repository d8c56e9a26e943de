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
 * @param options.isRetyped whether it is a report that the agent wrote anew by hand: a place that only it has is then left out, not missing
 */
export function compareFile(
  path: string,
  before: ResultValues,
  { runs, isRetyped = false }: { readonly runs: readonly (ResultValues | null)[]; readonly isRetyped?: boolean },
): ComparedFile {
  const present = runs.filter((run) => run !== null)
  const counts: FileCounts = {
    path,
    exact: 0,
    withinSpread: 0,
    different: 0,
    missing: 0,
    leftOut: before.leftOut,
    extra: 0,
  }
  if (present.length === 0) {
    const missing: Comparison = {
      path,
      place: '',
      line: null,
      before: null,
      after: null,
      outcome: 'missing',
      spread: 0,
    }
    return { counts: { ...counts, missing: Math.max(1, before.values.size) }, comparisons: [missing] }
  }
  const all = [...before.values].map(([place, placed]) =>
    compareValue(
      { path, place },
      placed,
      present.flatMap(({ values }) => values.get(place)?.value ?? []),
    ),
  )
  const comparisons = isRetyped ? all.filter(({ outcome }) => outcome !== 'missing') : all
  const count = (outcome: Comparison['outcome']): number => comparisons.filter((one) => one.outcome === outcome).length
  return {
    counts: {
      ...counts,
      exact: count('exact'),
      withinSpread: count('within-spread'),
      different: count('different'),
      missing: count('missing'),
      leftOut: before.leftOut + all.length - comparisons.length,
      extra: [...(present[0]?.values.keys() ?? [])].filter((place) => !before.values.has(place)).length,
    },
    comparisons,
  }
}

export function isExact({ counts }: ComparedFile): boolean {
  return counts.withinSpread + counts.different + counts.missing === 0
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
  return { ...base, outcome: excessOf(before, after) <= 1 ? 'within-spread' : 'different' }
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

/**
 * How far a value lies outside the range of others, in widths of that range: 0 for one of them and within, above 1 for what is too far. Infinite
 * where the others agree, or where what has no size is none of them.
 */
export function excessOf(value: ResultValue, others: readonly ResultValue[]): number {
  if (others.some((other) => areEqual(value, other))) return 0
  const numbers = others.filter((other) => typeof other === 'number')
  if (typeof value !== 'number' || numbers.length < others.length) return Infinity
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const outside = Math.max(least - value, value - most, 0)
  return outside === 0 ? 0 : outside / (most - least)
}

/** Whether two new runs differ: where they agree in everything, a third would tell no more. */
export function runsDisagree(left: ResultValues, right: ResultValues): boolean {
  for (const [place, { value }] of left.values) {
    const other = right.values.get(place)
    if (other === undefined || !areEqual(value, other.value)) return true
  }
  return left.values.size !== right.values.size
}
