import { isDigit, isLetter } from './characters.ts'

/** The digits of a number, with separators, point and exponent. */
export interface NumberBody {
  readonly begin: number
  readonly end: number
  /** Without sign. */
  readonly value: number
  readonly decimals: number
  readonly significant: number
  /** Written with a point or an exponent. */
  readonly isDecimal: boolean
}

const mostDigits = 40

/** Reads digits from here on; null for versions, addresses of machines, and runs of digits that no number has. */
export function readBody(text: string, begin: number): NumberBody | null {
  const whole = readWhole(text, begin)
  if (whole === null) return null
  let { end } = whole
  let fraction = ''
  if (text[end] === '.' && isDigit(text.charCodeAt(end + 1))) {
    const fractionEnd = endOfDigits(text, end + 1)
    if (fractionEnd - end > mostDigits) return null
    fraction = text.slice(end + 1, fractionEnd)
    end = fractionEnd
    // a second point makes it a version or an address
    if (text[end] === '.' && isDigit(text.charCodeAt(end + 1))) return null
  }
  const exponent = readExponent(text, end)
  if (exponent === null && text[end] === '^') {
    const power = whole.digits === '10' && fraction === '' ? readPower(text, end) : null
    if (power === null) return null
    return finish({ begin, end: power.end, digits: '1', fraction: '', exponent: power.value })
  }
  return finish({ begin, end: exponent?.end ?? end, digits: whole.digits, fraction, exponent: exponent?.value ?? 0 })
}

function finish(parts: {
  begin: number
  end: number
  digits: string
  fraction: string
  exponent: number
}): NumberBody | null {
  const { begin, end, digits, fraction, exponent } = parts
  const value = Number(`${digits === '' ? '0' : digits}.${fraction === '' ? '0' : fraction}e${exponent}`)
  if (!Number.isFinite(value)) return null
  const leading = (digits + fraction).replace(/^0+/, '')
  const significant = fraction === '' ? leading.replace(/0+$/, '') : leading
  return {
    begin,
    end,
    value,
    decimals: fraction.length - exponent,
    significant: Math.max(1, significant.length),
    isDecimal: fraction !== '' || exponent !== 0,
  }
}

/** The part before the point, with thousands in groups of three. */
function readWhole(text: string, begin: number): { digits: string; end: number } | null {
  const first = endOfDigits(text, begin)
  if (first - begin > mostDigits) return null
  const digits = text.slice(begin, first)
  if (digits.length === 0 || digits.length > 3 || digits.startsWith('0')) return { digits, end: first }
  // [100,200,300] and \{64,128\} are lists
  const before = text[begin - 1]
  const isListed = before === '[' || before === ',' || (before === '{' && text[begin - 2] === '\\')
  let grouped = digits
  let end = first
  for (;;) {
    const separator = separatorAt(text, end)
    if (separator === 0 || (isListed && separator === 1)) break
    const next = end + separator
    if (endOfDigits(text, next) - next !== 3 || grouped.length > mostDigits) break
    grouped += text.slice(next, next + 3)
    end = next + 3
  }
  // 100,200,7 is a list after all
  if (text[end] === ',' && isDigit(text.charCodeAt(end + 1)) && end > first) return { digits, end: first }
  return { digits: grouped, end }
}

/** Length of a separator of thousands. */
function separatorAt(text: string, at: number): number {
  const code = text[at]
  if (code === ',' || code === '_' || code === '\u202f' || code === '\u2009') return 1
  if (code === '\\' && text[at + 1] === ',') return 2
  return code === '{' && text.startsWith('{,}', at) ? 3 : 0
}

function endOfDigits(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at += 1
  return at
}

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

/** `e-5`, ` × 10^{9}`, `\times10^{-4}`, `×10⁻⁴`, and the `e^{-4}` that models write. */
function readExponent(text: string, end: number): { value: number; end: number } | null {
  const code = text[end]
  if (code === 'e' || code === 'E') {
    const match = /^[eE](?:([+-]?\d{1,3})|\^\{?([+\-−]?\d{1,3})\}?)/.exec(text.slice(end, end + 10))
    if (match === null) return null
    const exponentEnd = end + match[0].length
    const next = text.charCodeAt(exponentEnd)
    if (isLetter(next) || isDigit(next) || next === 95) return null
    return { value: Number((match[1] ?? match[2] ?? '0').replace('−', '-')), end: exponentEnd }
  }
  if (code === undefined || !' ×\\x*·$\u00a0'.includes(code)) return null
  const times =
    /^[ \u00a0]?\$?(?:[ ]|\\[!,; ])?(?:×|\\times|\\cdot|x|\*|·)(?:[ \u00a0]|\\[!,; ])?10(?=\^|\*\*|[⁰¹²³⁴-⁹⁻])/.exec(
      text.slice(end, end + 20),
    )
  return times === null ? null : readPower(text, end + times[0].length)
}

/** The power behind a base. */
function readPower(text: string, from: number): { value: number; end: number } | null {
  const match = /^(?:\^|\*\*)\{?([+\-−–]?\d{1,3})\}?|^([⁻⁺]?[⁰¹²³⁴-⁹]{1,3})/.exec(text.slice(from, from + 10))
  if (match === null) return null
  const written = match[1] ?? [...(match[2] ?? '')].map((sign) => plainDigits.get(sign) ?? '').join('')
  return { value: Number(written.replace(/[−–]/, '-')), end: from + match[0].length }
}

const plainDigits = new Map([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((sign, index): [string, string] => [sign, String(index)]))
plainDigits.set('⁻', '-').set('⁺', '+')
