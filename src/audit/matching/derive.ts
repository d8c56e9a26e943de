import type { Claim } from '../claims/claim.ts'
import type { Wording } from './wording.ts'
import { readWording } from './wording.ts'
import { reachOf } from './rounding.ts'

/** A supported value that others may be computed from. */
export interface Operand {
  readonly claim: Claim
  /** As the evidence has it, before it was rounded, with whatever sign; null where that is not known. */
  readonly exact: number | null
  readonly table: number
  readonly row: number
  readonly column: number
}

/** How a value follows from others, in words for readers. */
export interface Derivation {
  readonly how: string
  readonly from: readonly Claim[]
}

/** Pairs that are tried for one claim; beyond, anything can be had from something. */
const mostPairs = 2_000

type Fits = (value: number) => boolean

/**
 * Finds the arithmetic that makes a claim of two supported values of one line, or of the whole line: difference, relative change, ratio, mean,
 * sum, what is missing to 1 or 100. Only what the words around the claim speak of is tried, on the values as written and as the evidence has
 * them. Null where nothing fits.
 * @param lines values of one quantity each: a row or a column
 * @param options.isTold changes and ratios count only where the digits that are written say them well enough; default false
 */
export function derive(
  claim: Claim,
  lines: readonly (readonly Operand[])[],
  { isTold = false } = {},
): Derivation | null {
  const value = Math.abs(claim.number.value)
  const reach = reachOf(claim.number)
  if (!Number.isFinite(value) || Number.isNaN(reach) || claim.number.isSpread) return null
  // Half a unit of the last digit is where both roundings are right.
  const fits: Fits = (made) => Math.abs(Math.abs(made) - value) <= reach * (1 + 1e-6) + 1e-9 * value
  const wording = readWording(claim)
  if (!Object.values(wording).some(Boolean)) return null
  const usable = lines.map((line) => line.filter(({ claim: other }) => other !== claim && !other.number.isSpread))
  return (
    fromOne(claim, usable, { fits, wording }) ??
    fromPairs(claim, usable, { fits, wording, isTold }) ??
    fromLines(usable, { fits, wording })
  )
}

interface Trial {
  readonly fits: Fits
  readonly wording: Wording
}

/** What is missing to the whole: an error rate from an accuracy. */
function fromOne(claim: Claim, lines: readonly (readonly Operand[])[], { fits, wording }: Trial): Derivation | null {
  if (!wording.isRest) return null
  const whole = claim.number.unit === '%' || Math.abs(claim.number.value) > 1 ? 100 : 1
  for (const line of lines) {
    for (const { claim: other } of line) {
      const { value, decimals, text, unit } = other.number
      // an accuracy as a share, its errors in percent
      const isShare = whole === 100 && value < 1 && unit === null
      const [of, places] = isShare ? [100 * value, decimals - 2] : [value, decimals]
      if (places < claim.number.decimals || value <= 0 || of >= whole) continue
      if (fits(whole - of)) return { how: isShare ? `100 · (1 − ${text})` : `${whole} − ${text}`, from: [other] }
    }
  }
  return null
}

function fromPairs(
  claim: Claim,
  lines: readonly (readonly Operand[])[],
  { fits, wording: all, isTold }: Trial & { readonly isTold: boolean },
): Derivation | null {
  if (!all.isChange && !all.isDifference && !all.isRatio) return null
  let tried = 0
  for (const line of lines) {
    for (const a of line) {
      for (const b of line) {
        if (a === b || a.claim.number.value === 0 || b.claim.number.value === 0) continue
        tried += 1
        if (tried > mostPairs) return null
        const written = [a.claim.number.value, b.claim.number.value] as const
        const exact = [exactly(a), exactly(b)] as const
        const wording = isTold && !tellRatio(claim, [a, b]) ? { ...all, isChange: false, isRatio: false } : all
        const how = combine(claim, written, { fits, wording }) ?? combine(claim, exact, { fits, wording })
        if (how !== null) return { how: how(a.claim.number.text, b.claim.number.text), from: [a.claim, b.claim] }
      }
    }
  }
  return null
}

/** Units of a number's last digit that the rounding of two others may move their ratio by, either way, where they say it well enough. */
const mostUnits = 2

/** Whether two values are written with digits enough for a change or ratio of so many: 0.81 and 0.77 are 4 to 7 % apart, and not 5.2 %. */
function tellRatio({ number }: Claim, [a, b]: readonly [Operand, Operand]): boolean {
  const [first, second] = [a.claim.number, b.claim.number]
  const share = reachOf(first) / Math.abs(first.value) + reachOf(second) / Math.abs(second.value)
  const moved = Math.abs(first.value / second.value) * share * (number.unit === '%' ? 100 : 1)
  return moved <= mostUnits * 2 * reachOf(number)
}

/** Matching leaves signs out; the paper's is the one that counts. */
function exactly({ claim: { number }, exact }: Operand): number {
  return exact === null ? number.value : Math.abs(exact) * (number.value < 0 ? -1 : 1)
}

type How = (first: string, second: string) => string

/** Tries what can be made of two values; both orders come here. */
function combine(claim: Claim, [a, b]: readonly [number, number], { fits, wording }: Trial): How | null {
  const isPercent = claim.number.unit === '%'
  if (wording.isDifference && a > b) {
    // A difference of shares in percentage points; of anything else it is in its own unit.
    const isShare = Math.max(Math.abs(a), Math.abs(b)) <= 1.5
    if (isPercent && isShare) {
      if (fits(100 * (a - b))) return (first, second) => `100 · (${first} − ${second})`
    } else if (fits(a - b)) return (first, second) => `${first} − ${second}`
  }
  const ratio = a / b
  if (!Number.isFinite(ratio)) return null
  if (wording.isChange && (isPercent || wording.isPercentLabel) && fits(100 * (ratio - 1))) {
    return (first, second) => `(${first} − ${second}) / ${second}`
  }
  if (wording.isChange && wording.isRest && (isPercent || wording.isPercentLabel)) {
    // Errors where the table has accuracies.
    const whole = Math.max(a, b) > 1 ? 100 : 1
    if (a > 0 && b > 0 && a < whole && b < whole && fits(100 * ((whole - a) / (whole - b) - 1)))
      return (first, second) => `(${whole} − ${first}) / (${whole} − ${second}) − 1`
  }
  if (!wording.isRatio) return null
  return fits(isPercent ? 100 * ratio : ratio) ? (first, second) => `${first} / ${second}` : null
}

/** Mean and sum of a whole line. */
function fromLines(lines: readonly (readonly Operand[])[], { fits, wording }: Trial): Derivation | null {
  if (!wording.isMean && !wording.isSum) return null
  for (const line of lines) {
    if (line.length < 2) continue
    const from = line.map(({ claim }) => claim).slice(0, 3)
    for (const values of [line.map(({ claim }) => claim.number.value), line.map(exactly)]) {
      const sum = values.reduce((total, value) => total + value, 0)
      if (wording.isMean && fits(sum / line.length))
        return { how: `mean of ${line.length} values of one row or column`, from }
      if (wording.isSum && line.length > 2 && fits(sum))
        return { how: `sum of ${line.length} values of one row or column`, from }
    }
  }
  return null
}
