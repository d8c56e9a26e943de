import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { ClaimContext } from './context.ts'
import { contextOf } from './context.ts'
import type { Hit } from './lookup.ts'

/** Words for what went wrong, and for what went right, as `foldWords` leaves them. */
const wrong = new Set('error err mistake miss misclassification incorrect wrong failure fail failed'.split(' '))
const right = new Set('accuracy correct success solved pass passed hit'.split(' '))
/** What stands in the evidence where the paper has a word of the one kind. */
const counterpart = { right: 'error', wrong: 'accuracy' } as const

/** The other share of a whole. */
export interface Complement {
  /** As if the paper stated it. */
  readonly claim: Claim
  readonly whole: 1 | 100
  readonly context: ClaimContext
  /** Whether evidence speaks of the other share. */
  readonly isOther: (hit: Hit) => boolean
}

/**
 * What a share leaves to the whole, where its words speak of successes or of failures: an accuracy whose error rate the evidence has. Null for
 * anything else.
 */
export function complementOf(claim: Claim, document: DocumentClaims): Complement | null {
  const { number } = claim
  if (number.isSpread || number.value <= 0 || (number.unit !== null && number.unit !== '%')) return null
  const said = contextOf(claim, document.tables)
  const words = [...said.row, ...said.column, ...said.around]
  const [isRight, isWrong] = [words.some((word) => right.has(word)), words.some((word) => wrong.has(word))]
  if (isRight === isWrong) return null
  const whole = number.unit === '%' || number.value > 1 ? 100 : 1
  if (number.value >= whole) return null
  const [own, others] = isRight ? [right, wrong] : [wrong, right]
  const swap = (named: readonly string[]): string[] =>
    named.map((word) => (own.has(word) ? counterpart[isRight ? 'right' : 'wrong'] : word))
  const context = { row: swap(said.row), column: swap(said.column), around: swap(said.around) }
  return {
    claim: { ...claim, number: { ...number, value: whole - number.value } },
    whole,
    context,
    isOther: ({ evidence, kind }) => kind === 'process' && evidence.words.some((word) => others.has(word)),
  }
}
