import { cellNumbers, addTable } from './add-table.ts'
import { addGrid, plainNumber, type Sink } from './collector.ts'
import type { JsonLeaf, JsonNode } from './read-json.ts'
import { addStatistics, longestSeries, type SeriesValue } from './series.ts'

type JsonObject = Extract<JsonNode, { kind: 'object' }>
type JsonArray = Extract<JsonNode, { kind: 'array' }>

/** A record's values are looked for so deep; what lies deeper is a table of its own. */
const deepestRecord = 3
const mostRecordCells = 100
const mostTableCells = 60_000
const longestName = 60
/** Keys that only say that a value is one: a column is called by the key above them. */
const isValueKey = /^(?:mean|avg|average|value|score)$/i

/** Adds the numbers of nested data, with their keys as words and the tables that lie in it: keys down and keys across, at each level. */
export function addJson(sink: Sink, root: JsonNode): void {
  const pending: { node: JsonNode; path: readonly string[] }[] = [{ node: root, path: [] }]
  while (pending.length > 0 && !sink.collector.isFull) {
    const entry = pending.pop()
    if (entry === undefined) return
    const { node, path } = entry
    switch (node.kind) {
      case 'object':
        readObject(sink, { node, path, pending })
        break
      case 'array':
        readArray(sink, { node, path, pending })
        break
      case 'number':
      case 'string':
        addLeaf(sink, node, path)
        break
      case 'word':
        break
    }
  }
}

interface Visit<Node> {
  readonly node: Node
  readonly path: readonly string[]
  readonly pending: { node: JsonNode; path: readonly string[] }[]
}

function readObject(sink: Sink, { node, path, pending }: Visit<JsonObject>): void {
  const records = node.entries.filter(({ value }) => value.kind === 'object')
  const isTable = records.length >= 2 && records.length * 2 >= node.entries.length
  const above = path.slice(-2).join(' ')
  if (isTable)
    addRecords(
      sink,
      records.map(({ key, value }) => ({ label: key, value })),
      above,
    )
  else addFlat(sink, node, path)
  // a table that long is told by its columns
  if (isTable && records.length > longestSeries) return
  for (const { key, value } of node.entries.toReversed()) pending.push({ node: value, path: [...path, key].slice(-6) })
}

function readArray(sink: Sink, { node, path, pending }: Visit<JsonArray>): void {
  const series: SeriesValue[] = []
  for (const item of node.items) if (item.kind === 'number') series.push({ value: Number(item.text), line: item.line })
  if (series.length > 0 && series.length * 2 >= node.items.length) {
    const words = sink.collector.words(path.join(' '), sink.about)
    addStatistics(sink, series, { words })
    if (node.items.length > longestSeries) return
  }
  const records = node.items.filter((item) => item.kind === 'object')
  const isTable = records.length >= 2 && records.length * 2 >= node.items.length
  if (isTable)
    addRecords(
      sink,
      records.map((value) => ({ label: null, value })),
      path.slice(-2).join(' '),
    )
  const rows = node.items.filter((item) => item.kind === 'array')
  if (rows.length >= 2 && rows.length * 2 >= node.items.length) addMatrix(sink, rows, path)
  if (node.items.length > longestSeries && (isTable || rows.length > longestSeries)) return
  // the values of a table of objects stand in its cells
  for (const item of node.items.toReversed()) pending.push({ node: item, path: [...path, ...nameOf(item)].slice(-6) })
}

/** What an object in a list is called: by its first text. */
function nameOf(node: JsonNode): string[] {
  if (node.kind !== 'object') return []
  const first = node.entries.find(({ value }) => value.kind === 'string')?.value
  return first?.kind === 'string' && first.text.length <= longestName && /\p{L}/u.test(first.text) ? [first.text] : []
}

function addLeaf(sink: Sink, node: JsonLeaf, path: readonly string[]): void {
  const source = sink.sourceOf(node.line)
  if (source === null) return
  const words = sink.collector.words(path.join(' '), sink.about)
  if (node.kind === 'number') {
    const number = plainNumber(node.text)
    if (number !== null) sink.collector.add({ number, source, line: node.line, words, statistic: 'value' })
  } else if (node.text.length <= 40 && /\d/.test(node.text)) {
    for (const number of cellNumbers(node.text))
      sink.collector.add({ number, source, line: node.line, words, statistic: 'value' })
  }
}

/** Keys with one value each: a column under the name of what holds them. */
function addFlat(sink: Sink, node: JsonObject, path: readonly string[]): void {
  const rows = node.entries.flatMap(({ key, value }) =>
    value.kind === 'number' || value.kind === 'word' ? [{ label: key, line: value.line, cells: [value.text] }] : [],
  )
  if (rows.length < 2 || rows.length > longestSeries) return
  addGrid(sink, { columnLabels: [path.at(-1) ?? ''], rows })
}

interface Row {
  readonly label: string
  readonly line: number
  readonly values: ReadonlyMap<string, string>
}

function addRecords(
  sink: Sink,
  records: readonly { readonly label: string | null; readonly value: JsonNode }[],
  about: string,
): void {
  const columns = new Map<string, number>()
  const rows: Row[] = []
  let cells = 0
  for (const { label, value } of records) {
    const values = new Map<string, string>()
    flatten(value, [], values)
    for (const key of values.keys())
      if (!columns.has(key) && columns.size < mostRecordCells) columns.set(key, columns.size)
    rows.push({ label: label ?? '', line: value.line, values })
    if ((cells += values.size) > mostTableCells) break
  }
  if (columns.size === 0) return
  const isKeyed = records[0]?.label !== null
  const headers = [...columns.keys()]
  const asCells = (row: Row): string[] => headers.map((header) => row.values.get(header) ?? '')
  if (!isKeyed) {
    addTable(tableSink(sink, rows.length), {
      headers,
      rows: rows.map((row) => ({ line: row.line, cells: asCells(row) })),
      about,
    })
    return
  }
  if (rows.length > longestSeries) {
    const table = rows.map((row) => ({ line: row.line, cells: [row.label, ...asCells(row)] }))
    addTable(sink, { headers: ['', ...headers], rows: table, about })
    return
  }
  const grid = rows.map((row) => ({ label: row.label, line: row.line, cells: asCells(row) }))
  addGrid(sink, { columnLabels: headers, rows: grid })
}

/** The values of a short list of objects are added one by one, with their own lines: the table adds only grids and groups. */
function tableSink(sink: Sink, rows: number): Sink {
  if (rows > longestSeries) return sink
  const { collector } = sink
  const quiet: Sink['collector'] = {
    ...collector,
    get isFull() {
      return collector.isFull
    },
    add: (number) => (number.statistic === 'value' ? undefined : collector.add(number)),
  }
  return { ...sink, collector: quiet }
}

/** Values below a record by their joined keys; lists are left out. */
function flatten(node: JsonNode, path: readonly string[], values: Map<string, string>): void {
  if (node.kind !== 'object' || path.length >= deepestRecord) return
  for (const { key, value } of node.entries) {
    if (values.size >= mostRecordCells) return
    if (value.kind === 'object') flatten(value, [...path, key], values)
    else if (value.kind !== 'array' && value.text.length <= 80) {
      const named = path.length > 0 && isValueKey.test(key) ? path : [...path, key]
      values.set(named.join(' ').slice(0, 200), value.text)
    }
  }
}

function addMatrix(sink: Sink, rows: readonly JsonArray[], path: readonly string[]): void {
  const width = rows[0]?.items.length ?? 0
  if (width < 2 || width > 60 || rows.length <= longestSeries) return
  for (let column = 0; column < width; column += 1) {
    const series = rows.flatMap(({ items }) => {
      const item = items[column]
      return item?.kind === 'number' ? [{ value: Number(item.text), line: item.line }] : []
    })
    addStatistics(sink, series, { words: sink.collector.words(path.join(' '), sink.about) })
  }
}
