import type { ScannedNumber } from '../../numbers/scan-numbers.ts'
import {
  cutOrRounded,
  difference,
  overlaps,
  type Range,
  rangeOf,
  ratio,
  relativeChange,
  scaled,
  sizeOf,
} from './range.ts'

/**
 * Whether `stated` can be the change between two values: their difference, the change relative to either, the ratio, or the reduction of what
 * is left to 1 or 100; as a fraction or in per cent; whatever its sign. Rounding of all three is allowed for, and cutting off of `stated`.
 */
export function isChange(stated: ScannedNumber, one: ScannedNumber, other: ScannedNumber): boolean {
  const claimed = sizeOf(cutOrRounded(stated))
  return changesBetween(rangeOf(one), rangeOf(other)).some((change) => {
    const size = sizeOf(change)
    return overlaps(size, claimed) || overlaps(scaled(size, 100), claimed) || overlaps(scaled(size, 0.01), claimed)
  })
}

function changesBetween(one: Range, other: Range): Range[] {
  return [
    difference(one, other),
    relativeChange(one, other),
    relativeChange(other, one),
    ratio(other, one),
    ratio(one, other),
    ...[1, 100].flatMap((top) => [remaining(one, other, top), remaining(other, one, top)]),
  ].flatMap((range) => range ?? [])
}

/** How much of the distance to the top was gained: reductions of error are often given so. */
function remaining(from: Range, to: Range, top: number): Range | null {
  if (from.low <= 0 || from.high >= top || to.high > top) return null
  return relativeChange({ low: top - from.high, high: top - from.low }, { low: top - to.high, high: top - to.low })
}

/** The relative change in per cent, as a message gives it. */
export function shownChange(from: number, to: number): string {
  if (from === 0) return 'not defined'
  const change = ((to - from) / Math.abs(from)) * 100
  return `${change >= 0 ? '+' : ''}${change.toFixed(1)} %`
}
