import { scanNumbers } from '../numbers/scan-numbers.ts'
import type { Written } from './rounding.ts'

/** What stands in place of a value that could not be had. */
const missing = new Set([
  'nan',
  '-nan',
  'n/a',
  'na',
  '#n/a',
  'null',
  'none',
  'failed',
  'failure',
  'error',
  'inf',
  '-inf',
  'infinity',
  '-infinity',
  'nan%',
  'undefined',
])

/** Cells longer than this are texts. */
const longestCell = 120

/** The numbers of a cell; `missing` where it says that there is none; null where it is text or empty. */
export function readCell(text: string): readonly Written[] | 'missing' | null {
  if (text.length > longestCell) return null
  const cell = text.trim()
  if (cell === '') return null
  const plain = readPlain(cell)
  if (plain !== null) return [plain]
  if (missing.has(cell.toLowerCase())) return 'missing'
  const numbers = scanNumbers(cell)
  if (numbers.length > 0) return numbers
  return /^nan\b/i.test(cell) ? 'missing' : null
}

/** Most cells are one plain decimal number, which needs no scanner. */
function readPlain(cell: string): Written | null {
  let point = -1
  const from = cell.charCodeAt(0) === 45 ? 1 : 0
  for (let at = from; at < cell.length; at += 1) {
    const code = cell.charCodeAt(at)
    if (code === 46 && point < 0) point = at
    else if (code < 48 || code > 57) return null
  }
  if (cell.length === from || (point === from && cell.length === from + 1)) return null
  return { value: Number(cell), decimals: point < 0 ? 0 : cell.length - point - 1 }
}
