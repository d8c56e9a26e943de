import { metricWords } from '../claims/vocabulary.ts'
import type { Claim, ClaimTable } from '../claims/claim.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { Operand } from './derive.ts'
import { bareLabel } from './own-tables.ts'

/** Values of one quantity: a column where columns are metrics, a row where rows are. */
export interface QuantityLine {
  readonly words: readonly string[]
  readonly operands: readonly Operand[]
}

/**
 * Lines that are compared within themselves: of each table its columns, its rows, or both where nothing tells which of them are metrics; and
 * within the others the cells of one metric: `train accuracy` and `test accuracy` of one row.
 */
export function quantityLines(tables: readonly ClaimTable[], operands: readonly Operand[]): QuantityLine[] {
  const lines = new Map<string, { label: string; isAcross: boolean; operands: Operand[] }>()
  const byTable = new Map(tables.map((table) => [table.index, metricsAre(table)]))
  const add = (key: string, operand: Operand, { label, isAcross = false }: { label: string; isAcross?: boolean }) => {
    const line = lines.get(key)
    if (line === undefined) lines.set(key, { label, isAcross, operands: [operand] })
    else line.operands.push(operand)
  }
  for (const operand of operands) {
    const { where, number } = operand.claim
    if (where.kind !== 'cell' || number.isSpread) continue
    const side = byTable.get(operand.table) ?? 'either'
    if (side !== 'rows') add(`column ${operand.table} ${operand.column}`, operand, { label: where.columnLabel })
    if (side !== 'columns') add(`row ${operand.table} ${operand.row}`, operand, { label: where.rowLabel })
    const across = side === 'columns' ? metricOf(where.columnLabel) : side === 'rows' ? metricOf(where.rowLabel) : null
    if (across === null) continue
    if (side === 'columns')
      add(`row ${operand.table} ${operand.row} ${across}`, operand, {
        label: `${where.rowLabel} ${across}`,
        isAcross: true,
      })
    else
      add(`column ${operand.table} ${operand.column} ${across}`, operand, {
        label: `${where.columnLabel} ${across}`,
        isAcross: true,
      })
  }
  // Of three cells or more of one row some two make any small number.
  const isTooMany = (line: { isAcross: boolean; operands: readonly Operand[] }) =>
    line.isAcross && line.operands.length > 2
  return [...lines.values()]
    .filter((line) => line.operands.length > 1 && !isTooMany(line))
    .map((line) => ({ words: foldWords(bareLabel(line.label)), operands: line.operands }))
}

/** Operands of each table by row and by column. */
export type OperandIndex = ReadonlyMap<string, readonly Operand[]>

export function indexOperands(operands: readonly Operand[]): OperandIndex {
  const index = new Map<string, Operand[]>()
  for (const operand of operands) {
    for (const key of [`row ${operand.table} ${operand.row}`, `column ${operand.table} ${operand.column}`]) {
      const line = index.get(key)
      if (line === undefined) index.set(key, [operand])
      else if (line.length < mostOfLine) line.push(operand)
    }
  }
  return index
}

/** Cells of one row or column that others are computed from, and pairs of them that are tried for one cell. */
const mostOfLine = 200
const mostPairs = 2_000
/** Cells of one line that a sentence names; more are an enumeration. */
const mostNamed = 10

/** Lines of a cell's own table that it may be computed from: its row and column, and pairs of its row with another one in one column. */
export function linesAround({ where }: Claim, index: OperandIndex): (readonly Operand[])[] {
  if (where.kind !== 'cell') return []
  const ownRow = index.get(`row ${where.table} ${where.row}`) ?? []
  const lines: (readonly Operand[])[] = [ownRow, index.get(`column ${where.table} ${where.column}`) ?? []]
  for (const own of ownRow) {
    for (const other of index.get(`column ${own.table} ${own.column}`) ?? []) {
      if (lines.length >= mostPairs) return lines
      if (other.row !== own.row) lines.push([own, other])
    }
  }
  return lines
}

/** Lines that a sentence speaks of: those it names, or what it names within others. */
export function namedLines(sentence: ReadonlySet<string>, lines: readonly QuantityLine[]): (readonly Operand[])[] {
  const isMostlyThere = (words: readonly string[]) =>
    words.length > 0 && 2 * words.filter((word) => sentence.has(word)).length >= words.length
  const named = lines.filter(({ words }) => isMostlyThere(words))
  if (named.length > 0) return named.map(({ operands }) => operands)
  return lines.flatMap(({ operands }) => {
    const isNamed = ({ claim: { where } }: Operand) =>
      where.kind === 'cell' &&
      [where.rowLabel, where.columnLabel].some((label) => {
        const words = foldWords(bareLabel(label))
        return words.length > 0 && words.every((word) => sentence.has(word))
      })
    const pairs = operands.filter((operand) => isNamed(operand))
    const few = operands.slice(0, mostOfLine)
    return pairs.slice(0, mostNamed).flatMap((one) => few.flatMap((other) => (other === one ? [] : [[one, other]])))
  })
}

/** What an experiment is split into: one metric of several of these is compared within a row. */
const splitWords = /\b(?:train(?:ing)?|test|val(?:idation)?|dev|held-?out|in-domain|out-of-domain|before|after)\b/i

/** The first word that names a metric, of a label that names a split as well; null for others. */
function metricOf(label: string): string | null {
  const text = label.slice(0, 200)
  return splitWords.test(text) ? (metricWords.exec(text)?.[0].toLowerCase() ?? null) : null
}

function metricsAre({ headers, rows }: ClaimTable): 'rows' | 'columns' | 'either' {
  const share = (labels: readonly string[]) =>
    labels.length === 0 ? 0 : labels.filter((label) => metricWords.test(label.slice(0, 200))).length / labels.length
  const inRows = share(rows.map(({ cells }) => cells[0] ?? ''))
  const inColumns = share(headers.slice(1))
  if (inRows === inColumns) return 'either'
  return inRows > inColumns ? 'rows' : 'columns'
}
