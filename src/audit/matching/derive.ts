import type { Claim } from '../claims/claim.ts'
import { reachOf } from './rounding.ts'

/** A value that is itself supported, and what it may be combined with. */
export interface Operand {
  readonly claim: Claim
  readonly row: number
  readonly column: number
  readonly table: number
}

/** How a value follows from others, in words for readers. */
export interface Derivation {
  readonly how: string
  readonly from: readonly Claim[]
}

/** Pairs that are tried for one claim; beyond, anything can be had from something. */
const mostPairs = 4_000
/** Longer texts around a number say nothing of how it was made. */
const longestLabel = 1_000

type Range = readonly [low: number, high: number]

/** What the words around a number say of how it was made. */
interface Wording {
  readonly isChange: boolean
  readonly isDifference: boolean
  readonly isRatio: boolean
  readonly isMean: boolean
  readonly isSum: boolean
  readonly isRest: boolean
}

/**
 * Finds the sum of arithmetic that makes a claim of at most two supported values, or of a whole row or column: difference, relative change,
 * ratio, mean, sum, what is missing to 1 or 100. Only sums that the words around the claim speak of are tried, and each value counts as all
 * that it may have been before it was rounded. Null where nothing fits.
 */
export function derive(claim: Claim, operands: readonly Operand[]): Derivation | null {
  const wanted = rangeOf(claim)
  if (wanted === null || claim.number.isSpread) return null
  const [low, high] = wanted
  const fits = ([from, to]: Range) => from <= high && to >= low
  const lines = linesOf(operands)
  const wording = readWording(claim)
  return (
    (wording.isRest ? fromOne(claim, operands, fits) : null) ??
    fromPairs(claim, lines, { fits, wording }) ??
    (wording.isMean || wording.isSum ? fromLines(claim, lines, { fits, wording }) : null)
  )
}

function readWording(claim: Claim): Wording {
  const { where } = claim
  const text = (where.kind === 'cell' ? `${where.rowLabel} ${where.columnLabel}` : where.sentence).slice(0, longestLabel)
  const isChange =
    /\b(?:improv|increas|decreas|reduc|gain|drop|higher|lower|faster|slower|better|worse|relative|outperform|boost|degrad|chang|fewer|less|more|rise|declin|sav|cut|surpass|exceed|speed|advantage|overhead|cost)|[Δδ+]|\\Delta/i.test(text)
  return {
    isChange,
    isDifference: isChange || /\b(?:differ|gap|point|pp\b|delta|margin|by\b)/i.test(text),
    isRatio: claim.number.unit === '×' || /\b(?:ratio|speed-?up|times|factor|fold)\b|×/i.test(text),
    isMean: /\b(?:mean|averag|avg|overall)/i.test(text),
    isSum: /\b(?:total|sum|combin|overall|together)/i.test(text),
    isRest: /\b(?:error|rate|reduc|sav|remain|sparsity|loss|drop|fail|fewer|less|compress|prun|miss|wrong|incorrect)/i.test(text),
  }
}

function rangeOf(claim: Claim): Range | null {
  const value = Math.abs(claim.number.value)
  const reach = reachOf(claim.number)
  if (!Number.isFinite(value) || Number.isNaN(reach)) return null
  const noise = 1e-9 * value
  return [value - reach - noise, value + reach + noise]
}

/** Operands of one row or of one column of one table. */
function linesOf(operands: readonly Operand[]): Operand[][] {
  const lines = new Map<string, Operand[]>()
  for (const operand of operands) {
    if (operand.claim.number.isSpread) continue
    for (const key of [`column ${operand.table} ${operand.column}`, `row ${operand.table} ${operand.row}`]) {
      const line = lines.get(key)
      if (line === undefined) lines.set(key, [operand])
      else line.push(operand)
    }
  }
  return [...lines.values()].filter((line) => line.length > 1)
}

function signedRange(claim: Claim): Range {
  const reach = reachOf(claim.number)
  return [claim.number.value - reach, claim.number.value + reach]
}

/** What is missing to the whole: an error rate from an accuracy. */
function fromOne(claim: Claim, operands: readonly Operand[], fits: (range: Range) => boolean): Derivation | null {
  const whole = claim.number.unit === '%' || Math.abs(claim.number.value) > 1 ? 100 : 1
  for (const { claim: other } of operands) {
    if (other.number.decimals < claim.number.decimals || other.number.isSpread) continue
    const [low, high] = signedRange(other)
    if (low < 0 || high > whole) continue
    if (fits([whole - high, whole - low])) return { how: `${whole} − ${other.number.text}`, from: [other] }
  }
  return null
}

interface Trial {
  readonly fits: (range: Range) => boolean
  readonly wording: Wording
}

function fromPairs(claim: Claim, lines: readonly Operand[][], trial: Trial): Derivation | null {
  const { wording } = trial
  if (!wording.isChange && !wording.isDifference && !wording.isRatio) return null
  let tried = 0
  for (const line of lines) {
    for (const { claim: a } of line) {
      for (const { claim: b } of line) {
        if (a === b) continue
        tried += 1
        if (tried > mostPairs) return null
        const how = combine(claim, [a, b], trial)
        if (how !== null) return { how, from: [a, b] }
      }
    }
  }
  return null
}

/** Tries what can be made of two values; both orders come here. */
function combine(claim: Claim, [a, b]: readonly [Claim, Claim], { fits, wording }: Trial): string | null {
  const first = signedRange(a)
  const second = signedRange(b)
  const isPercent = claim.number.unit === '%'
  if (wording.isDifference && a.number.value > b.number.value) {
    const difference: Range = [first[0] - second[1], first[1] - second[0]]
    const isShare = a.number.value <= 1.5 && a.number.unit !== '%'
    // A difference of shares as percentage points; of anything else it is in their own unit.
    if (isPercent && isShare) {
      if (fits([100 * difference[0], 100 * difference[1]])) return `100 · (${a.number.text} − ${b.number.text})`
    } else if (fits(difference)) return `${a.number.text} − ${b.number.text}`
  }
  // What is divided by must be safely away from 0.
  if (second[0] <= 0 && second[1] >= 0) return null
  const ratios = [first[0] / second[0], first[0] / second[1], first[1] / second[0], first[1] / second[1]]
  const ratio: Range = [Math.min(...ratios), Math.max(...ratios)]
  if (ratio[1] - ratio[0] > 0.2 * Math.abs(ratio[1])) return null
  if (wording.isChange && isPercent) {
    const change: Range = [100 * (ratio[0] - 1), 100 * (ratio[1] - 1)]
    const size: Range = change[0] >= 0 ? change : [-change[1], -change[0]]
    if (size[0] >= 0 && fits(size)) return `(${a.number.text} − ${b.number.text}) / ${b.number.text}`
  }
  if (!wording.isRatio) return null
  const scaled: Range = isPercent ? [100 * ratio[0], 100 * ratio[1]] : ratio
  return fits(scaled) ? `${a.number.text} / ${b.number.text}` : null
}

/** Mean and sum of a whole row or column. */
function fromLines(claim: Claim, lines: readonly Operand[][], { fits, wording }: Trial): Derivation | null {
  for (const line of lines) {
    const members = line.filter(({ claim: other }) => other !== claim)
    if (members.length < 2) continue
    let low = 0
    let high = 0
    for (const { claim: other } of members) {
      const range = signedRange(other)
      low += range[0]
      high += range[1]
    }
    const count = members.length
    const from = members.map(({ claim: other }) => other).slice(0, 3)
    if (wording.isMean && fits([low / count, high / count])) {
      return { how: `mean of ${count} values of its row or column`, from }
    }
    if (wording.isSum && count > 2 && fits([low, high])) return { how: `sum of ${count} values of its row or column`, from }
  }
  return null
}
