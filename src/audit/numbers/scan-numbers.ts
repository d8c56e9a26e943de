import { isDigit } from './characters.ts'
import { endOfName, readBefore } from './before-number.ts'
import { readAfter } from './after-number.ts'
import { endOfDateOrTime } from './date-or-time.ts'
import { readBody } from './number-body.ts'
import { scanFolds } from './scan-folds.ts'

/** A number as it stands in a text. */
export interface ScannedNumber {
  /** In UTF-16 code units of the scanned text: `[start, end)`, without unit. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** With its sign; thousands separators and exponents read. */
  readonly value: number
  /** Digits after the point as written, less the exponent: 1.2e-3 has 4. Half of 10^-decimals is how far rounding reaches. */
  readonly decimals: number
  /** Significant digits as written: 0.0120 has 3, 100 has 1 (trailing zeros of an integer may be rounding). */
  readonly significant: number
  readonly unit: '%' | '×' | null
  /** What follows a ±: a spread and no value of its own. */
  readonly isSpread: boolean
  /** Behind ≈, ~, "about", "around" or "roughly". */
  readonly isApproximate: boolean
}

/**
 * Every number of a text, in order: of prose, logs, JSON, Markdown, HTML or LaTeX as written. Parts of names, versions, dates, times, identifiers,
 * paths and addresses are none. One pass; no number is longer than 40 digits.
 */
export function scanNumbers(text: string): ScannedNumber[] {
  const found: ScannedNumber[] = []
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 58 && text.startsWith('://', at)) at = endOfAddress(text, at + 3)
    else if (isDigit(code)) at = readNumber(text, at, found)
    else at += 1
  }
  const folds = scanFolds(text)
  return folds.length === 0 ? found : [...found, ...folds].sort((left, right) => left.start - right.start)
}

/** Reads what begins with this digit, adds it when it is a number, and returns where to go on. */
function readNumber(text: string, digit: number, found: ScannedNumber[]): number {
  const before = readBefore(text, digit)
  if (before === null) return endOfName(text, digit)
  const dateEnd = before.begin === digit ? endOfDateOrTime(text, digit) : null
  if (dateEnd !== null) return dateEnd
  const body = readBody(text, before.begin)
  if (body === null) return endOfName(text, digit)
  const previous = found[found.length - 1]
  const after = readAfter(text, body)
  if (after === null) return endOfName(text, body.end)
  const value = body.value * after.scale * (before.isNegative ? -1 : 1)
  if (!Number.isFinite(value)) return endOfName(text, body.end)
  // 60–80 % and 12.5 ± 0.3 % give their unit to both
  if (
    (before.isRangeEnd || before.isSpread) &&
    previous !== undefined &&
    previous.unit === null &&
    after.unit !== null &&
    before.start - previous.end < 12
  )
    found[found.length - 1] = { ...previous, unit: after.unit }
  const decimals = body.decimals - after.scaleDigits
  found.push({
    start: before.start,
    end: body.end,
    text: text.slice(before.start, body.end),
    value,
    decimals,
    significant: body.significant,
    unit: after.unit,
    isSpread:
      before.isSpread ||
      (previous !== undefined &&
        text.charCodeAt(before.start - 1) === 40 &&
        isBracketedSpread({ text, previous, start: before.start, end: body.end, decimals, value })),
    isApproximate: before.isApproximate,
  })
  return body.end
}

/** `0.91 (0.03)`: a smaller number of the same decimals, alone in brackets behind another. */
function isBracketedSpread(place: {
  text: string
  previous: ScannedNumber
  start: number
  end: number
  decimals: number
  value: number
}): boolean {
  const { text, previous, start, end, decimals, value } = place
  if (text[start - 1] !== '(' || text[end] !== ')' || previous.isSpread || start - previous.end > 4) return false
  if (!/^[ \u00a0}*$~]*\($/.test(text.slice(previous.end, start))) return false
  return decimals >= 1 && decimals === previous.decimals && value >= 0 && value < Math.abs(previous.value) / 2
}

/** Behind an address that began with a scheme. */
function endOfAddress(text: string, from: number): number {
  let at = from
  while (at < text.length && !/[\s)\]>"'`}|]/.test(text.charAt(at))) at += 1
  return at
}
