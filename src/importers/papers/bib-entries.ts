import { untilClosingBrace } from './latex-definitions.ts'
import type { Scope } from './latex-nodes.ts'

interface BibEntry {
  readonly key: string
  readonly fields: ReadonlyMap<string, string>
}

const longestEntry = 20_000
const mostEntries = 5_000

/** References out of BibTeX files: those that were cited, sorted by key, or all of them where none was. */
export function renderBibFiles(files: readonly string[], scope: Scope): string {
  const entries = new Map(files.flatMap(readEntries).map((entry) => [entry.key, entry]))
  const chosen = [...entries.values()].filter(({ key }) => scope.cited.size === 0 || scope.cited.has(key))
  if (chosen.length === 0) return ''
  const sorted = chosen.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return `\n\n## References\n\n${sorted.map((entry) => renderEntry(entry, scope)).join('\n')}\n\n`
}

function renderEntry({ key, fields }: BibEntry, scope: Scope): string {
  const field = (name: string): string => {
    const value = fields.get(name)
    return value === undefined
      ? ''
      : scope
          .renderText(value, { ...scope, depth: scope.depth + 1 })
          .replaceAll(/\s+/g, ' ')
          .trim()
  }
  const venue = ['journal', 'booktitle', 'howpublished', 'publisher', 'archiveprefix']
    .map(field)
    .find((text) => text !== '')
  const parts = [
    field('author').replaceAll(' and ', '; '),
    field('title'),
    [venue ?? '', field('eprint')].filter((text) => text !== '').join(' '),
    field('year'),
  ]
  const told = parts.filter((part) => part !== '').map((part) => part.replace(/\.$/, ''))
  return `- [${key}] ${told.join('. ')}.`
}

/** Entries of a BibTeX file; what is broken is passed over, and what only looks like an entry within one belongs to it. */
function readEntries(text: string): BibEntry[] {
  const entries: BibEntry[] = []
  let end = 0
  for (const match of text.matchAll(/@(\w{1,50})\s{0,99}\{\s{0,99}([^,\s{}]+)\s{0,99},/g)) {
    const [head, type = '', key = ''] = match
    if (match.index < end || ['comment', 'string', 'preamble'].includes(type.toLowerCase())) continue
    const start = match.index + head.length
    const body = untilClosingBrace(text.slice(start, start + longestEntry))
    if (body === null) continue
    end = start + body.length
    entries.push({ key, fields: readFields(body) })
    if (entries.length === mostEntries) break
  }
  return entries
}

function readFields(body: string): Map<string, string> {
  const fields = new Map<string, string>()
  const field = /([A-Za-z][\w-]*)\s*=\s*/y
  for (let index = 0; index < body.length; ) {
    field.lastIndex = index
    const match = field.exec(body)
    if (match === null) {
      index += Math.max(1, /^[\w-]*/.exec(body.slice(index, index + 200))?.[0].length ?? 1)
      continue
    }
    const start = field.lastIndex
    const value = readValue(body, start)
    fields.set((match[1] ?? '').toLowerCase(), value.text)
    index = value.end
  }
  return fields
}

/** A value in braces or quotation marks, or a bare word or number. */
function readValue(body: string, start: number): { readonly text: string; readonly end: number } {
  if (body[start] === '{') {
    const text = untilClosingBrace(body.slice(start + 1)) ?? ''
    return { text, end: start + text.length + 2 }
  }
  if (body[start] === '"') {
    const end = body.indexOf('"', start + 1)
    return end === -1 ? { text: '', end: body.length } : { text: body.slice(start + 1, end), end: end + 1 }
  }
  const text = /^[^,\s}]*/.exec(body.slice(start))?.[0] ?? ''
  return { text, end: start + Math.max(1, text.length) }
}
