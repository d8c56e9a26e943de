/** Whether the UTF-16 code unit is an ASCII digit; false for NaN, which stands for "no such character". */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Whether it can be part of a word in a script with spaces between words: a digit behind it belongs to a name. */
export function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
  return code >= 0xaa && code < 0x2e80 && letter.test(String.fromCharCode(code))
}

const letter = /\p{L}/u

/** A hyphen in any of the shapes that writers and models put into names. */
export function isHyphen(character: string | undefined): boolean {
  return character === '-' || character === '\u2010' || character === '\u2011'
}

/** The end of the run of ASCII letters that begins here, looking no further than `most`. */
export function endOfLetters(text: string, from: number, most = 24): number {
  let at = from
  while (at < text.length && at - from < most && isLetter(text.charCodeAt(at))) at += 1
  return at
}

/** The word of letters that ends here, looking back no further than `most`; empty for none. */
export function wordBefore(text: string, end: number, most = 16): string {
  let at = end
  while (at > 0 && end - at < most && isLetter(text.charCodeAt(at - 1))) at -= 1
  return text.slice(at, end)
}
