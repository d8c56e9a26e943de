import { collectReferences } from '../references/collect-references.ts'
import { type Citation, readCitations } from '../references/read-citations.ts'
import { foldText } from '../references/read-entry.ts'
import type { CitingDocument } from '../references/read-references.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestEntries = 3
const mostShown = 8

/** Citations of works that the bibliography does not hold. */
export const citationWithoutEntry: Rule = {
  id: 'citation-without-entry',
  title: 'A citation that no entry answers',
  part: 'none',
  catches:
    'Citations by number, key or author and year whose entry is missing from a bibliography of three entries or more.',
  misses: 'Documents without a bibliography, and authors who have another entry.',
  falsePositives: 'Names before a year that are no authors, and numbers in brackets that are no citations.',
  find: ({ subject }) =>
    collectReferences(subject).flatMap((document): RuleFinding[] => {
      const missing = citationsWithoutEntry(document)
      const [first] = missing
      if (first === undefined) return []
      const names = [...new Set(missing.flatMap(({ names: missed }) => missed))]
      const shown = `${names.slice(0, mostShown).join(', ')}${names.length > mostShown ? ` and ${names.length - mostShown} more` : ''}`
      const message = `${document.path} cites ${shown}, which its bibliography of ${document.references.length} entries does not hold.`
      const evidence = missing.slice(0, 3).map(({ citation }) => ({
        path: document.path,
        step: null,
        line: citation.line,
        quote: citation.quote,
        role: 'origin' as const,
      }))
      return [{ severity: 'minor', message, evidence }]
    }),
}

function citationsWithoutEntry(document: CitingDocument): { citation: Citation; names: string[] }[] {
  if (document.references.length < fewestEntries) return []
  const keys = new Set(document.references.map(({ key }) => key))
  const hasKeys = document.references.some(({ key }) => key !== null && !/^\d+$/.test(key))
  const words = new Set(document.references.flatMap(({ text }) => foldText(text).split(' ')))
  return readCitations(document).flatMap((citation) => {
    const names = missed(citation)
    return names.length === 0 ? [] : [{ citation, names }]
  })

  function isNamed(surname: string): boolean {
    return foldText(surname)
      .split(' ')
      .every((word) => words.has(word))
  }

  function missed(citation: Citation): string[] {
    switch (citation.kind) {
      case 'number':
        // A list of which nothing is an entry is no citation.
        if (
          !document.numbered ||
          (citation.numbers.length > 1 && !citation.numbers.some((number) => keys.has(`${number}`)))
        )
          return []
        return citation.numbers.filter((number) => !keys.has(`${number}`)).map((number) => `[${number}]`)
      case 'key':
        return hasKeys ? citation.keys.filter((key) => !keys.has(key)) : []
      case 'author':
        return [citation.surname, germanSpelling(citation.surname)].some(isNamed)
          ? []
          : [`${citation.surname} (${citation.year})`]
    }
  }
}

function germanSpelling(surname: string): string {
  return surname.replace(/[äöüÄÖÜ]/g, (letter) => `${letter.normalize('NFD').charAt(0)}e`)
}
