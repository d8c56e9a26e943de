import { allReferences, nameOfReference, placeOfReference } from '../references/collect-references.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** DOIs that have the form of none. */
export const doiMalformed: Rule = {
  id: 'doi-malformed',
  title: 'A DOI that cannot be one',
  part: 'none',
  catches:
    'A DOI without a registrant of four to nine digits behind `10.`, without a suffix, or with a placeholder (xxxx) in it.',
  misses: 'Invented DOIs of the right form: only a look-up can tell.',
  falsePositives: 'A DOI broken by a line end or by the conversion of the document.',
  find: ({ subject }) =>
    allReferences(subject).flatMap((reference): RuleFinding[] => {
      if (reference.doi === null || isDoi(reference.doi)) return []
      const message = `${reference.doi}, the DOI of ${nameOfReference(reference)}, has the form of none.`
      return [{ severity: 'minor', message, evidence: [placeOfReference(reference)] }]
    }),
}

/** @see https://www.doi.org/the-identifier/resources/handbook/2_numbering */
function isDoi(doi: string): boolean {
  return /^10\.\d{4,9}(?:\.\d{1,9})*\/\S+$/.test(doi) && !/x{3,}|\?{2,}|\/1234567|\.{3}/i.test(doi)
}
