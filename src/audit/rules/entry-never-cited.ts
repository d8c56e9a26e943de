import { collectReferences, nameOfReference, placeOfReference } from '../references/collect-references.ts'
import { readCitations } from '../references/read-citations.ts'
import { foldText } from '../references/read-entry.ts'
import type { CitingDocument } from '../references/read-references.ts'
import type { Reference } from '../references/reference.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestCitations = 3
const mostShown = 5

/** Entries of a bibliography that the text never mentions. */
export const entryNeverCited: Rule = {
  id: 'entry-never-cited',
  title: 'Entries that the text never cites',
  part: 'none',
  catches:
    'Entries of a bibliography that no number, key, first author or beginning of the title in the text points to, where the text does cite others.',
  misses:
    'Entries whose first author shares a name with anything in the text, and those of a LaTeX paper in several files.',
  falsePositives: 'Works mentioned under a name that neither their authors nor their title hold.',
  find: ({ subject }) => {
    const hasParts = subject.documents.filter(({ path }) => path.endsWith('.tex')).length > 1
    return collectReferences(subject).flatMap((document): RuleFinding[] => {
      // what one part does not cite another may
      if (hasParts && document.path.endsWith('.tex')) return []
      const uncited = entriesNeverCited(document)
      if (uncited.length === 0) return []
      const shown = uncited.slice(0, mostShown).map(nameOfReference).join('; ')
      const more = uncited.length > mostShown ? ` and ${uncited.length - mostShown} more` : ''
      const message = `${document.path} never cites ${uncited.length} of its ${document.references.length} entries: ${shown}${more}.`
      return [
        { severity: 'note', message, evidence: uncited.slice(0, 3).map((entry) => placeOfReference(entry, 'context')) },
      ]
    })
  },
}

function entriesNeverCited(document: CitingDocument): readonly Reference[] {
  const citations = readCitations(document)
  if (citations.length < fewestCitations) return []
  const numbers = new Set(
    citations.flatMap((citation) => (citation.kind === 'number' ? citation.numbers.map(String) : [])),
  )
  const keys = new Set(citations.flatMap((citation) => (citation.kind === 'key' ? citation.keys : [])))
  const authors = new Set(
    citations.flatMap((citation) => (citation.kind === 'author' ? [foldText(citation.surname)] : [])),
  )
  const text = ` ${document.body.map((line) => (line === null ? '' : foldText(line))).join(' ')} `
  const words = new Set(text.split(' '))
  const own = document.references.filter(({ path }) => path === document.path)
  return own.filter((reference) => {
    if (reference.key !== null && (numbers.has(reference.key) || keys.has(reference.key))) return false
    // Where numbers do the citing, names in the text are none, unless they stand with a year.
    if (document.numbered && numbers.size >= fewestCitations)
      return !authors.has(foldText(reference.surname ?? '')) && !mentionsTitle(reference.title ?? '', text)
    if (reference.surname === null) return false
    if (
      foldText(reference.surname)
        .split(' ')
        .some((word) => word.length > 1 && words.has(word))
    )
      return false
    return reference.title !== null && !mentionsTitle(reference.title, text)
  })
}

/** Its first three words, or the name before a colon: `GraphMix: Mixing …` is cited as GraphMix. */
function mentionsTitle(title: string, text: string): boolean {
  const name = title.includes(':') ? foldText(title.slice(0, title.indexOf(':'))) : ''
  const beginning = foldText(title).split(' ').slice(0, 3).join(' ')
  return [name, beginning].some((piece) => piece.length > 2 && text.includes(` ${piece} `))
}
