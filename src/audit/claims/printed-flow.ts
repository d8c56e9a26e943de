/** A text put together from pieces of another, which remembers where each piece stood. */
export interface Flow {
  readonly length: () => number
  /** Takes a range of the document over and returns where it begins here. */
  readonly copy: (start: number, end: number) => number
  /** Adds what does not stand in the document. */
  readonly add: (written: string) => void
  readonly text: (start: number, end?: number) => string
  readonly whole: () => string
  /** Whether two lines go on without a blank between them. */
  readonly joins: (above: string, below: string) => boolean
  readonly placeOf: (start: number, end: number) => { readonly start: number; readonly end: number } | null
}

export function openFlow(document: string): Flow {
  const parts: string[] = []
  /** In order of `at`. */
  const pieces: { readonly at: number; readonly start: number; readonly length: number }[] = []
  let length = 0
  const add = (written: string): void => {
    parts.push(written)
    length += written.length
  }
  const copyPlain = (start: number, end: number): void => {
    if (end <= start) return
    pieces.push({ at: length, start, length: end - start })
    add(signs(document.slice(start, end)))
  }
  const text = (start: number, end = length): string => tail(parts, { length, start }).slice(0, end - start)
  return {
    length: () => length,
    add,
    text,
    whole: () => parts.join(''),
    copy: (start, end) => {
      const at = length
      let from = start
      for (const { 0: sign, index } of document.slice(start, end).matchAll(/[\ufb00-\ufb04]/g)) {
        copyPlain(from, start + index)
        add(ligatures.get(sign) ?? sign)
        from = start + index + 1
      }
      copyPlain(from, end)
      return at
    },
    joins: (above, below) => /\p{L}-$/u.test(above) && /^[\p{L}\d]/u.test(below),
    placeOf: (start, end) => {
      let low = 0
      let high = pieces.length - 1
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        if ((pieces[middle]?.at ?? 0) <= start) low = middle
        else high = middle - 1
      }
      const piece = pieces[low]
      if (piece === undefined || start < piece.at || end > piece.at + piece.length) return null
      return { start: piece.start + start - piece.at, end: piece.start + end - piece.at }
    },
  }
}

const ligatures = new Map([
  ['ﬀ', 'ff'],
  ['ﬁ', 'fi'],
  ['ﬂ', 'fl'],
  ['ﬃ', 'ffi'],
  ['ﬄ', 'ffl'],
])

/** Old fonts print < and > as ¡ and ¿. */
function signs(written: string): string {
  return written.replace(/[¿¡](?=\s?[\d.])/g, (sign) => (sign === '¿' ? '>' : '<'))
}

/** The text from a place on: the last parts only, so that a long document is not joined again and again. */
function tail(parts: readonly string[], place: { length: number; start: number }): string {
  let from = parts.length
  let at = place.length
  while (from > 0 && at > place.start) {
    from -= 1
    at -= parts[from]?.length ?? 0
  }
  return parts
    .slice(from)
    .join('')
    .slice(place.start - at)
}
