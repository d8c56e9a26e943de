/** Whole numbers side by side in the 53 bits of a double, as the digits of a number system. */
export interface Packing {
  /** A power of two. */
  readonly base: number
  /** Digits in a double. */
  readonly perWord: number
}

/**
 * Sums over several resamples come at once when how often each of them holds a cluster is packed in one word: an addition or a
 * multiplication works on all of them, and is exact as long as none grows beyond its own digit.
 * @param largest what no such sum exceeds, 0 or more
 */
export function packingFor(largest: number): Packing {
  const perWord = Math.max(1, Math.floor(53 / Math.max(1, Math.ceil(Math.log2(largest + 1)))))
  // as wide as they may be, so that as many digits are always of one base, and what was packed serves again
  return { base: 2 ** Math.floor(53 / perWord), perWord }
}

/** Writes the lowest digit of each word to `lowest`; what is left of the words moves down by one. */
export function takeLowest(words: Float64Array, base: number, lowest: Float64Array): void {
  const inverse = 1 / base // a power of two: exact
  for (let place = 0; place < words.length; place += 1) {
    const packed = words[place] as number
    const higher = Math.floor(packed * inverse)
    lowest[place] = packed - higher * base
    words[place] = higher
  }
}
