import { bibliography, type Publication } from './bibliography.ts'

const citation = /\[@(\w+)\]/g

/** Replaces each `[@key]` by author and year. Throws on an unknown key. */
export function renderCitations(text: string): string {
  return text.replace(citation, (_, key: string) => {
    const { shortName, year } = publication(key)
    return `(${shortName}, ${year})`
  })
}

/** The works cited in a text, each once, in the order of their first mention. */
export function citedIn(text: string): Publication[] {
  return [...new Set([...text.matchAll(citation)].map(([, key]) => key ?? ''))].map(publication)
}

function publication(key: string): Publication {
  const found = new Map<string, Publication>(Object.entries(bibliography)).get(key)
  if (found === undefined) throw new Error(`nothing is known of the publication "${key}"`)
  return found
}
