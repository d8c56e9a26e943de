import { readArxivId } from '../references/arxiv-id.ts'
import { allReferences, nameOfReference, placeOfReference } from '../references/collect-references.ts'
import type { Reference } from '../references/reference.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Years of references against the years their arXiv identifiers hold. */
export const arxivYear: Rule = {
  id: 'arxiv-year',
  title: 'A year that its arXiv identifier denies',
  part: 'none',
  catches:
    'A reference dated two years or more before its arXiv identifier was given, or two years or more after it where no other place of publication is named.',
  misses: 'Differences of one year, which conferences and new versions explain.',
  falsePositives: 'An old paper put on arXiv long after it was published, when the entry does not say where.',
  find: ({ subject }) =>
    allReferences(subject).flatMap((reference): RuleFinding[] => {
      const given = yearGiven(reference)
      if (given === null || reference.year === null) return []
      const later = reference.year - given
      if (Math.abs(later) < 2 || reference.published) return []
      const message = `${nameOfReference(reference)} is dated ${reference.year}, and arXiv:${reference.arxiv} was given in ${given}.`
      return [{ severity: 'minor', message, evidence: [placeOfReference(reference)] }]
    }),
}

function yearGiven(reference: Reference): number | null {
  if (reference.arxiv === null) return null
  const read = readArxivId(reference.arxiv)
  return read.kind === 'possible' ? read.date.year : null
}
