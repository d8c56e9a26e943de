import type { AuditFacts } from '../facts.ts'
import type { Claim } from '../claims/claim.ts'
import { placeOfSentence, sentencesOf } from './paper/prose.ts'
import { placeOfRow, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Percentages beside the counts they are made of. */
export const fractionArithmetic: Rule = {
  id: 'fraction-arithmetic',
  title: 'A percentage that its own counts deny',
  part: 'none',
  catches:
    'A percentage in brackets beside `k/n`, `k of n` or `k out of n`, or the other way round, that is not k/n within a unit of its last digit.',
  misses: 'Counts that stand elsewhere.',
  falsePositives: 'Brackets that hold another percentage than that of the counts before them.',
  find: (facts: AuditFacts) => [...inSentences(facts), ...inCells(facts)],
}

const longest = 2_000
const countFirst =
  /(?<![\d.,/])(\d{1,6})\s?(?:\/|\bof\b|\bout of\b)\s?(?:the )?(\d{1,6})(?![\d.,/]\d)(?:\s[a-z-]{2,20}){0,3}\s?(?:\(|,\s|=\s?|or\s)\s?[~≈]?(\d{1,3}(?:\.\d{1,4})?)\s?\\?%/g
const percentFirst =
  /(?<![\d.,])(\d{1,3}(?:\.\d{1,4})?)\s?\\?%\s?[([]\s?(\d{1,6})\s?(?:\/|of|out of)\s?(?:the )?(\d{1,6})(?![\d.,/]\d)/g

interface Fraction {
  readonly quote: string
  readonly percent: string
  readonly count: number
  readonly total: number
}

function inSentences(facts: AuditFacts): RuleFinding[] {
  return sentencesOf(facts).flatMap((sentence) =>
    fractions(sentence.text).map((fraction) =>
      finding(fraction, sentence.claims, placeOfSentence(sentence, 'contradicts')),
    ),
  )
}

function inCells(facts: AuditFacts): RuleFinding[] {
  return tableViews(facts).flatMap((view) =>
    view.table.rows.flatMap(({ cells }, row) =>
      cells.flatMap((text, column) =>
        fractions(text).map((fraction) =>
          finding(fraction, view.claimsAt(row, column), placeOfRow(view, row, 'contradicts')),
        ),
      ),
    ),
  )
}

function fractions(text: string): Fraction[] {
  const short = text.slice(0, longest)
  const found = [
    ...[...short.matchAll(countFirst)].map((match) => ({
      quote: match[0],
      count: match[1],
      total: match[2],
      percent: match[3],
    })),
    ...[...short.matchAll(percentFirst)].map((match) => ({
      quote: match[0],
      count: match[2],
      total: match[3],
      percent: match[1],
    })),
  ]
  return found
    .map(({ quote, percent = '', count, total }) => ({
      quote: quote.trim(),
      percent,
      count: Number(count),
      total: Number(total),
    }))
    .filter((fraction) => !isRight(fraction))
}

function isRight({ percent, count, total }: Fraction): boolean {
  // Three out of two is no share, and 1/2 or 24/7 hardly a count.
  if (total < 5 || count > total) return true
  const unit = 10 ** -(percent.split('.')[1]?.length ?? 0)
  const share = (100 * count) / total
  // What is left over is sometimes meant: 3 of 20 failed (85 %).
  return [share, 100 - share].some((value) => Math.abs(value - Number(percent)) <= unit + 1e-9)
}

function finding(
  { quote, percent, count, total }: Fraction,
  claims: readonly Claim[],
  place: ReturnType<typeof placeOfRow>,
): RuleFinding {
  const message = `"${quote}": ${count} of ${total} are ${((100 * count) / total).toFixed(2)} %.`
  return {
    severity: 'major',
    claims: claims.filter(({ number }) => number.value === Number(percent)).map(({ id }) => id),
    message,
    evidence: [place],
  }
}
