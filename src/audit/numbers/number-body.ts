import { isDigit } from './characters.ts'
import { canHaveExponent, readExponent, readPower } from './number-exponent.ts'

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
  const exponent = canHaveExponent(text.charCodeAt(end)) ? readExponent(text, end) : null
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
  const plain = fraction === '' ? digits : `${digits === '' ? '0' : digits}.${fraction}`
  const value = Number(exponent === 0 ? plain : `${plain}e${exponent}`)
  if (!Number.isFinite(value)) return null
  return {
    begin,
    end,
    value,
    decimals: fraction.length - exponent,
    significant: significantDigits(digits, fraction),
    isDecimal: fraction !== '' || exponent !== 0,
  }
}

function significantDigits(digits: string, fraction: string): number {
  let first = 0
  while (digits.charCodeAt(first) === zero) first += 1
  if (fraction !== '') {
    if (first < digits.length) return digits.length - first + fraction.length
    let leading = 0
    while (fraction.charCodeAt(leading) === zero) leading += 1
    return Math.max(1, fraction.length - leading)
  }
  let last = digits.length
  while (last > first && digits.charCodeAt(last - 1) === zero) last -= 1
  return Math.max(1, last - first)
}

const zero = 48

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
