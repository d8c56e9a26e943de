import type { Claim } from '../claims/claim.ts'

/** What the words around a number say of how it was made. */
export interface Wording {
  readonly isChange: boolean
  readonly isDifference: boolean
  readonly isRatio: boolean
  readonly isMean: boolean
  readonly isSum: boolean
  /** What is left to a whole: errors, savings. */
  readonly isRest: boolean
  /** The label of a cell names percent, so that the cell need not. */
  readonly isPercentLabel: boolean
}

/** Longer labels say nothing of how a number was made. */
const longestLabel = 400
/** Characters of a sentence before and behind a number that say how it was made. */
const before = 90
const behind = 70

const change =
  /\bf[ae]lls?\b|\brose\b|\b(?:improv|increas|decreas|reduc|gain|drop|higher|lower|faster|slower|better|worse|relative|outperform|boost|degrad|chang|fewer|less|more|rise|declin|sav|cut|surpass|exceed|speed|advantage|overhead|grow|grew|shr[iu]nk|climb|halv|doubl)|[Δδ+]|\\Delta/i
const difference = /\b(?:differ|gap|points?\b|pp\b|delta|margin|by\b)/i
const ratio = /\b(?:ratio|speed-?up|times|factor|fold)\b|×/i
const mean = /\b(?:mean|averag|avg|overall)/i
/** In text, a metric may be called an average without being one of the cells. */
const meanOf = /\b(?:mean|averag\w{0,3}) (?:of|across|over)\b|\bon average\b|\baverag(?:ed|ing)\b|\boverall\b/i
const sum = /\b(?:total|sum|combin|overall|together)/i
const rest = /\b(?:error|mistak|reduc|sav|remain|sparsity|drop|fail|fewer|less|compress|prun|miss|wrong|incorrect)/i

export function readWording({ where, number }: Claim): Wording {
  const text =
    where.kind === 'cell'
      ? `${where.rowLabel} ${where.columnLabel}`.slice(0, longestLabel)
      : around(where.sentence, number.text)
  const isChange = change.test(text)
  return {
    isChange,
    isDifference: isChange || difference.test(text),
    isRatio: number.unit === '×' || ratio.test(text),
    isMean: (where.kind === 'cell' ? mean : meanOf).test(text),
    isSum: sum.test(text),
    isRest: rest.test(text),
    isPercentLabel: where.kind === 'cell' && /%|percent/i.test(text),
  }
}

/** A number that stands twice in its sentence is taken at its first place. */
function around(sentence: string, text: string): string {
  const at = Math.max(0, sentence.indexOf(text))
  return sentence.slice(Math.max(0, at - before), at + text.length + behind)
}

/** Where a sentence turns to something else. */
const turn = /[,;:]\s|\s(?:while|whereas|but|than|versus|vs\.?|compared|against|although|though|and)\s/gi

/** The part of a sentence that a number stands in: up to where it turns to something else. */
export function clauseAround(sentence: string, text: string): string {
  const at = Math.max(0, sentence.indexOf(text))
  let from = 0
  for (const match of sentence.matchAll(turn)) {
    if (match.index >= at + text.length) return sentence.slice(from, match.index)
    if (match.index + match[0].length <= at) from = match.index + match[0].length
  }
  return sentence.slice(from)
}
