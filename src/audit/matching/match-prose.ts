import type { Claim, DocumentClaims } from '../claims/claim.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { ClaimMatch } from './match.ts'
import type { Lookup } from './lookup.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import type { HasCompanion } from './companions.ts'
import { derive } from './derive.ts'
import { claimPlace, derivedMatch, matchValue } from './match-evidence.ts'
import type { OwnCell } from './own-tables.ts'
import { isSameNumber, namedCell, repeatedCells } from './own-tables.ts'
import type { QuantityLine } from './quantity-lines.ts'
import { namedLines } from './quantity-lines.ts'
import { clauseAround, readWording } from './wording.ts'

export interface ProseFacts {
  readonly pool: EvidencePool
  readonly lookup: Lookup
  readonly hasCompanion: HasCompanion
  readonly own: readonly OwnCell[]
  /** Of the cells. */
  readonly matches: ReadonlyMap<number, ClaimMatch>
  readonly lines: readonly QuantityLine[]
  /** Folded words of a sentence. */
  readonly wordsOf: (sentence: string) => ReadonlySet<string>
}

/** Folds a sentence once for all of its numbers. */
export function rememberWords(): (sentence: string) => ReadonlySet<string> {
  let last = ''
  let words: ReadonlySet<string> = new Set()
  return (sentence) => {
    if (sentence !== last) words = new Set(foldWords(sentence))
    last = sentence
    return words
  }
}

/** Sentences that are read; longer ones are no sentences. */
const longestSentence = 1_500
/** Digits from which on a number is known again without its name. */
const fewestKnownAgain = 3

/**
 * A number of the text: it repeats a cell of the paper's own tables and shares its fate, or stands in the evidence, or follows from cells; or its sentence names one
 * cell and gives another number.
 */
export function matchProse(claim: Claim, document: DocumentClaims, facts: ProseFacts): ClaimMatch {
  const { where } = claim
  const text = where.kind === 'prose' ? where.sentence.slice(0, longestSentence) : ''
  const sentence = facts.wordsOf(text)
  const repeated = repeatedCells(claim, sentence, facts.own)[0]
  const inherit = (cell: OwnCell): ClaimMatch => inheritFrom(claim, cell, facts)
  if (repeated !== undefined && repeated.named > 0 && !repeated.isElsewhere) return inherit(repeated.cell)
  const found = matchValue(claim, document, facts)
  const derivation = derive(claim, namedLines(sentence, facts.lines))
  const meant =
    derivation === null ? otherCell(claim, text, { document, own: facts.own, wordsOf: facts.wordsOf }) : null
  if (meant !== null) {
    const evidence = [{ ...claimPlace(meant.claim, ''), role: 'contradicts' as const }]
    return { claim: claim.id, status: 'contradicted', strength: 'weak', evidence, collision: found.collision }
  }
  if (found.strength === 'strong' && found.status === 'traced') return found
  if (derivation !== null) return derivedMatch(claim, derivation, found.collision)
  if (found.strength === 'strong' || found.strength === 'weak') return found
  if (repeated !== undefined && claim.number.significant >= fewestKnownAgain) return inherit(repeated.cell)
  return found
}

function inheritFrom(claim: Claim, cell: OwnCell, { matches, lookup }: ProseFacts): ClaimMatch {
  const match = matches.get(cell.claim.id)
  const status = match === undefined || match.status === 'unchecked' ? 'traced' : match.status
  const strength = match === undefined || match.status === 'unchecked' ? 'weak' : match.strength
  const evidence = [claimPlace(cell.claim, ''), ...(match?.evidence ?? [])].slice(0, 3)
  return { claim: claim.id, status, strength, evidence, collision: lookup.collision(claim) }
}

/** Numbers further apart than this are of different kinds. */
const mostTimes = 3

/** The cell that a sentence names where it gives another number of the same kind; null where it speaks of a change, or gives the cell's number too. */
function otherCell(
  claim: Claim,
  text: string,
  { document, own, wordsOf }: { document: DocumentClaims } & Pick<ProseFacts, 'own' | 'wordsOf'>,
): OwnCell | null {
  const wording = readWording(claim)
  if (wording.isDifference || wording.isRatio || claim.number.isSpread || claim.number.isApproximate) return null
  const clause = new Set(foldWords(clauseAround(text, claim.number.text)))
  const sentence = wordsOf(text)
  const meant =
    namedCell(own, { inRow: clause, inColumn: clause }) ??
    namedCell(own, { inRow: sentence, inColumn: clause }) ??
    namedCell(own, { inRow: clause, inColumn: sentence })
  if (meant === null) return null
  const { number } = meant.claim
  const times = Math.abs(number.value / claim.number.value)
  const isAlike = number.unit === claim.number.unit && number.decimals >= claim.number.decimals
  if (!isAlike || !(times < mostTimes && times > 1 / mostTimes)) return null
  const isSaid = document.claims.some((other) => inSentence(other, claim) && isSameNumber(other, meant.claim))
  return isSaid ? null : meant
}

function inSentence(a: Claim, b: Claim): boolean {
  return (
    a.where.kind === 'prose' &&
    b.where.kind === 'prose' &&
    a.where.sentence === b.where.sentence &&
    Math.abs(a.line - b.line) < 20
  )
}
