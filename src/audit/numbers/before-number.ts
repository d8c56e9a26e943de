import { isDigit, isHyphen, isLetter, wordBefore } from './characters.ts'

/** What stands before the digits of a number. */
export interface NumberStart {
  /** Where the number begins, its sign among it. */
  readonly start: number
  /** Its first digit or point. */
  readonly begin: number
  readonly isNegative: boolean
  readonly isSpread: boolean
  readonly isApproximate: boolean
  /** `0.7-0.9`: the second of the two. */
  readonly isRangeEnd: boolean
}

/** Looks back from a digit; null when it belongs to a name, a path, a subscript or a power. */
export function readBefore(text: string, digit: number): NumberStart | null {
  let begin = digit
  let last = text.charCodeAt(digit - 1)
  if (last === 46) {
    const code = text.charCodeAt(digit - 2)
    if (isDigit(code) || isLetter(code) || code === 41 || code === 93) return null
    if (code !== 46) begin = digit - 1
    last = text.charCodeAt(begin - 1)
  }
  const sign = isSignLike(last) ? readSign(text, begin) : unsigned(begin)
  if (sign === null) return null
  const { start, isNegative, isRangeEnd } = sign
  if (isRangeEnd) return { start, begin, isNegative, isSpread: false, isApproximate: false, isRangeEnd }
  const lead = skipBack(text, start)
  const word = wordBefore(text, text.charCodeAt(lead - 1) === 46 ? lead - 1 : lead, 14)
  if (belongsToName(text, { start, lead, word })) return null
  const spread = subscriptSpread(text, start)
  if (spread === 'subscript') return null
  return {
    start,
    begin,
    isNegative,
    isSpread: spread === 'spread' || endsWithPlusMinus(text, lead),
    isApproximate: endsWithApproximately(text, { end: lead, word }),
    isRangeEnd,
  }
}

/** - – − and hyphens; } $ and ; end what is written for a minus. */
function isSignLike(code: number): boolean {
  if (code < 128) return code === 45 || code === 125 || code === 36 || code === 59
  return code === 0x2010 || code === 0x2011 || code === 0x2013 || code === 0x2212
}

interface Sign {
  readonly start: number
  readonly isNegative: boolean
  readonly isRangeEnd: boolean
}

const unsigned = (start: number): Sign => ({ start, isNegative: false, isRangeEnd: false })
const minus = (start: number): Sign => ({ start, isNegative: true, isRangeEnd: false })
const rangeEnd = (start: number): Sign => ({ start, isNegative: false, isRangeEnd: true })

/** The sign right before a number, told from hyphens and ranges; null when the hyphen makes it part of a name. */
function readSign(text: string, begin: number): Sign | null {
  const last = text[begin - 1]
  if (last === '-' && text[begin - 2] === '+') return unsigned(begin)
  if (last === '-' && text[begin - 2] === '/' && text[begin - 3] === '+') return unsigned(begin)
  if (isHyphen(last)) return readHyphen(text, begin)
  if (last === '\u2013' || last === '\u2212') {
    const code = text.charCodeAt(begin - 2)
    if (endsQuantity(text, begin - 1)) return rangeEnd(begin)
    return isLetter(code) || text[begin - 2] === ')' ? unsigned(begin) : minus(begin - 1)
  }
  const written = writtenMinus.find((sign) => text.startsWith(sign, begin - sign.length))
  return written === undefined || begin < written.length ? unsigned(begin) : minus(begin - written.length)
}

const writtenMinus = ['{-}', '$-$', '$−$', '&minus;', '&#8722;']

function readHyphen(text: string, begin: number): Sign | null {
  const hyphen = begin - 1
  if (text[hyphen - 1] === '-') {
    let dashes = hyphen
    while (dashes > 0 && hyphen - dashes < 3 && text[dashes - 1] === '-') dashes -= 1
    return endsQuantity(text, dashes) ? rangeEnd(begin) : unsigned(begin)
  }
  if (endsQuantity(text, hyphen)) return rangeEnd(begin)
  const code = text.charCodeAt(hyphen - 1)
  const before = text[hyphen - 1]
  if (isLetter(code) || before === '_' || before === ')' || before === ']') return null
  return minus(hyphen)
}

/** Whether a number, with or without its unit, ends here. */
function endsQuantity(text: string, end: number): boolean {
  const last = text[end - 1]
  if (isDigit(text.charCodeAt(end - 1)) || last === '%' || last === '×') return true
  return (last === 'x' || last === 'X') && isDigit(text.charCodeAt(end - 2))
}

function belongsToName(text: string, place: { start: number; lead: number; word: string }): boolean {
  const { start, lead, word } = place
  const last = text.charCodeAt(start - 1)
  if (last === 32) return word !== '' && followsProduct(text, { start, lead, word })
  if (isLetter(last)) return !isCommand(text, start)
  switch (text[start - 1]) {
    case '#':
    case '@':
    case '^':
      return true
    case '{':
      return text[start - 2] === '^'
    case '_':
      return isWord(text.charCodeAt(start - 2)) || /[})\]]/.test(text[start - 2] ?? '')
    case '/':
      return isLetter(text.charCodeAt(start - 2)) || /[_.~]/.test(text[start - 2] ?? ' ')
    case '+':
      return text[start - 2] === '+'
    case ':':
      return isProduct(wordBefore(text, start - 1, 14))
    case '~':
    case '\u00a0':
      return isProduct(wordBefore(text, start - 1, 14))
    default:
      return false
  }
}

function isWord(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 95
}

/** A LaTeX command that may touch the digits behind it. */
function isCommand(text: string, end: number): boolean {
  const word = wordBefore(text, end, 12)
  return text[end - word.length - 1] === '\\' && operators.has(word)
}

const operators = new Set(
  'pm mp approx simeq sim times cdot leq le geq ge lt gt ll gg to rightarrow quad qquad in neq bf it rm sf tt em bfseries item minus'.split(
    ' ',
  ),
)

/** Names that carry a version behind a blank: `Python 3.10`, `CUDA 11.8`, `arXiv: 2401.01234`. */
function followsProduct(text: string, place: { start: number; lead: number; word: string }): boolean {
  const { start, lead, word } = place
  return lead === start - 1 && isProduct(text[lead - 1] === ':' ? wordBefore(text, lead - 1, 14) : word)
}

/** A name whose versions look like numbers. */
function isProduct(word: string): boolean {
  return word.length > 2 && products.has(word.toLowerCase())
}

const products = new Set(
  (
    'arxiv doi version python pytorch torch tensorflow keras cuda cudnn ubuntu linux macos windows java node transformers numpy scipy sklearn ' +
    'gpt claude gemini llama mistral mixtral qwen phi gemma palm opt falcon vicuna deepseek sonnet haiku opus turbo llamas grok'
  ).split(' '),
)

/** A number in a subscript: the spread of the number it hangs on, or part of a symbol. */
function subscriptSpread(text: string, start: number): 'spread' | 'subscript' | null {
  if (text[start - 1] !== '{' || text[start - 2] !== '_') return null
  let at = start - 2
  while (at > 0 && start - at < 6 && text[at - 1] === '}') at -= 1
  return isDigit(text.charCodeAt(at - 1)) || text[at - 1] === '%' ? 'spread' : 'subscript'
}

/** Back over blanks and marks that hold a number without meaning. */
function skipBack(text: string, from: number): number {
  let at = from
  while (at > 0 && from - at < 12 && isMark(text.charCodeAt(at - 1))) at -= 1
  return at
}

/** A blank, { * $ ( _ ` or a tab. */
function isMark(code: number): boolean {
  return (
    code === 32 ||
    code === 123 ||
    code === 42 ||
    code === 36 ||
    code === 40 ||
    code === 95 ||
    code === 96 ||
    code === 9 ||
    code === 160
  )
}

function endsWithPlusMinus(text: string, end: number): boolean {
  const last = text[end - 1]
  if (last === '±') return true
  if (last === '-') return text.startsWith('+/', end - 3) || text[end - 2] === '+'
  if (last === 'm') return text.startsWith('\\pm', end - 3)
  return last === ';' && (text.startsWith('&plusmn;', end - 8) || text.startsWith('&#177;', end - 6))
}

function endsWithApproximately(text: string, place: { end: number; word: string }): boolean {
  const { end, word } = place
  const last = text[end - 1]
  if (last === '≈' || last === '∼' || last === '≃') return true
  if (last === '~') return text[end - 2] !== '~' && !isWord(text.charCodeAt(end - 2)) && text[end - 2] !== '.'
  if (word.length < 3) return false
  if (text[end - word.length - 1] === '\\') return word === 'approx' || word === 'sim' || word === 'simeq'
  return approximations.has(word.toLowerCase())
}

const approximations = new Set('about around roughly approximately approx nearly almost circa'.split(' '))

/** Behind the name, version, hash or path that this place is part of. */
export function endOfName(text: string, from: number): number {
  let at = from
  for (;;) {
    while (at < text.length && isWord(text.charCodeAt(at))) at += 1
    const joint = text[at]
    const next = text.charCodeAt(at + 1)
    if (joint === '.' || isHyphen(joint)) {
      if (!isWord(next)) return Math.max(at, from + 1)
    } else if (joint === '/') {
      if (!isLetter(next) && !(isDigit(next) && !isDecimal(text, at + 1))) return Math.max(at, from + 1)
    } else return Math.max(at, from + 1)
    at += 1
  }
}

function isDecimal(text: string, from: number): boolean {
  let at = from
  while (at - from < 40 && isDigit(text.charCodeAt(at))) at += 1
  return text[at] === '.' && isDigit(text.charCodeAt(at + 1))
}
