import { listAt } from '../../base/list-at.ts'
import { areCountedNames } from '../numbers/counted-names.ts'
import { scanNumbers, type ScannedNumber } from '../numbers/scan-numbers.ts'
import { addGrid, plainNumber, type Sink } from './collector.ts'
import { addStatistics, longestSeries, type SeriesValue } from './series.ts'

/** Rows and columns as they were read, ragged and all. */
export interface RawTable {
  readonly headers: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
  /** What stands above it. */
  readonly about: string
}

/** Rows beyond this are no grid: nobody prints a table that long. */
const mostGridRows = 400
const mostColumns = 200
/** A mean of two rows is no statistic of a table. */
const fewestRows = 3
const longestLabel = 200
const mostGroups = 100
/** Columns by which the best row may have been chosen. */
const mostChoices = 8
const nothing = /^(?:nan ?%?|n\/?a|none|null|-+|—|–|\?|inf|-inf|)$/i

/** Adds cells, what is said of long columns and of groups of rows, and the grids. */
export function addTable(sink: Sink, table: RawTable): void {
  const { collector } = sink
  const columns = readColumns(table)
  const labels = columns.filter(({ isLabel }) => isLabel)
  const data = columns.filter(({ isLabel, isIndex }) => !isLabel && !isIndex)
  if (data.length === 0) return
  const isLong = table.rows.length > longestSeries
  const rowLabels = isLong ? [] : table.rows.map((_one, row) => labelOf(row, labels))
  for (const column of data) {
    for (const [row, label] of rowLabels.entries()) {
      const numbers = cellNumbers(column.cells[row] ?? '')
      const line = table.rows[row]?.line ?? 1
      const source = numbers.length === 0 ? null : sink.sourceOf(line)
      if (source === null) continue
      const words = collector.words(label, column.header, table.about, sink.about)
      for (const number of numbers) collector.add({ number, source, line, words, statistic: 'value' })
    }
    if (table.rows.length < fewestRows) continue
    const words = collector.words(column.header, table.about, sink.about)
    addStatistics(sink, seriesOf(column, table, null), { words })
  }
  if (table.rows.length <= mostGridRows) addGrids(sink, table, { labels, data })
  const [first, second] = labels
  for (const label of labels) addGroups(sink, table, { labels: [label], data })
  if (first !== undefined && second !== undefined) addGroups(sink, table, { labels: [first, second], data })
}

function labelOf(row: number, from: readonly Column[]): string {
  return from
    .map(({ cells }) => cells[row] ?? '')
    .filter((text) => text !== '')
    .join(' ')
    .slice(0, longestLabel)
}

interface Parts {
  readonly labels: readonly Column[]
  readonly data: readonly Column[]
}

/** By each label column that names every row once, by all of them, and set wide. Rows of one name cannot be told apart by a paper either. */
function addGrids(sink: Sink, table: RawTable, { labels, data }: Parts): void {
  const add = (from: readonly Column[], shown: readonly Column[]): void => {
    const rows = table.rows.map(({ line }, row) => ({
      label: labelOf(row, from),
      line,
      cells: shown.map(({ cells }) => (cells[row] ?? '').slice(0, longestLabel)),
    }))
    if (from.length > 0 && new Set(rows.map(({ label }) => label)).size < rows.length) return
    addGrid(sink, { columnLabels: shown.map(({ header }) => header), rows })
  }
  const [first, second] = labels
  const counter = data[0]
  if (first === undefined) {
    if (counter !== undefined && data.length > 1)
      add(
        [counter],
        data.filter((column) => column !== counter),
      )
    else add([], data)
    return
  }
  add([first], data)
  const settings = settingsBeside(labels, data, table.rows.length)
  if (settings.length > 0) {
    const results = data.filter((column) => !settings.includes(column))
    add([...settings, ...labels], results)
    const [setting] = settings
    if (settings.length === 1 && setting !== undefined)
      for (const column of results.slice(0, 12))
        addPivot(sink, table, { rows: first, columns: setting, values: column })
  }
  if (second === undefined) return
  add([second], data)
  add(labels, data)
  for (const column of data.slice(0, 12)) {
    addPivot(sink, table, { rows: first, columns: second, values: column })
    addPivot(sink, table, { rows: second, columns: first, values: column })
  }
}

/**
 * Columns of numbers that tell rows of one name apart, such as a level of noise beside a method: those before the results that repeat their
 * values. None where the names alone tell them apart, or these do not either.
 */
function settingsBeside(labels: readonly Column[], data: readonly Column[], rows: number): readonly Column[] {
  const isTold = (columns: readonly Column[]): boolean =>
    new Set(Array.from({ length: rows }, (_one, row) => labelOf(row, columns))).size === rows
  if (rows > longestSeries || isTold(labels)) return []
  const settings: Column[] = []
  for (const column of data.slice(0, -1)) {
    if (new Set(column.cells).size * 2 > rows) continue
    settings.push(column)
    if (isTold([...settings, ...labels])) return settings
  }
  return []
}

interface Column {
  readonly header: string
  readonly cells: readonly string[]
  /** The first number of each cell; NaN for none. */
  readonly values: readonly number[]
  readonly isLabel: boolean
  /** Counts the rows, as pandas writes it, and says nothing. */
  readonly isIndex: boolean
}

function readColumns({ headers, rows }: RawTable): Column[] {
  const width = Math.min(mostColumns, Math.max(headers.length, ...rows.slice(0, 50).map(({ cells }) => cells.length)))
  return Array.from({ length: width }, (_one, index) => {
    const header = headers[index] ?? ''
    const cells = rows.map((row) => (row.cells[index] ?? '').trim())
    let [numeric, worded] = [0, 0]
    const values = cells.map(cellValue)
    for (const [row, cell] of cells.entries()) {
      if (!Number.isNaN(values[row])) numeric += 1
      else if (!nothing.test(cell)) worded += 1
    }
    const isIndex =
      index === 0 && /^(?:unnamed: 0|index|)$/i.test(header) && cells.every((cell, row) => cell === String(row))
    return { header, cells, values, isLabel: worded > numeric || (numeric > 0 && areCountedNames(cells)), isIndex }
  })
}

function startsWithNumber(cell: string): boolean {
  return /^[^\p{L}\d]{0,12}[-+−]?(?:\d|\.\d)/u.test(cell) && !/^\W{0,4}\d{1,6}[\p{L}]{2}/u.test(cell)
}

/** Of a cell that begins with a number, that number. */
function cellValue(cell: string): number {
  const code = cell.charCodeAt(0)
  const isPlain = (code >= 48 && code <= 57) || code === 45 || code === 46
  const value = isPlain && cell.length < 40 ? Number(cell) : Number.NaN
  if (!Number.isNaN(value)) return value
  return cell === '' || !/\d/.test(cell) || !startsWithNumber(cell)
    ? Number.NaN
    : (cellNumbers(cell)[0]?.value ?? Number.NaN)
}

function seriesOf({ values }: Column, table: RawTable, rows: readonly number[] | null): SeriesValue[] {
  const series: SeriesValue[] = []
  for (const row of rows ?? values.keys()) {
    const value = values[row] ?? Number.NaN
    if (Number.isFinite(value)) series.push({ value, line: table.rows[row]?.line ?? 1 })
  }
  return series
}

export function cellNumbers(cell: string): readonly ScannedNumber[] {
  if (cell === '' || cell.length > 200) return []
  const plain = plainNumber(cell)
  return plain === null ? scanNumbers(cell) : [plain]
}

/** Mean and spread over the rows of one label, as papers tell of methods over seeds or folds. */
function addGroups(sink: Sink, table: RawTable, { labels, data }: Parts): void {
  const groups = new Map<string, number[]>()
  for (const row of table.rows.keys()) {
    const key = labels.map(({ cells }) => (cells[row] ?? '').slice(0, longestLabel)).join(' ')
    listAt(groups, key).push(row)
    if (groups.size > mostGroups) return
  }
  if (groups.size === table.rows.length) return
  const means: { label: string; line: number; cells: string[] }[] = []
  for (const [label, rows] of groups) {
    const line = table.rows[rows[0] ?? 0]?.line ?? 1
    const cells: string[] = []
    for (const column of data) {
      const series = seriesOf(column, table, rows)
      const words = sink.collector.words(label, column.header, table.about, sink.about)
      addStatistics(sink, series, { words, isPart: table.rows.length > longestSeries })
      const mean = series.reduce((sum, { value }) => sum + value, 0) / series.length
      cells.push(series.length === 0 ? '' : String(mean))
    }
    means.push({ label, line, cells })
  }
  if (table.rows.length > longestSeries) addTellingRows(sink, table, { data, groups })
  if (groups.size < 2) return
  addGrid(sink, { columnLabels: data.map(({ header }) => header), rows: means })
}

/** Of rows by the hundred, a paper tells the last of a name, or the best by one of the columns, with all else that stands in that row. */
function addTellingRows(
  sink: Sink,
  table: RawTable,
  { data, groups }: { data: readonly Column[]; groups: ReadonlyMap<string, readonly number[]> },
): void {
  const { collector } = sink
  const columnLabels = data.map(({ header }) => header)
  const told = new Set<number>()
  const add = (choose: (rows: readonly number[]) => number | undefined): void => {
    const rows = [...groups].flatMap(([label, members]) => {
      const row = choose(members)
      if (row === undefined) return []
      told.add(row)
      const cells = data.map(({ cells: all }) => (all[row] ?? '').slice(0, longestLabel))
      return [{ label, line: table.rows[row]?.line ?? 1, cells, row }]
    })
    addGrid(sink, { columnLabels, rows: rows.map(({ label, line, cells }) => ({ label, line, cells })) })
  }
  add((rows) => rows.at(-1))
  for (const { values } of data.slice(0, mostChoices)) {
    const value = (row: number): number => values[row] ?? Number.NaN
    add((rows) => rows.reduce((best, row) => (value(row) > value(best) ? row : best), rows[0] ?? 0))
    add((rows) => rows.reduce((best, row) => (value(row) < value(best) ? row : best), rows[0] ?? 0))
  }
  for (const [label, members] of groups) {
    for (const row of members) {
      if (!told.has(row)) continue
      const line = table.rows[row]?.line ?? 1
      const source = sink.sourceOf(line)
      if (source === null) continue
      for (const column of data) {
        const words = collector.words(label, column.header, table.about, sink.about)
        for (const number of cellNumbers(column.cells[row] ?? ''))
          collector.add({ number, source, line, words, statistic: 'value' })
      }
    }
  }
}

/** A long table set wide: one label down, the other across. Only where each pair stands once. */
function addPivot(
  sink: Sink,
  table: RawTable,
  { rows, columns, values }: { readonly rows: Column; readonly columns: Column; readonly values: Column },
): void {
  const across = [...new Set(columns.cells)]
  const down = new Map<string, { label: string; line: number; cells: string[] }>()
  if (across.length < 2 || across.length > 40) return
  const place = new Map(across.map((label, index) => [label, index]))
  for (const [row, label] of rows.cells.entries()) {
    const at = place.get(columns.cells[row] ?? '') ?? 0
    let entry = down.get(label)
    if (entry === undefined) {
      entry = { label, line: table.rows[row]?.line ?? 1, cells: across.map(() => '') }
      down.set(label, entry)
    }
    if (entry.cells[at] !== '') return
    entry.cells[at] = values.cells[row] ?? ''
  }
  if (down.size < 2 || down.size > longestSeries) return
  addGrid(sink, { columnLabels: across.map((label) => `${label} ${values.header}`), rows: [...down.values()] })
}
