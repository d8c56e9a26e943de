/** A stretch of a text that its human readers do not see, by offsets; `text` is what it says. */
export interface HiddenText {
  readonly start: number
  readonly end: number
  readonly text: string
  /** `markup`: a comment or a style keeps it from being shown. `zero-width`: it is spelt in characters without width. */
  readonly by: 'markup' | 'zero-width'
}

/** Ways to hide text in Markdown, HTML and LaTeX: where it opens, and what closes it. */
const hidings: readonly {
  readonly open: RegExp
  readonly close: readonly string[]
  readonly mostCharacters: number
}[] = [
  { open: /<!--/g, close: ['-->'], mostCharacters: 20_000 },
  {
    open: /<[a-z][a-z0-9]{0,20}\b[^<>]{0,300}?(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|opacity\s{0,9}:\s{0,9}0(?![.\d])|font-size\s{0,9}:\s{0,9}[01](?:px|pt|r?em|%)?(?![.\d])|(?<![-\w])color\s{0,9}[:=]\s{0,9}["']?(?:white|transparent|#fff(?:fff)?\b|rgba?\(255,\s?255,\s?255)|\shidden(?=[\s>=])|aria-hidden)[^<>]{0,300}>/gi,
    close: ['</'],
    mostCharacters: 5_000,
  },
  {
    open: /\\(?:textcolor\s?(?:\[[^\]]{0,20}\])?\s?\{[^{}]{0,40}\}|color\s?(?:\[[^\]]{0,20}\])?\s?\{[^{}]{0,40}\}|fontsize\s?\{[01](?:\.\d+)?(?:pt|em)?\}|[hv]?phantom\b)/g,
    close: ['}', '\\color', '\n\n'],
    mostCharacters: 2_000,
  },
  { open: /\\iffalse\b/g, close: ['\\fi'], mostCharacters: 20_000 },
  { open: /\\begin\{comment\}/g, close: ['\\end{comment}'], mostCharacters: 20_000 },
  { open: /^[ \t]{0,9}\[[^\]\n]{1,40}\]:[ \t]{0,9}(?:#|<>)[ \t]{0,9}["'(]/gm, close: ['\n'], mostCharacters: 2_000 },
]
/** Of LaTeX colours, those that vanish on white paper. */
const paperColour =
  /\{\s*(?:white|1(?:\.0)?\s*,\s*1(?:\.0)?\s*,\s*1(?:\.0)?|255\s*,\s*255\s*,\s*255|F{6}|gray!?0|1(?:\.0)?)\s*\}/i

/** Fewer characters without width stand in ordinary text: joiners of emoji and of Indic letters, marks of direction. */
const payload = /(?:(?![\u{E0000}-\u{E007F}])\p{Default_Ignorable_Code_Point}){14,}/gu
/** Letters of the Unicode block of tags; a flag has up to six of them behind a black flag. */
const tagLetters = /(?<![\u{1F3F4}\u{E0020}-\u{E007F}])[\u{E0020}-\u{E007E}]{2,}/gu

/** What a text holds that human readers do not see, in the order of its beginning. */
export function findHiddenText(text: string): HiddenText[] {
  return [...findMarkedUp(text), ...findPayloads(text)].toSorted((a, b) => a.start - b.start)
}

function findMarkedUp(text: string): HiddenText[] {
  return hidings.flatMap(({ open, close, mostCharacters }) => {
    const found: HiddenText[] = []
    let from = 0
    for (const match of text.matchAll(open)) {
      if (match.index < from) continue
      const [opening] = match
      if (/^\\(?:text)?color/.test(opening) && !paperColour.test(opening)) continue
      const begin = match.index + opening.length
      const within = text.slice(begin, begin + mostCharacters)
      const body = /^\s*\{/.test(within) ? within.slice(within.indexOf('{') + 1) : within
      const skipped = within.length - body.length
      const ends = close.map((mark) => body.indexOf(mark)).filter((at) => at !== -1)
      const length = ends.length === 0 ? body.length : Math.min(...ends)
      const start = begin + skipped
      from = start + length
      if (body.slice(0, length).trim() !== '')
        found.push({ start, end: from, text: body.slice(0, length), by: 'markup' })
    }
    return found
  })
}

function findPayloads(text: string): HiddenText[] {
  const spelt = [...text.matchAll(payload)].map((match) => ({ match, says: decodeBits(match[0]) }))
  const tagged = [...text.matchAll(tagLetters)].map((match) => ({
    match,
    says: Array.from(match[0], (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0xe0000)).join(''),
  }))
  return [...spelt, ...tagged].map(({ match, says }) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: says,
    by: 'zero-width',
  }))
}

/** ASCII text spelt in two kinds of characters, seven or eight bits a letter; else how many there are. */
function decodeBits(characters: string): string {
  const kinds = Map.groupBy(characters, (character) => character)
  const [first, second] = [...kinds].toSorted(([, a], [, b]) => b.length - a.length).map(([kind]) => kind)
  if (first !== undefined && second !== undefined)
    for (const [zero, one] of [
      [first, second],
      [second, first],
    ]) {
      const bits = Array.from(characters, (character) =>
        character === one ? '1' : character === zero ? '0' : '',
      ).join('')
      for (const width of [7, 8]) {
        const codes = bits.match(new RegExp(`[01]{${width}}`, 'g'))?.map((code) => Number.parseInt(code, 2)) ?? []
        if (codes.length > 0 && codes.every((code) => code === 10 || (code >= 32 && code < 127)))
          return String.fromCharCode(...codes.slice(0, 2_000))
      }
    }
  return `${characters.length} characters without width`
}
