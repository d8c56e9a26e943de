import type { ScannedNumber } from '../../numbers/scan-numbers.ts'

/** What a rounded number may have been: `[low, high]`. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** Slack for what floating point does to decimal fractions, relative to the size of the values. */
const slack = 1e-9

/** What was rounded to this number; double for what is called approximate. */
export function rangeOf(number: ScannedNumber): Range {
  const half = halfUnit(number) * (number.isApproximate ? 2 : 1)
  return { low: number.value - half, high: number.value + half }
}

/** As `rangeOf`, for numbers that may have been cut off and not rounded: a whole unit to either side. */
export function cutOrRounded(number: ScannedNumber): Range {
  const unit = halfUnit(number) * (number.isApproximate ? 4 : 2)
  return { low: number.value - unit, high: number.value + unit }
}

export function halfUnit(number: ScannedNumber): number {
  return 0.5 * 10 ** -Math.max(-12, Math.min(30, number.decimals))
}

export function difference(from: Range, to: Range): Range {
  return { low: to.low - from.high, high: to.high - from.low }
}

/** `(to - from) / |from|`; null where `from` may be 0. */
export function relativeChange(from: Range, to: Range): Range | null {
  const signed = ratio(difference(from, to), from)
  if (signed === null) return null
  return from.low > 0 ? ownChange(from, to) : signed
}

/** Both ends of `from` occur above and below: the tightest range for a positive `from`. */
function ownChange(from: Range, to: Range): Range {
  return {
    low: Math.min(to.low / from.high, to.low / from.low) - 1,
    high: Math.max(to.high / from.low, to.high / from.high) - 1,
  }
}

/** `numerator / denominator`; null where the denominator may be 0. */
export function ratio(numerator: Range, denominator: Range): Range | null {
  if (denominator.low <= 0 && denominator.high >= 0) return null
  const size = {
    low: Math.min(Math.abs(denominator.low), Math.abs(denominator.high)),
    high: Math.max(Math.abs(denominator.low), Math.abs(denominator.high)),
  }
  const quotients = [
    numerator.low / size.low,
    numerator.low / size.high,
    numerator.high / size.low,
    numerator.high / size.high,
  ]
  return { low: Math.min(...quotients), high: Math.max(...quotients) }
}

export function scaled(range: Range, factor: number): Range {
  return factor < 0
    ? { low: range.high * factor, high: range.low * factor }
    : { low: range.low * factor, high: range.high * factor }
}

/** Without its sign. */
export function sizeOf(range: Range): Range {
  if (range.low >= 0) return range
  if (range.high <= 0) return scaled(range, -1)
  return { low: 0, high: Math.max(-range.low, range.high) }
}

export function overlaps(one: Range, other: Range): boolean {
  const tolerance = slack * Math.max(1e-6, Math.abs(one.high), Math.abs(other.high))
  return one.low <= other.high + tolerance && other.low <= one.high + tolerance
}
