import { readArxivId } from '../references/arxiv-id.ts'
import { allReferences, nameOfReference, placeOfReference } from '../references/collect-references.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** arXiv identifiers that cannot exist. */
export const arxivImpossible: Rule = {
  id: 'arxiv-impossible',
  title: 'An arXiv identifier that cannot exist',
  part: 'none',
  catches:
    'A reference whose arXiv identifier breaks the rules they are given by: a month 13, five digits before 2015 or four after, a number no month has reached, a placeholder, a month after the work ended.',
  misses: 'Invented references with a possible identifier: only a look-up can tell.',
  falsePositives: 'A slip of the pen in a reference that does exist; a wrong date of the work itself.',
  find: ({ subject }) =>
    allReferences(subject).flatMap((reference): RuleFinding[] => {
      const reason = reference.arxiv === null ? null : impossible(reference.arxiv, subject.date)
      if (reason === null) return []
      const message = `arXiv:${reference.arxiv} of ${nameOfReference(reference)} cannot exist: ${reason}.`
      return [{ severity: 'major', message, evidence: [placeOfReference(reference)] }]
    }),
}

/** @param date of the work, `YYYY-MM` or longer; a month more is allowed, for clocks and time zones */
function impossible(id: string, date: string | null): string | null {
  const read = readArxivId(id)
  if (read.kind === 'impossible') return read.reason
  const ended = /^(\d{4})-(\d{2})/.exec(date ?? '')
  if (ended === null) return null
  const monthsLater = (read.date.year - Number(ended[1])) * 12 + read.date.month - Number(ended[2])
  return monthsLater > 1
    ? `it would be from ${read.date.year}-${`${read.date.month}`.padStart(2, '0')}, and the work ended ${date}`
    : null
}
