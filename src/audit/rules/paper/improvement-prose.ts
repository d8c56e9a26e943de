import type { Claim } from '../../claims/claim.ts'
import type { AuditFacts } from '../../facts.ts'
import type { RuleFinding } from '../rule.ts'
import { isChange, shownChange } from './change.ts'
import { placeOfSentence, type Sentence, sentencesOf, textAfter, textBefore, textBetween } from './prose.ts'

const nouns = 'improvements?|increases?|reductions?|decreases?|gains?|drops?|declines?|boosts?|savings?|jump|rise|fall'
const comparatives = 'higher|lower|faster|slower|better|worse|less|more|fewer|smaller|larger|greater'
const qualifiers =
  '(?:(?:absolute|relative|percentage|overall|net|further|substantial|significant|notable|performance|point|points) ){0,3}'
const wordAfter = new RegExp(
  `^(?:\\\\?%|\\s?percent)?[*_$)]{0,3}[\\s-]{1,2}${qualifiers}(?:${nouns}|${comparatives})\\b`,
  'i',
)
const wordBefore =
  /(?:improv|increas|reduc|decreas|gain|drop|boost|rais|lower|outperform|declin|\bcut|degrad|rose|fell)[a-z]{0,6}\b[^.;:%]{0,40}\b(?:by|of)\s(?:(?:about|around|approximately|roughly|an average of|a)\s)?[~≈+*$(]{0,3}$/i
/** What leaves open how large the change is. */
const hedge =
  /\b(?:up to|over|more than|at least|at most|less than|nearly|almost|within|on average|average|averaging|between|cumulative)\s[^.;]{0,24}$|[<>≤≥]\s?\$?$/i
const pairWord = /\b(?:to|vs\.?|versus|compared (?:to|with)|against|than|relative to)\b|→|->|⟶|\\to\b/i
const otherChange = /;|,? \b(?:and|while|whereas|but|with|which|respectively)\b/i

/** Percentages of change in sentences that state the two values compared. */
export function improvementsInProse(facts: AuditFacts): RuleFinding[] {
  const sentences = sentencesOf(facts)
  return sentences.flatMap((sentence, index) => {
    const before = sentences[index - 1]
    const context =
      before !== undefined && before.path === sentence.path && sentence.line - before.line <= 2 ? before.claims : []
    return inSentence(
      sentence,
      context.filter((claim) => isValue(claim)),
    )
  })
}

function inSentence(sentence: Sentence, context: readonly Claim[]): RuleFinding[] {
  if (sentence.claims.length + context.length < 3) return []
  const changes = sentence.claims.filter((claim) => isStatedChange(sentence, claim))
  const values = sentence.claims.filter(
    (claim) => !changes.includes(claim) && isValue(claim) && !isInParenthesesOfChange(sentence, claim),
  )
  return changes.flatMap((change): RuleFinding[] => {
    const all = [...context, ...values]
    const pair =
      pairFor(sentence, change, values) ?? namedBaseline(sentence, change, all) ?? pairBefore(sentence, change, context)
    if (pair === null) return []
    const fits = all.some((one, index) =>
      all
        .slice(index + 1)
        .some(
          (other) =>
            (isSameOrder(one, other) || (one === pair[0] && other === pair[1])) &&
            isChange(change.number, one.number, other.number),
        ),
    )
    if (fits) return []
    const [from, to] = pair
    const message = `The text gives a change of ${change.number.text} % between ${from.number.text} and ${to.number.text}, which is ${shownChange(from.number.value, to.number.value)}.`
    return [
      {
        severity: 'major',
        claims: [change, from, to].map(({ id }) => id),
        message,
        evidence: [placeOfSentence(sentence, 'contradicts', change)],
      },
    ]
  })
}

function isValue({ number }: Claim): boolean {
  return (
    !number.isSpread && number.value !== 0 && !(number.decimals === 0 && number.value >= 1900 && number.value <= 2100)
  )
}

export function isStatedChange(sentence: Sentence, claim: Claim): boolean {
  const { number } = claim
  if (number.unit !== '%' || number.isSpread || number.value === 0) return false
  const before = textBefore(sentence, claim, 70)
  if (
    hedge.test(before) ||
    /\d\s?%?\s?[–-]\s?$/.test(before) ||
    /^\s?\\?%?\s?(?:[–-]|to)\s?\d/.test(textAfter(sentence, claim, 14))
  )
    return false
  return wordAfter.test(textAfter(sentence, claim, 70)) || wordBefore.test(before)
}

/** A p-value, a test statistic or an effect size is nothing that was improved. */
function isInParenthesesOfChange(sentence: Sentence, claim: Claim): boolean {
  return /(?:\b[pdtrzFNn]|\bCI|alpha|α|χ²?|kappa|κ)\)?\s?\$?\s?[=<>≤≥:]\s?[\s$\\[(-]{0,3}$/.test(
    textBefore(sentence, claim, 14),
  )
}

/** Two values with a word of comparison between them, beside the change. */
function pairFor(sentence: Sentence, change: Claim, values: readonly Claim[]): readonly [Claim, Claim] | null {
  for (const [index, one] of values.entries()) {
    const other = values[index + 1]
    if (other === undefined || one.number.unit !== other.number.unit) continue
    const between = textBetween(sentence, one, other)
    if (!isComparison(between)) continue
    if (/^\W{0,4}to\b/.test(between) && !/\bfrom\b[^.;]{0,30}$/i.test(textBefore(sentence, one, 36))) continue
    const near = change.start < one.start ? textBetween(sentence, change, one) : textBetween(sentence, other, change)
    if (near.length <= 60 && !otherChange.test(near)) return [one, other]
  }
  return null
}

/** `0.61 compared to 0.55. This is a 12 % improvement`: what "this" is stands in the sentence before, which must compare two values only. */
function pairBefore(sentence: Sentence, change: Claim, context: readonly Claim[]): readonly [Claim, Claim] | null {
  const [one, other] = context
  if (one === undefined || other === undefined || context.length !== 2 || one.number.unit !== other.number.unit)
    return null
  if (
    !/\b(?:this|which) (?:represents|is|means|corresponds to|amounts to|translates to|constitutes|marks)\b[^.;,]{0,40}$/i.test(
      textBefore(sentence, change, 80),
    )
  )
    return null
  return isComparison(textBetween(sentence, one, other)) ? [one, other] : null
}

function isComparison(between: string): boolean {
  return between.length <= 70 && pairWord.test(between) && !/[.;]\s/.test(between.replace(/\bvs\./g, 'vs'))
}

/** Accidental pairs of far apart values would explain any percentage. */
function isSameOrder(one: Claim, other: Claim): boolean {
  const quotient = Math.abs(one.number.value / other.number.value)
  return quotient > 0.1 && quotient < 10
}

/** `a 12 % improvement over the baseline (0.61)`, when the value improved stands before it. */
function namedBaseline(sentence: Sentence, change: Claim, values: readonly Claim[]): readonly [Claim, Claim] | null {
  const baseline = values.find((value) => {
    if (value.start < change.end || value.number.unit !== null) return false
    const between = textBetween(sentence, change, value)
    return (
      between.length <= 90 && /\b(?:over|than|compared to|compared with|relative to)\b[^.;,()]{2,60}\($/.test(between)
    )
  })
  if (baseline === undefined || /^[^)]{0,12}\d/.test(textAfter(sentence, baseline, 14).replace(/^[\s%]+/, '')))
    return null
  const improved = values.findLast(
    (value) => value.end < change.start && value.number.unit === baseline.number.unit && isComparable(value, baseline),
  )
  return improved === undefined ? null : [baseline, improved]
}

function isComparable(one: Claim, other: Claim): boolean {
  const quotient = Math.abs(one.number.value / other.number.value)
  return quotient > 0.05 && quotient < 20 && one.number.decimals === other.number.decimals
}
