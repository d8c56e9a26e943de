import { bibliography, type Publication } from './bibliography.ts'

const citation = /\[@(\w+)\]/g
const citationGroup = /\[@\w+\](?: \[@\w+\])*/g

/** Replaces each `[@key]`, and several in a row together, by author and year. Throws on an unknown key. */
export function renderCitations(text: string): string {
  return text.replace(
    citationGroup,
    (group) =>
      `(${citedIn(group)
        .map((cited) => `${cited.shortName}, ${yearOf(cited)}`)
        .join('; ')})`,
  )
}

/** An entry of a list of references. */
export function renderReference(cited: Publication): string {
  const sentences = [cited.authors, cited.title].map((part) => (/[.?!]$/.test(part) ? part : `${part}.`))
  return `${sentences.join(' ')} arXiv:${cited.arxivId}, ${yearOf(cited)}.`
}

const yearOf = ({ year, letter = '' }: Publication) => `${year}${letter}`

/** The works cited in a text, each once, in the order of their first mention. */
export function citedIn(text: string): Publication[] {
  return [...new Set([...text.matchAll(citation)].map(([, key]) => key ?? ''))].map(publication)
}

function publication(key: string): Publication {
  const found = new Map<string, Publication>(Object.entries(bibliography)).get(key)
  if (found === undefined) throw new Error(`nothing is known of the publication "${key}"`)
  return found
}
