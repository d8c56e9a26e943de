import { endsFold } from './after-number.ts'
import { isHyphen, isLetter, wordBefore } from './characters.ts'
import type { ScannedNumber } from './scan-numbers.ts'

/** Multiples in words: `two-fold`, `threefold`. The number's place is the word. */
export function scanFolds(text: string): ScannedNumber[] {
  const found: ScannedNumber[] = []
  for (let at = text.indexOf('fold'); at >= 0; at = text.indexOf('fold', at + 4)) {
    if (isLetter(text.charCodeAt(at + 4)) || !endsFold(text, at + 4)) continue
    const end = isHyphen(text[at - 1]) || text[at - 1] === ' ' ? at - 1 : at
    const word = wordBefore(text, end)
    const value = multiples.get(word.toLowerCase())
    if (value === undefined) continue
    const start = end - word.length
    // contributions are threefold
    if (text[start - 1] === ' ' && /^(?:is|are|was|were)$/i.test(wordBefore(text, start - 1))) continue
    found.push({
      start,
      end,
      text: word,
      value,
      decimals: 0,
      significant: 1,
      unit: '×',
      isSpread: false,
      isApproximate: false,
    })
  }
  return found
}

const multiples = new Map(
  ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((word, index): [string, number] => [
    word,
    index + 2,
  ]),
)
