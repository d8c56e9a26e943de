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

/** Lines that are compared within themselves: of each table its columns, its rows, or both where nothing tells which of them are metrics. */
export function quantityLines(tables: readonly ClaimTable[], operands: readonly Operand[]): QuantityLine[] {
  const lines = new Map<string, { label: string; operands: Operand[] }>()
  const byTable = new Map(tables.map((table) => [table.index, metricsAre(table)]))
  const add = (key: string, label: string, operand: Operand) => {
    const line = lines.get(key)
    if (line === undefined) lines.set(key, { label, operands: [operand] })
    else line.operands.push(operand)
  }
  for (const operand of operands) {
    const { where, number } = operand.claim
    if (where.kind !== 'cell' || number.isSpread) continue
    const side = byTable.get(operand.table) ?? 'either'
    if (side !== 'rows') add(`column ${operand.table} ${operand.column}`, where.columnLabel, operand)
    if (side !== 'columns') add(`row ${operand.table} ${operand.row}`, where.rowLabel, operand)
  }
  return [...lines.values()]
    .filter((line) => line.operands.length > 1)
    .map((line) => ({ words: foldWords(bareLabel(line.label)), operands: line.operands }))
}

/** Lines of a cell's own table that it may be computed from: its row and column, and pairs of its row with another one in one column. */
export function linesAround({ where }: Claim, operands: readonly Operand[]): Operand[][] {
  if (where.kind !== 'cell') return []
  const table = operands.filter((operand) => operand.table === where.table)
  const ownRow = table.filter(({ row }) => row === where.row)
  const ownColumn = table.filter(({ column }) => column === where.column)
  const pairs = ownRow.flatMap((own) =>
    table.flatMap((other) => (other.column === own.column && other.row !== own.row ? [[own, other]] : [])),
  )
  return [ownRow, ownColumn, ...pairs]
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
    return pairs.flatMap((one) => operands.flatMap((other) => (other === one ? [] : [[one, other]])))
  })
}

function metricsAre({ headers, rows }: ClaimTable): 'rows' | 'columns' | 'either' {
  const share = (labels: readonly string[]) =>
    labels.length === 0 ? 0 : labels.filter((label) => metricWords.test(label.slice(0, 200))).length / labels.length
  const inRows = share(rows.map(({ cells }) => cells[0] ?? ''))
  const inColumns = share(headers.slice(1))
  if (inRows === inColumns) return 'either'
  return inRows > inColumns ? 'rows' : 'columns'
}
