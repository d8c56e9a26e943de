import { isDigit } from './characters.ts'

/** Behind a date, a time of day or both: `2024-05-01 12:34:56,789`, `2024-05`, `1/5/2024`, `12:34`; null for none. */
export function endOfDateOrTime(text: string, begin: number): number | null {
  let at = begin
  while (at - begin < 4 && isDigit(text.charCodeAt(at))) at += 1
  const joint = text[at]
  if (joint !== '-' && joint !== '/' && joint !== ':') return null
  const match = dateOrTime.exec(text.slice(begin, begin + 36))
  return match === null ? null : begin + match[0].length
}

const dateOrTime =
  /^(?:(?:19|20)\d\d([-/])(?:0[1-9]|1[0-2])(?:\1[0-3]\d(?:[T _]\d\d[:-]\d\d(?:[:-]\d\d(?:[.,]\d{1,9})?)?Z?)?)?|\d{1,2}([-/])\d{1,2}\2(?:19|20)\d\d|\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?![\d:]|\.\d)/
