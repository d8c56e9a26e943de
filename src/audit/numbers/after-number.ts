import { endOfLetters, isDigit, isHyphen, isLetter } from './characters.ts'
import type { NumberBody } from './number-body.ts'

/** What stands behind the digits of a number. */
export interface NumberEnd {
  readonly unit: '%' | '×' | null
  /** What a suffix multiplies it with: 1000 for `8k`. */
  readonly scale: number
  readonly scaleDigits: number
}

/** Looks on from the end of a number; null when what follows makes it a name, a file, an ordinal or a length on paper. */
export function readAfter(text: string, body: NumberBody): NumberEnd | null {
  const { end } = body
  const next = text.charCodeAt(end)
  if (next === 95 && (isLetter(text.charCodeAt(end + 1)) || isDigit(text.charCodeAt(end + 1)))) return null
  if (next === 46 && isFileSuffix(text, end)) return null
  if (next === 92 && /^\\(?:text|line|column|page|h)(?:width|height|size)/.test(text.slice(end, end + 14))) return null
  if (next === 47 && body.isDecimal && text.startsWith('10.', body.begin) && isLetter(text.charCodeAt(end + 1)))
    return null
  if (isLetter(next)) return readSuffix(text, body)
  const unit = readUnit(text, end)
  return unit === null ? plain : unit === '%' ? percent : multiple
}

const plain: NumberEnd = { unit: null, scale: 1, scaleDigits: 0 }
const percent: NumberEnd = { unit: '%', scale: 1, scaleDigits: 0 }
const multiple: NumberEnd = { unit: '×', scale: 1, scaleDigits: 0 }

function isFileSuffix(text: string, dot: number): boolean {
  const code = text.charCodeAt(dot + 1)
  return code >= 97 && code <= 122
}

/** Letters that touch the number. */
function readSuffix(text: string, body: NumberBody): NumberEnd | null {
  const { end } = body
  const lettersEnd = endOfLetters(text, end)
  const word = text.slice(end, lettersEnd)
  const behind = text.charCodeAt(lettersEnd)
  if (behind === 95 || isDigit(behind)) return null
  if (word === 'x' || word === 'X') return multiple
  if (word === 'fold') return multiple
  const scale = scales.get(word)
  if (scale !== undefined) return { unit: null, scale: 10 ** scale, scaleDigits: scale }
  if (word === 'percent' || word === 'pp') return percent
  if (units.has(word) || (body.isDecimal && !ordinals.has(word))) return plain
  return null
}

const scales = new Map([
  ['k', 3],
  ['K', 3],
  ['M', 6],
  ['B', 9],
])
const ordinals = new Set(['st', 'nd', 'rd', 'th'])
const units = new Set(
  (
    's ms us ns µs μs m h hr hrs min mins sec secs d kB KB MB GB TB KiB MiB GiB TiB G T GHz MHz kHz Hz W kW Wh kWh V J kJ g kg mg mm cm km nm um µm px pt dB ' +
    'bp bps bits bytes FLOPs GFLOPs TFLOPs MFLOPs GFLOPS TFLOPS FPS fps tok tokens it its GPUs GPU pts epochs steps samples'
  ).split(' '),
)

/** `%`, `\%`, `percent`, `×`, `-fold`, behind blanks and closing marks. */
function readUnit(text: string, end: number): '%' | '×' | null {
  let at = end
  while (at - end < 12) {
    const code = text[at]
    if (code !== undefined && ' \u00a0}*$~`\u202f\u2009'.includes(code)) at += 1
    else if (code === '\\' && (text[at + 1] === ',' || text[at + 1] === ' ' || text[at + 1] === ';')) at += 2
    else break
  }
  const code = text[at]
  if (code === '%') return '%'
  if (code === '\\') {
    if (text[at + 1] === '%') return '%'
    return text.startsWith('\\times', at) && endsMultiple(text, at + 6) ? '×' : null
  }
  // siunitx: \SI{84.5}{\percent}
  if (code === '{') return /^\{\\(?:percent\b|%)/.test(text.slice(at, at + 10)) && text[at - 1] === '}' ? '%' : null
  if (code === '×') return endsMultiple(text, at + 1) ? '×' : null
  if (code === '&' && text.startsWith('&times;', at)) return endsMultiple(text, at + 7) ? '×' : null
  if (code === 'p' && /^per ?cent/.test(text.slice(at, at + 8))) return '%'
  if (code === 'x' && at > end && at - end <= 3) return /[\p{L}\d_^={(\\]/u.test(text[at + 1] ?? '') ? null : '×'
  if (
    code === 't' &&
    /^times (?:faster|slower|higher|lower|larger|smaller|more|less|fewer|better|worse|greater|as|the)\b/.test(
      text.slice(at, at + 16),
    )
  )
    return '×'
  if (isHyphen(code) && at === end && text.startsWith('fold', at + 1)) return endsFold(text, at + 5) ? '×' : null
  return null
}

/** `3×` and not the 3 of `3×3`, `8×A100` or `3 × 10`. */
function endsMultiple(text: string, from: number): boolean {
  const next = text.charCodeAt(from)
  if (isLetter(next) || isDigit(next)) return false
  return !/^[ $\\,]{0,3}\d/.test(text.slice(from, from + 4))
}

/** `10-fold cross-validation` multiplies nothing. */
export function endsFold(text: string, from: number): boolean {
  return (
    !/^s?[ -](?:stratified |nested |repeated )?(?:cross|CV|validation|split)/i.test(text.slice(from, from + 24)) &&
    text[from] !== 's'
  )
}
