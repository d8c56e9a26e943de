import type { CitingDocument } from './read-references.ts'

/** A mark in the text that points to the bibliography. */
export type Citation = { readonly line: number; readonly quote: string } & (
  | { readonly kind: 'number'; readonly numbers: readonly number[] }
  | { readonly kind: 'key'; readonly keys: readonly string[] }
  | { readonly kind: 'author'; readonly surname: string; readonly year: number }
)

const longestLine = 50_000
const name = String.raw`\p{Lu}[\p{L}'’-]{1,40}`
const others = String.raw`(?: et al\.?| (?:and|&) (?:colleagues|${name})|(?:, ${name}){1,3},? (?:and|&) ${name})?`
const numberPattern = /(?<![\w\])!^{\\])\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,12})\](?![(:[{\w])/g
const narrativePattern = new RegExp(`(${name})${others},? ?[([]((?:19|20)\\d\\d)[a-z]?[)\\]]`, 'gu')
const bracketedPattern = /\(([^()]{6,400})\)/g
const itemPattern = new RegExp(
  `^(?:.{0,40}[a-z.,:] )?(${name})(?: (${name}))?${others},? ((?:19|20)\\d\\d)[a-z]?$`,
  'u',
)
const keyPattern =
  /\\(?:cite|citep|citet|citealp|autocite|parencite|textcite)\*?(?:\[[^\]]{0,80}\]){0,2}\{([^}]{1,400})\}/g
const pandocPattern = /\[((?:[^[\]@\n]{0,40}@[\w:.-]{2,60}[^[\]@\n]{0,40}){1,10})\]/g
const intervalWord = /\b(?:range|interval|scale|between|within|CI|in|from|to|of|size|shape|into|values?)\s*:?\s*$/i
/** What stands before a year in brackets and is no author. */
const noAuthors =
  /^(january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter|figure|table|section|eq|equation|since|in|the|this|our|version|python|release|accessed|year|early|late|mid|until|from|and|for|neurips|icml|iclr|acl|emnlp|cvpr|aaai)$/i

const read = new WeakMap<CitingDocument, readonly Citation[]>()

/** Citations in the body, in order: `[12]`, `(Smith et al., 2024)`, `Smith (2024)`, `[@key]`, `\cite{key}`. Read once per document. */
export function readCitations(document: CitingDocument): readonly Citation[] {
  const known = read.get(document)
  if (known !== undefined) return known
  const citations = document.body.flatMap((line, index) =>
    line === null || !/[\d\\@]/.test(line) ? [] : citationsOfLine(line.slice(0, longestLine), index + 1),
  )
  read.set(document, citations)
  return citations
}

function citationsOfLine(written: string, line: number): Citation[] {
  const text = written.replace(/`[^`]{0,200}`|\$[^$]{1,300}\$|!?\[[^\]]{0,200}\]\([^)]{0,400}\)/g, (match) =>
    ' '.repeat(match.length),
  )
  const found: { citation: Citation; start: number }[] = []
  const add = (start: number, citation: Citation): void => {
    found.push({ citation, start })
  }
  for (const match of text.matchAll(numberPattern)) {
    const before = text.slice(Math.max(0, match.index - 24), match.index)
    const numbers = readNumbers(match[1] ?? '')
    // Two numbers may be an interval; a single one hardly is.
    const isValue = /[=∈]\s*$/.test(before) || (numbers.length === 2 && intervalWord.test(before))
    if (numbers.length > 0 && !isValue)
      add(match.index, { kind: 'number', numbers, line, quote: quoteAt(text, match.index) })
  }
  for (const match of [...text.matchAll(keyPattern), ...text.matchAll(pandocPattern)]) {
    const inside = match[1] ?? ''
    const keys = inside.includes('@')
      ? [...inside.matchAll(/@([\w:.-]{1,60}\w)/g)].map((key) => key[1] ?? '')
      : inside.split(',').map((key) => key.trim())
    add(match.index, { kind: 'key', keys: keys.filter((key) => key !== ''), line, quote: quoteAt(text, match.index) })
  }
  for (const match of text.matchAll(narrativePattern)) addAuthor(match[1], match[2], match.index)
  for (const match of text.matchAll(bracketedPattern))
    for (const item of (match[1] ?? '').split(';')) {
      const cited = itemPattern.exec(item.trim())
      if (cited !== null && /,|et al| and | & /.test(item)) addAuthor(cited[2] ?? cited[1], cited[3], match.index)
    }
  return found.toSorted((a, b) => a.start - b.start).map(({ citation }) => citation)

  function addAuthor(surname: string | undefined, year: string | undefined, start: number): void {
    if (surname === undefined || noAuthors.test(surname)) return
    add(start, { kind: 'author', surname, year: Number(year), line, quote: quoteAt(text, start) })
  }
}

function readNumbers(inside: string): number[] {
  const numbers: number[] = []
  for (const part of inside.split(/[,;]/)) {
    const [from, to] = part.split(/[–-]/).map((piece) => Number(piece.trim()))
    if (from === undefined || from === 0) return []
    if (to !== undefined && (to <= from || to - from > 30)) return []
    for (let number = from; number <= (to ?? from); number += 1) numbers.push(number)
  }
  return numbers
}

function quoteAt(text: string, at: number): string {
  return text
    .slice(Math.max(0, at - 60), at + 100)
    .replace(/\s+/g, ' ')
    .trim()
}
