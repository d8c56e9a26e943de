import type { ScannedNumber } from '../../numbers/scan-numbers.ts'
import { difference, type Range, rangeOf, ratio } from './range.ts'

/** What two series of numbers have in common. */
export interface ConstantRelation {
  readonly kind: 'distance' | 'ratio'
  readonly value: number
}

type Pair = readonly [from: ScannedNumber, to: ScannedNumber]

const fewestPairs = 4
/** Chance below which a shared relation is no accident. */
const smallestChance = 1e-4
/** Related metrics keep nearly the same distance: we suppose that it varies by a tenth of what the values themselves do. */
const tightness = 0.1

/**
 * The distance or the ratio that all pairs share within their rounding, to the last digit.
 * @param pairs of values with two decimals or more
 * @returns null where there is none, where it is no distance at all, or where coarse rounding could make it by accident
 */
export function constantRelation(
  pairs: readonly Pair[],
  kinds: readonly ConstantRelation['kind'][],
): ConstantRelation | null {
  if (pairs.length < fewestPairs) return null
  if (pairs.some(([from, to]) => from.decimals < 2 || to.decimals < 2 || from.unit !== to.unit)) return null
  const values = pairs.map(([from]) => from.value)
  const reach = Math.max(...values) - Math.min(...values)
  if (new Set(values).size < fewestPairs || reach === 0) return null
  for (const kind of kinds) {
    const found = kind === 'distance' ? sharedDistance(pairs, reach) : sharedRatio(pairs, reach)
    if (found !== null) return { kind, value: found }
  }
  return null
}

function sharedDistance(pairs: readonly Pair[], reach: number): number | null {
  const ranges = pairs.map(([from, to]) => difference(rangeOf(from), rangeOf(to)))
  const shared = sharedRange(ranges)
  const width = Math.max(...ranges.map(({ low, high }) => high - low))
  if (shared === null || !isNoAccident(width / (reach * tightness), pairs.length)) return null
  return Math.abs(shared) <= width ? null : shared
}

function sharedRatio(pairs: readonly Pair[], reach: number): number | null {
  const ranges = pairs.flatMap(([from, to]) => ratio(rangeOf(to), rangeOf(from)) ?? [])
  const shared = ranges.length === pairs.length ? sharedRange(ranges) : null
  const width = Math.max(...ranges.map(({ low, high }) => high - low))
  const middle = Math.max(...pairs.map(([from]) => Math.abs(from.value)))
  if (shared === null || !isNoAccident(width / ((reach / middle) * tightness), pairs.length)) return null
  return Math.abs(shared - 1) <= width ? null : shared
}

/** The middle of what all ranges have in common. */
function sharedRange(ranges: readonly Range[]): number | null {
  const low = Math.max(...ranges.map((range) => range.low))
  const high = Math.min(...ranges.map((range) => range.high))
  return low > high + 1e-12 ? null : (low + high) / 2
}

/** The first pair fixes the relation, and each other one meets it by accident with `chance`. */
function isNoAccident(chance: number, pairs: number): boolean {
  return chance < 1 && chance ** (pairs - 1) < smallestChance
}
