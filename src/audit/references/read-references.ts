import type { AuditFile } from '../subject/subject.ts'
import { readBibtex } from './read-bibtex.ts'
import { readEntry } from './read-entry.ts'
import type { Reference } from './reference.ts'

/** A document parted into its text and its bibliography. */
export interface CitingDocument {
  readonly path: string
  /** Lines outside bibliography, code and display maths; null for the rest. The first is line 1. */
  readonly body: readonly (string | null)[]
  readonly references: readonly Reference[]
  /** Whether entries carry numbers that citations can name. */
  readonly numbered: boolean
}

const headingPattern = /^(#{1,6})\s|^\\(?:section|chapter)\*?\{/
const bibliographyPattern =
  /^(?:#{1,6}\s*)?(?:\*\*|__|\\(?:section|chapter)\*?\{)?\s*(?:\d{1,2}|[IVX]{1,5})?[.):]?\s*(?:\*\*|__)?\s*(?:references|bibliography|works cited|literature cited)\s*(?:\*\*|__|\})?\s*:?\s*(?:\*\*|__)?\s*#*$/i
const fencePattern = /^\s{0,3}(?:```|~~~)/
const markerPattern = /^\s{0,6}(?:\[(\d{1,4})\]|(\d{1,4})[.)]|[-*+•])\s+/

/**
 * Bibliography and body of a Markdown or LaTeX document. Entries are list items, numbered lines, paragraphs, \bibitem or BibTeX.
 * @param bibliographies .bib files beside it, whose entries count as its own where it cites keys
 */
export function readCitingDocument(document: AuditFile, bibliographies: readonly AuditFile[]): CitingDocument {
  const lines = document.text.split(/\r\n|\n|\r/)
  const fences = lines.flatMap((line, index) => (fencePattern.test(line) ? [index] : []))
  // A fence that nothing closes would hide the rest of the document.
  const unclosed = fences.length % 2 === 1 ? fences.at(-1) : undefined
  const body: (string | null)[] = []
  const references: Reference[] = []
  let region: 'body' | 'code' | 'maths' | 'bibliography' | 'bibitems' = 'body'
  let depth = 0
  let entry: { text: string; line: number; key: string | null } | null = null
  const flush = (): void => {
    if (entry !== null && looksLikeEntry(entry.text))
      references.push(readEntry(entry.text, { ...entry, path: document.path }))
    entry = null
  }
  for (const [index, line] of lines.entries()) {
    body.push(null)
    const at = index + 1
    const heading = headingPattern.exec(line)
    if (region === 'bibliography' && heading !== null && (heading[1]?.length ?? 1) <= depth) {
      flush()
      region = 'body'
    }
    if (region === 'bibitems') {
      const item = /^\s{0,20}\\bibitem(?:\[[^\]]{0,200}\])?\{([^}]{1,100})\}/.exec(line)
      if (item !== null || line.includes('\\end{thebibliography}')) flush()
      if (line.includes('\\end{thebibliography}')) region = 'body'
      else if (item !== null) entry = { text: line.slice(item[0].length), line: at, key: item[1] ?? null }
      else if (entry !== null) entry = joined(entry, line)
    } else if (region === 'bibliography') {
      const marker = markerPattern.exec(line)
      if (line.trim() === '' || /^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) flush()
      else if (marker !== null || (entry !== null && beginsEntry(line, lines[index - 1] ?? ''))) {
        flush()
        entry = { text: line.slice(marker?.[0].length ?? 0), line: at, key: marker?.[1] ?? marker?.[2] ?? null }
      } else entry = entry === null ? { text: line, line: at, key: null } : joined(entry, line)
    } else if (fencePattern.test(line) && index !== unclosed) region = region === 'code' ? 'body' : 'code'
    else if (region !== 'code' && heading === null && line.split('$$', 20).length % 2 === 0)
      region = region === 'maths' ? 'body' : 'maths'
    else if (region === 'maths' && heading === null) continue
    else if (line.includes('\\begin{thebibliography}')) region = 'bibitems'
    else if (region !== 'code' && isBibliographyHeading(line)) {
      region = 'bibliography'
      depth = heading?.[1]?.length ?? (heading === null ? 6 : 1)
    } else if (region !== 'code') {
      region = 'body'
      body[index] = line
    }
  }
  flush()
  references.push(
    ...readBibtex(document.text, document.path),
    ...bibliographies.flatMap((file) => readBibtex(file.text, file.path)),
  )
  const numbered = references.length > 0 && references.every(({ key }) => key !== null && /^\d+$/.test(key))
  return { path: document.path, body, references, numbered }
}

/** Runs of blanks become one: the pattern allows for them in many places. */
function isBibliographyHeading(line: string): boolean {
  return line.length < 200 && bibliographyPattern.test(line.replace(/\s+/g, ' ').trim())
}

function joined<Entry extends { text: string }>(entry: Entry, line: string): Entry {
  return entry.text.length > 4_000 ? entry : { ...entry, text: `${entry.text} ${line.trim()}` }
}

/** A line under another without a blank line between: a new entry when the one above ended, or broke its line on purpose. */
function beginsEntry(line: string, above: string): boolean {
  if (!/^\s{0,3}[*_“"]{0,3}\p{Lu}/u.test(line)) return false
  if (/( {2}|\\)$/.test(above)) return true
  return /[.\])*_]\s*$/.test(above) && /^\s{0,3}[^,(]{2,60},.{0,400}(?:19|20)\d\d/.test(line)
}

function looksLikeEntry(text: string): boolean {
  return /(?:19|20)\d\d|arxiv|doi|https?:|n\.d\./i.test(text) && /\p{L}{3}/u.test(text)
}
