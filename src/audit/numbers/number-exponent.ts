import { isDigit, isLetter } from './characters.ts'

/** e E × \\ x * · $ or a blank with more behind it. */
export function canHaveExponent(code: number): boolean {
  return code > 32
    ? !(code >= 48 && code <= 57) &&
        (code === 101 ||
          code === 69 ||
          code === 215 ||
          code === 92 ||
          code === 120 ||
          code === 42 ||
          code === 183 ||
          code === 36 ||
          code === 160)
    : code === 32
}

/** `e-5`, ` × 10^{9}`, `\times10^{-4}`, `×10⁻⁴`, and the `e^{-4}` that models write. */
export function readExponent(text: string, end: number): { value: number; end: number } | null {
  const code = text[end]
  if (code === 'e' || code === 'E') {
    const match = /^[eE](?:([+\-−]?\d{1,3})|\^\{?([+\-−]?\d{1,3})\}?)/.exec(text.slice(end, end + 10))
    if (match === null) return null
    const exponentEnd = end + match[0].length
    const next = text.charCodeAt(exponentEnd)
    if (isLetter(next) || isDigit(next) || next === 95) return null
    return { value: Number((match[1] ?? match[2] ?? '0').replace('−', '-')), end: exponentEnd }
  }
  // a power of ten needs a sign of multiplication within three characters
  if (!isTimes(text, end)) return null
  const times =
    /^[ \u00a0]?\$?(?:[ ]|\\[!,; ])?(?:×|\\times|\\cdot|x|\*|·)(?:[ \u00a0]|\\[!,; ])?10(?=\^|\*\*|[⁰¹²³⁴-⁹⁻])/.exec(
      text.slice(end, end + 20),
    )
  return times === null ? null : readPower(text, end + times[0].length)
}

function isTimes(text: string, end: number): boolean {
  for (let at = end; at < end + 4; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 215 || code === 120 || code === 42 || code === 183) return true
    if (code === 92 && (text[at + 1] === 't' || text[at + 1] === 'c')) return true
    if (code !== 32 && code !== 160 && code !== 36 && code !== 92 && code !== 33 && code !== 44 && code !== 59)
      return false
  }
  return false
}

/** The power behind a base. */
export function readPower(text: string, from: number): { value: number; end: number } | null {
  const match = /^(?:\^|\*\*)\{?([+\-−–]?\d{1,3})\}?|^([⁻⁺]?[⁰¹²³⁴-⁹]{1,3})/.exec(text.slice(from, from + 10))
  if (match === null) return null
  const written = match[1] ?? (match[2] ?? '').replace(/./g, (sign) => plainSigns.charAt(raisedSigns.indexOf(sign)))
  return { value: Number(written.replace(/[−–]/, '-')), end: from + match[0].length }
}

const raisedSigns = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'
const plainSigns = '0123456789-'
