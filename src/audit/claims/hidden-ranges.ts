/** A part of a text: `[start, end)`. */
export type Range = readonly [number, number]

/**
 * What holds no claims inside text: comments, tags, addresses, pictures, citations, display mathematics, and the numbers of figures, tables and sections.
 * Ranges in any order. Linear in the text, whatever stands in it.
 */
export function hiddenRanges(text: string): Range[] {
  return [
    ...paired(text, { open: '<!--', close: '-->', most: 20_000 }),
    ...paired(text, { open: '$$', close: '$$', most: 3_000 }),
    ...paired(text, { open: '\\[', close: '\\]', most: 3_000 }),
    ...linkTargets(text),
    ...authorYears(text),
    ...commands(text),
    ...simple.flatMap((pattern) => matches(text, pattern)),
  ]
}

/** The text with blanks in place of the ranges: every place stays where it is. */
export function blankOut(text: string, ranges: readonly Range[]): string {
  const sorted = [...ranges].sort((left, right) => left[0] - right[0])
  const parts: string[] = []
  let at = 0
  for (const [start, end] of sorted) {
    if (end <= at) continue
    const from = Math.max(start, at)
    parts.push(text.slice(at, from), ' '.repeat(end - from))
    at = end
  }
  parts.push(text.slice(at))
  return parts.join('')
}

/** Each repeats what it matches within bounds, so no text makes them slow. */
const simple: readonly RegExp[] = [
  // citations by number: [12], [3, 4], [5-7]
  /\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20}\](?!\()/g,
  // tags
  /<\/?[A-Za-z][^<>\n]{0,400}>/g,
  // the numbers of figures, tables and the like
  /\b(?:fig(?:ure|s)?|figures|tab(?:le)?|tables|algorithms?|eqs?|equations?|listing|theorem|lemma|proposition|definition|corollary|appendix|phase|step|stage|chapter|footnote|page)\b\.?[ ~\u00a0]?\(?(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,2})?[a-z]?\b\)?(?!\.?\d|%)(?:\s?(?:,|and|&|–|-|to)\s?\d{1,3}(?!\d|\.\d|%)[a-z]?\b){0,10}/gi,
  /(?:\b(?:sec(?:tion|s|t)?|sections|appendix|chapters?)\b\.?|§+)[ ~\u00a0]?[A-Z]?\d{1,3}(?:\.\d{1,2}){0,4}(?:\s?(?:,|and|&|–|-|to)\s?\d{1,3}(?:\.\d{1,2}){1,4}){0,6}/gi,
  // (1) … (2) … in running text
  /(?<=[\s:,;*])\(\d{1,2}\)(?=[\s*])/g,
  // years of an author in running text: Smith et al. (2024)
  /\((?:19|20)\d\d[a-z]?\)/g,
]

function matches(text: string, pattern: RegExp): Range[] {
  return Array.from(text.matchAll(pattern), ({ 0: whole, index }): Range => [index, index + whole.length])
}

/** From each opening mark to the next closing one, when it is near and no blank line stands between. */
function paired(text: string, marks: { open: string; close: string; most: number }): Range[] {
  const { open, close, most } = marks
  const found: Range[] = []
  let from = 0
  for (;;) {
    const start = text.indexOf(open, from)
    if (start < 0) return found
    const end = text.indexOf(close, start + open.length)
    if (end < 0) return found
    // a mark that is quoted marks nothing, and a number alone is no formula
    const isQuoted = text[start - 1] === '`' || (text[start - 1] === '\\' && open === '<!--')
    const isValue = open !== '<!--' && isNumber(text, [start + open.length, end])
    const isNear = end - start <= most && !isQuoted && !isValue && !/\n[ \t]*\n/.test(text.slice(start, end))
    if (isNear) found.push([start, end + close.length])
    from = isNear || isValue ? end + close.length : start + open.length
    // far away from here the same closing mark would be found again and again
    if (!isNear && end - start > most) from = Math.max(from, end - most)
  }
}

/** Digits with what may stand beside them: a formula of these alone states a value. */
function isNumber(text: string, [start, end]: Range): boolean {
  return end - start <= 60 && /^[\s\d.,%±+−-]*\d[\s\d.,%±+−\\pm-]*$/.test(text.slice(start, end))
}

/** `](target)`, with the text of a picture before it. */
function linkTargets(text: string): Range[] {
  const found: Range[] = []
  let close = -1
  for (let at = text.indexOf(']('); at >= 0; at = text.indexOf('](', at + 2)) {
    if (close < at) close = text.indexOf(')', at)
    if (close < 0) return found
    if (close - at > 1_000) continue
    const open = text.lastIndexOf('[', at)
    const isPicture = open > 0 && at - open < 500 && text[open - 1] === '!'
    found.push([isPicture ? open - 1 : at, close + 1])
  }
  return found
}

/** `(Smith et al., 2024; Li, 2023)`. */
function authorYears(text: string): Range[] {
  const found: Range[] = []
  for (const { 0: whole, index } of text.matchAll(/\([^()\n]{4,300}\)/g)) {
    if (
      /^\((?:e\.g\.,? |see |cf\.? )?\p{Lu}/u.test(whole) &&
      /\b(?:19|20)\d\d[a-z]?(?=[;,)]|\s*\))/.test(whole) &&
      !/%|\d\.\d/.test(whole)
    )
      found.push([index, index + whole.length])
  }
  return found
}

/** LaTeX commands whose arguments name things or measure paper. */
function commands(text: string): Range[] {
  const found: Range[] = []
  for (const { 0: whole, 1: name, index } of text.matchAll(/\\([A-Za-z]{2,24})\*?/g)) {
    if (!naming.test(name ?? '')) continue
    let end = index + whole.length
    for (let groups = 0; groups < 4; groups += 1) {
      const close = text[end] === '{' ? '}' : text[end] === '[' ? ']' : ''
      if (close === '') break
      const at = text.slice(end, end + 400).indexOf(close)
      if (at < 0) break
      end += at + 1
    }
    found.push([index, end])
  }
  return found
}

const naming =
  /^(?:(?:no|text|paren|auto|foot)?cite[a-z]{0,8}|(?:eq|auto|page|name|c|C|v)?ref|label|url|href|includegraphics|bibliography|bibliographystyle|bibitem|[hv]space|setlength|addtolength|usepackage|documentclass|c?midrule|cline|rule|vskip|hskip|input|include|hypersetup|geometry|definecolor|cellcolor|rowcolor|textcolor|color|resizebox|scalebox|fontsize|setcounter|renewcommand|newcommand)$/
