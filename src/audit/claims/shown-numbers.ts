import type { Range } from './hidden-ranges.ts'

/** A text with its numbers as readers see them, and where a range of it stands in what was written. */
export interface ShownText {
  readonly text: string
  readonly placeOf: (start: number, end: number) => { readonly start: number; readonly end: number }
}

const invisible =
  '\\u00AD\\u034F\\u061C\\u180E\\u200B-\\u200F\\u2060-\\u2064\\uFE00-\\uFE0F\\uFEFF\\u{E0000}-\\u{E007F}\\u{E0100}-\\u{E01EF}'
/** Between the digits of one number: what is not seen there, marks of bold type, and empty groups. Each is bounded, and none stands for a break. */
const within = new RegExp(
  `(?<=[\\d.,])(?:[${invisible}]{1,40}|(?:</?(?:b|i|u|em|strong|span|mark|wbr)>|<!--[^<>-]{0,40}-->|\\{\\}|\\\\!){1,4})(?=[\\d.,])|(?<=\\d\\.)\\*{1,3}(?=\\d)|(?<=\\d\\.\\*{1,3}\\d{1,20})\\*{1,3}(?=\\d)|(?<=\\d)\\*{2,3}(?=\\.\\d)`,
  'gu',
)
/** Digits and points under other codes: full width, mathematical alphabets, references by number. */
const foreign =
  /[\uFF10-\uFF19]|(?<=[\uFF10-\uFF19])\uFF0E(?=[\uFF10-\uFF19])|[\u{1D7CE}-\u{1D7FF}]|&#(?:4[68]|49|5[0-7]);|&period;/gu

/**
 * Numbers that are written so that a reader sees them and a search does not are put into plain digits. All other text stays as it is.
 * Line breaks are kept. Linear in the text.
 */
export function showNumbers(written: string): ShownText {
  const changes: { range: Range; put: string }[] = []
  for (const { 0: whole, index } of written.matchAll(foreign))
    changes.push({ range: [index, index + whole.length], put: plainOf(whole) })
  const folded = apply(written, changes)
  const cuts: { range: Range; put: string }[] = []
  for (const { 0: whole, index } of folded.text.matchAll(within))
    cuts.push({ range: [index, index + whole.length], put: '' })
  if (cuts.length === 0) return folded
  const cut = apply(folded.text, cuts)
  return {
    text: cut.text,
    placeOf(start, end) {
      const inner = cut.placeOf(start, end)
      return folded.placeOf(inner.start, inner.end)
    },
  }
}

function plainOf(mark: string): string {
  if (mark === '&period;') return '.'
  const code = mark.startsWith('&#') ? Number(mark.slice(2, -1)) : (mark.codePointAt(0) ?? 0)
  if (code >= 0x1d7ce) return String((code - 0x1d7ce) % 10)
  return String.fromCodePoint(code >= 0xff00 ? code - 0xfee0 : code)
}

/** @param changes in order, and apart */
function apply(text: string, changes: readonly { readonly range: Range; readonly put: string }[]): ShownText {
  if (changes.length === 0) return { text, placeOf: (start, end) => ({ start, end }) }
  const parts: string[] = []
  /** Where in the new text each change ends, and how much longer the old text is up to there. */
  const ends: number[] = []
  const shifts: number[] = []
  const isCut = changes.every(({ put }) => put === '')
  let at = 0
  let length = 0
  for (const { range, put } of changes) {
    const kept = text.slice(at, range[0])
    parts.push(kept, put)
    length += kept.length + put.length
    at = range[1]
    ends.push(length)
    shifts.push(at - length)
  }
  parts.push(text.slice(at))
  const shiftAt = (place: number): number => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : (shifts[low - 1] ?? 0)
  }
  return {
    text: parts.join(''),
    // what is cut right behind a range is no part of it
    placeOf: (start, end) => ({
      start: start + shiftAt(start),
      end: end + shiftAt(isCut && end > start ? end - 1 : end),
    }),
  }
}
