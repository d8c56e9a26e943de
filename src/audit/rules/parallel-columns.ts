import { type ConstantRelation, constantRelation } from './paper/constant-relation.ts'
import { readMetric } from './paper/metric.ts'
import {
  cellsOfColumn,
  cellsOfRow,
  type NumericCell,
  numericColumns,
  placeOfRow,
  short,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestPairs = 4

/** Metrics or methods that keep the same distance or ratio throughout. */
export const parallelColumns: Rule = {
  id: 'parallel-columns',
  title: 'Numbers that follow others at a constant distance or ratio',
  part: 'none',
  catches:
    'Two metrics whose difference is the same to the last digit in four rows or more, or two methods with the same difference or, for shares, the same ratio in four metrics or more, though the values vary: what comes of writing one from the other.',
  misses:
    'Numbers derived from others with noise added, and tables with few rows or digits, where it may be an accident.',
  falsePositives: 'A metric that is defined as another less a constant and does not say so in its name.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

function inTable(view: TableView): RuleFinding[] {
  const columns = numericColumns(view).map((column) => {
    const cells = cellsOfColumn(view, column)
    return { label: view.columnLabel(column), cells: new Map(cells.map((cell) => [cell.row, cell])) }
  })
  const rows = view.cells.map((_, row) => {
    const cells = cellsOfRow(view, row)
    return { label: view.rowLabel(row), cells: new Map(cells.map((cell) => [cell.column, cell])) }
  })
  const found = parallels(view, columns, (row) => view.rowLabel(row))
  // Parallel columns make their rows parallel too: once is enough.
  return found.length > 0 || columns.length < fewestPairs
    ? found
    : parallels(view, rows, (column) => view.columnLabel(column))
}

interface Series {
  readonly label: string
  /** By the place that series share: row or column. */
  readonly cells: ReadonlyMap<number, NumericCell>
}

interface Parallel {
  readonly one: Series
  readonly other: Series
  readonly relation: ConstantRelation
}

function parallels(view: TableView, series: readonly Series[], labelAt: (place: number) => string): RuleFinding[] {
  const candidates = series.filter(({ label, cells }) => {
    const { kind, isDifference } = readMetric(label)
    return cells.size >= fewestPairs && !isDifference && (kind === 'share' || kind === 'other') && label.trim() !== ''
  })
  // Each is compared with those before it and named once: four parallel columns are one finding of three pairs.
  const found = candidates.flatMap((one, index): Parallel[] => {
    for (const other of candidates.slice(0, index)) {
      const relation = relationOf(other, one, labelAt)
      if (relation !== null) return [{ one, other, relation }]
    }
    return []
  })
  const [first] = found
  if (first === undefined) return []
  const cells = new Set(found.flatMap(({ one, other }) => [...one.cells.values(), ...other.cells.values()]))
  const lines = [...new Set([...cells].map(({ row }) => row))].slice(0, 3)
  return [
    {
      severity: 'major',
      claims: [...cells].map(({ value }) => value.id),
      message: `${found.map(named).join('; ')}: to the last digit in all ${first.one.cells.size} places.`,
      evidence: lines.map((row) => placeOfRow(view, row)),
    },
  ]
}

/** A ratio says something of shares only: memory and tokens of one method often are exact multiples of another's. */
function relationOf(from: Series, to: Series, labelAt: (place: number) => string): ConstantRelation | null {
  const pairs = [...to.cells].flatMap(([place, cell]) => {
    const partner = from.cells.get(place)
    return partner === undefined ? [] : [{ place, numbers: [partner.value.number, cell.value.number] as const }]
  })
  if (pairs.length < from.cells.size - 1) return null
  const areShares = pairs.every(({ place }) => readMetric(labelAt(place)).kind === 'share')
  return constantRelation(
    pairs.map(({ numbers }) => numbers),
    areShares ? ['distance', 'ratio'] : ['distance'],
  )
}

function named({ one, other, relation }: Parallel): string {
  const size = Number(Math.abs(relation.value).toPrecision(6))
  if (relation.kind === 'ratio') return `${short(one.label)} is ${short(other.label)} times ${size}`
  return `${short(one.label)} is ${short(other.label)} ${relation.value < 0 ? 'less' : 'plus'} ${size}`
}
