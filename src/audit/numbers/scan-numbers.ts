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
