import { extname } from 'node:path'
import type { ResultValue } from '../../schema/audit.ts'
import { cellNumbers, type RawTable } from '../evidence/add-table.ts'
import { type JsonNode, readJson } from '../evidence/read-json.ts'
import { readDelimited, tableAt } from '../evidence/read-tables.ts'
import { isAboutTime } from './time-words.ts'

export interface PlacedValue {
  readonly value: ResultValue
  /** From 1. */
  readonly line: number
}

export interface ResultValues {
  /** By place: key path of JSON, row and column of a table. */
  readonly values: ReadonlyMap<string, PlacedValue>
  /** Values about time or memory, which are not among them. */
  readonly leftOut: number
  /** False where the file has more values than are read. */
  readonly complete: boolean
}

interface Reading {
  readonly values: Map<string, PlacedValue>
  leftOut: number
  complete: boolean
}

const mostValues = 20_000
const mostLines = 200_000
const longestLabel = 120
const longestPlace = 400

const extensions = new Set(['.json', '.jsonl', '.csv', '.tsv', '.md'])

/** Whether a file is of a kind whose values have places: JSON, tables, Markdown. */
export function isComparable(path: string): boolean {
  return extensions.has(extname(path).toLowerCase())
}

/** The numbers of a result file, each with the place that finds it again in another run's file. Never throws. */
export function readValues(path: string, text: string): ResultValues {
  const reading: Reading = { values: new Map(), leftOut: 0, complete: true }
  switch (extname(path).toLowerCase()) {
    case '.json':
      readJsonText(reading, text, { prefix: '', line: 1 })
      break
    case '.jsonl':
      for (const [index, line] of text.split('\n', mostLines).entries())
        if (line.trim() !== '') readJsonText(reading, line, { prefix: `${index + 1}`, line: index + 1 })
      break
    case '.csv':
    case '.tsv': {
      const table = readDelimited(text.split(/\r\n|\r|\n/, mostLines), '')
      if (table !== null) readTable(reading, table, '')
      break
    }
    default:
      readMarkdown(reading, text.split(/\r\n|\r|\n/, mostLines))
  }
  return reading
}

/** @param parts the keys, or the labels, that make up the place */
function add(reading: Reading, parts: readonly string[], found: PlacedValue & { readonly place: string }): void {
  const { place, value, line } = found
  const named = place.slice(0, longestPlace)
  if (parts.some(isAboutTime)) reading.leftOut += 1
  else if (reading.values.size >= mostValues) reading.complete = false
  else reading.values.set(free(reading.values, named), { value, line })
}

/** What has the same name as another value is told apart by its number. */
function free(values: ReadonlyMap<string, unknown>, place: string): string {
  if (!values.has(place)) return place
  // names given twice are few; a file full of them would be quadratic
  for (let number = 2; number <= 50; number += 1) if (!values.has(`${place} #${number}`)) return `${place} #${number}`
  return `${place} #${values.size}`
}

const words: Readonly<Record<string, ResultValue>> = {
  nan: 'nan',
  inf: 'inf',
  infinity: 'inf',
  '-inf': '-inf',
  '-infinity': '-inf',
}

/** Null for what is no number, and for `null`. */
function wordValue(word: string): ResultValue | null {
  const lower = word.toLowerCase()
  return Object.hasOwn(words, lower) ? (words[lower] ?? null) : null
}

function toValue(value: number): ResultValue {
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}

function readJsonText(reading: Reading, text: string, { prefix, line }: { prefix: string; line: number }): void {
  const read = readJson(text, 0, line)
  if (read === null) return
  if (!read.complete) reading.complete = false
  const pending: { node: JsonNode; path: string }[] = [{ node: read.value, path: prefix }]
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { node, path } = entry
    switch (node.kind) {
      case 'object':
        for (const { key, value } of node.entries.toReversed())
          pending.push({ node: value, path: (path === '' ? key : `${path}.${key}`).slice(0, longestPlace) })
        break
      case 'array': {
        const labels = itemLabels(node.items)
        for (const [index, value] of [...node.items.entries()].toReversed())
          pending.push({ node: value, path: `${path}[${labels?.[index] ?? index}]`.slice(0, longestPlace) })
        break
      }
      case 'number':
        add(reading, path.split(/[.[]/), { place: path, value: toValue(Number(node.text)), line: node.line })
        break
      case 'word': {
        const value = wordValue(node.text)
        if (value !== null) add(reading, path.split(/[.[]/), { place: path, value, line: node.line })
        break
      }
      case 'string':
        break
    }
  }
}

/** Records are known by what their texts say, wherever they stand in the list; null where that tells them not apart. */
function itemLabels(items: readonly JsonNode[]): string[] | null {
  const labels = items.map((item) =>
    item.kind === 'object'
      ? item.entries
          .flatMap(({ value }) => (value.kind === 'string' && value.text.length <= longestLabel ? [value.text] : []))
          .join(' | ')
      : '',
  )
  return labels.every((label) => label !== '') && new Set(labels).size === labels.length ? labels : null
}

function readMarkdown(reading: Reading, lines: readonly string[]): void {
  let heading = ''
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] ?? ''
    if (/^#{1,6} /.test(line)) heading = line.slice(0, 300).replace(/^#+ /, '').trim()
    const table = line.includes('|') ? tableAt(lines, index, heading) : null
    if (table !== null) readTable(reading, table, heading)
    index = Math.max(index + 1, table?.end ?? 0)
  }
}

function readTable(reading: Reading, { headers, rows }: RawTable, prefix: string): void {
  const width = Math.min(300, Math.max(headers.length, ...rows.slice(0, 1_000).map(({ cells }) => cells.length)))
  const isLabel = Array.from({ length: width }, (_, column) => isLabelColumn(rows, column))
  for (const [index, { cells, line }] of rows.entries()) {
    if (!reading.complete) return
    const label = cells
      .filter((cell, column) => isLabel[column] === true && cell !== '')
      .map(unmarked)
      .join(' ')
    const row = label === '' ? `row ${index + 1}` : label.slice(0, longestLabel)
    for (let column = 0; column < Math.min(width, cells.length); column += 1) {
      if (isLabel[column] === true) continue
      const name = unmarked(headers[column] ?? '') || `column ${column + 1}`
      const parts = [prefix, row, name.slice(0, longestLabel)].filter((part) => part !== '')
      const place = parts.join(' | ')
      const cell = unmarked(cells[column] ?? '')
      const special = wordValue(cell)
      if (special !== null) add(reading, parts, { place, value: special, line })
      else
        for (const [number, { value, isSpread }] of cellNumbers(cell).entries()) {
          const own = isSpread ? `${place} ±` : number === 0 ? place : `${place} (${number + 1})`
          add(reading, parts, { place: own, value: toValue(value), line })
        }
    }
  }
}

function isLabelColumn(rows: RawTable['rows'], column: number): boolean {
  const filled = rows.slice(0, 1_000).flatMap(({ cells }) => (cells[column] ? [unmarked(cells[column])] : []))
  const numeric = filled.filter((cell) => /^[-+]?\.?\d/.test(cell) || wordValue(cell) !== null)
  return filled.length > 0 && numeric.length * 2 < filled.length
}

/** A cell without the marks of Markdown around it: the best value is often bold. */
function unmarked(cell: string): string {
  return cell
    .slice(0, 300)
    .replaceAll(/\*\*|__|`/g, '')
    .trim()
}
