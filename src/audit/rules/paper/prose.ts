import type { EvidencePlace } from '../../../schema/audit.ts'
import type { Claim } from '../../claims/claim.ts'
import type { AuditFacts } from '../../facts.ts'

/** A sentence that holds numbers. */
export interface Sentence {
  readonly path: string
  readonly line: number
  readonly text: string
  /** In order. */
  readonly claims: readonly Claim[]
  /** Text of the whole document, which the claims' places count in. */
  readonly document: string
}

const mostClaims = 60
const read = new WeakMap<AuditFacts['documents'], readonly Sentence[]>()

/** Sentences with numbers, of all documents in order. Sentences with more than 60 numbers are data and left out. */
export function sentencesOf({ documents, subject }: AuditFacts): readonly Sentence[] {
  const known = read.get(documents)
  if (known !== undefined) return known
  const texts = new Map(subject.documents.map(({ path, text }) => [path, text]))
  const sentences: { path: string; line: number; text: string; claims: Claim[]; document: string }[] = []
  for (const { path, claims } of documents) {
    for (const claim of claims) {
      if (claim.where.kind !== 'prose') continue
      const last = sentences.at(-1)
      const text = claim.where.sentence
      if (last !== undefined && last.path === path && last.text === text && claim.line - last.line < 12)
        last.claims.push(claim)
      else sentences.push({ path, line: claim.line, text, claims: [claim], document: texts.get(path) ?? '' })
    }
  }
  const kept = sentences.filter((sentence) => sentence.claims.length <= mostClaims)
  read.set(documents, kept)
  return kept
}

/** What stands before a claim, at most `length` characters, of its own line or the one above. */
export function textBefore({ document }: Sentence, claim: Claim, length: number): string {
  return document.slice(Math.max(0, claim.start - length), claim.start)
}

export function textAfter({ document }: Sentence, claim: Claim, length: number): string {
  return document.slice(claim.end, claim.end + length)
}

export function textBetween({ document }: Sentence, one: Claim, other: Claim): string {
  const [first, second] = one.start <= other.start ? [one, other] : [other, one]
  return document.slice(first.end, Math.min(second.start, first.end + 400))
}

export function placeOfSentence(
  sentence: Sentence,
  role: EvidencePlace['role'] = 'origin',
  around?: Claim,
): EvidencePlace {
  const text = sentence.text.replace(/\s+/g, ' ')
  const at = around === undefined ? 0 : Math.max(0, text.indexOf(around.number.text) - 100)
  return { path: sentence.path, step: null, line: around?.line ?? sentence.line, quote: text.slice(at, at + 200), role }
}
