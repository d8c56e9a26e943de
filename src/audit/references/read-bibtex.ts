import { readEntry } from './read-entry.ts'
import type { Reference } from './reference.ts'

const longestEntry = 20_000
const mostEntries = 5_000

/** Entries of BibTeX in a text, each `@type{key, field = value, …}`; what is not closed ends at the next `@type{`. Linear in the text. */
export function readBibtex(text: string, path: string): Reference[] {
  const starts = [...text.matchAll(/^[ \t]{0,8}@([A-Za-z]{3,20})[ \t]{0,8}\{[ \t]{0,8}([^\s,{}]{1,100})[ \t]{0,8},/gm)]
    .filter((match) => !/^(comment|string|preamble)$/i.test(match[1] ?? ''))
    .slice(0, mostEntries)
  let line = 1
  let counted = 0
  return starts.map((match, index) => {
    line += lineBreaks(text, counted, match.index)
    counted = match.index
    const end = Math.min(starts[index + 1]?.index ?? text.length, match.index + longestEntry)
    return readFields(text.slice(match.index + match[0].length, end), { path, line, key: match[2] ?? null })
  })
}

function readFields(body: string, at: { path: string; line: number; key: string | null }): Reference {
  const fields = new Map<string, string>()
  for (const match of body.matchAll(/(?:^|[,\n])\s{0,20}([A-Za-z]{2,20})\s{0,8}=\s{0,8}/g)) {
    const name = (match[1] ?? '').toLowerCase()
    if (!fields.has(name)) fields.set(name, valueAt(body, match.index + match[0].length))
  }
  const author = fields.get('author') ?? ''
  const eprint = fields.get('eprint')
  const read = readEntry([...fields.values()].join('. '), at)
  const title = fields.get('title') ?? null
  const year = Number(/\d{4}/.exec(fields.get('year') ?? fields.get('date') ?? '')?.[0] ?? Number.NaN)
  const isArxiv = eprint !== undefined && /arxiv|^\d{4}\./i.test(`${fields.get('archiveprefix') ?? ''}${eprint}`)
  return {
    ...at,
    text: [author, title ?? '', fields.get('year') ?? ''].filter((part) => part !== '').join('. '),
    surname: bibtexSurname(author),
    title,
    year: Number.isNaN(year) ? null : year,
    arxiv: isArxiv ? eprint.replace(/^arxiv:/i, '').replace(/v\d+$/, '') : read.arxiv,
    doi: fields.get('doi')?.replace(/^https?:\/\/(dx\.)?doi\.org\//, '') ?? read.doi,
    published:
      ['booktitle', 'publisher', 'volume'].some((name) => fields.has(name)) ||
      /^(?!.*arxiv)./i.test(fields.get('journal') ?? ''),
  }
}

function bibtexSurname(author: string): string | null {
  const first = author.split(/\sand\s/, 1)[0]?.trim() ?? ''
  const name = first.includes(',') ? first.split(',', 1)[0] : first.split(' ').at(-1)
  return name === undefined || name.trim() === '' ? null : name.trim()
}

/** A value in braces, in quotes or bare, without its braces. */
function valueAt(body: string, start: number): string {
  const opening = body[start]
  let depth = 0
  let end = start
  for (; end < body.length; end += 1) {
    const character = body[end]
    if (character === '{') depth += 1
    if (character === '}') depth -= 1
    if (opening === '{' && depth === 0) break
    if (opening === '"' && end > start && character === '"' && depth === 0) break
    if (opening !== '{' && opening !== '"' && (character === ',' || character === '\n' || depth < 0)) break
  }
  return body.slice(start, end).replace(/[{}"]/g, '').replace(/\s+/g, ' ').trim()
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
