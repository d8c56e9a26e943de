import { listAt } from '../../base/list-at.ts'
import { scanNumbers } from '../numbers/scan-numbers.ts'
import { addJson } from './add-json.ts'
import { addTable } from './add-table.ts'
import { addGrid, type Sink } from './collector.ts'
import type { EvidenceNumber } from './evidence.ts'
import { readJson } from './read-json.ts'
import { tableAt } from './read-tables.ts'
import { withoutNoise } from './source-lines.ts'
import { keyedGrids } from './keyed-lines.ts'

/** Lines alike but for their numbers are told by a few of them when there are so many. */
const mostAlike = 30
const mostColumnsAlike = 12
const mostParts = 40
const longestHeading = 120
/** Data that breaks off is not tried again at each of its brackets. */
const mostFailures = 20
const mostTables = 2_000
const longestData = 5_000
/** A heading says what the lines below it are about, but not for ever. */
const farthestHeading = 25

/** Adds what logs, reports and console output say: tables, data printed in one piece, and the numbers of lines with the words before them. */
export function addText(sink: Sink, lines: readonly string[]): void {
  const taken = new Uint8Array(lines.length)
  let heading = ''
  const failures = { left: mostFailures }
  let tables = 0
  for (let index = 0; index < lines.length && !sink.collector.isFull; index += 1) {
    const line = lines[index] ?? ''
    if (isHeading(line)) heading = line
    if (line.length < 3 || tables >= mostTables) continue
    const end = addTableAt(sink, lines, { index, heading }) ?? addDataAt(sink, lines, { index, heading, failures })
    if (end === null) continue
    tables += 1
    taken.fill(1, index, end)
    index = end - 1
  }
  const kept = compress(lines, taken)
  for (const grid of keyedGrids(lines, kept, taken)) addGrid(sink, grid)
  addLines(sink, lines, kept)
}

function addTableAt(sink: Sink, lines: readonly string[], at: { index: number; heading: string }): number | null {
  const table = tableAt(lines, at.index, at.heading.slice(0, longestHeading))
  if (table === null) return null
  addTable(sink, table)
  return table.end
}

/** Data printed over several lines, or as a whole line. */
function addDataAt(
  sink: Sink,
  lines: readonly string[],
  at: { index: number; heading: string; failures: { left: number } },
): number | null {
  const line = lines[at.index] ?? ''
  const start = line.search(/[{[]/)
  if (start === -1 || start > 200) return null
  const opens = line.slice(start, start + 2)
  const isAlone = start === 0 && (line.trim() === '{' || line.trim() === '[')
  if (isAlone && at.failures.left <= 0) return null
  if (!isAlone && !/^\{["']|^\[[-{[\d"']/.test(opens)) return null
  const text = isAlone ? lines.slice(at.index, at.index + longestData).join('\n') : line
  const read = readJson(text, start, at.index + 1)
  if (read === null || !read.complete || (!isAlone && opens.startsWith('[') && !line.includes('.'))) {
    if (isAlone) at.failures.left -= 1
    return null
  }
  const before = withoutNoise(line.slice(0, start))
  addJson({ ...sink, about: `${at.heading.slice(0, longestHeading)} ${before} ${sink.about}` }, read.value)
  return isAlone ? read.line : at.index + 1
}

function isHeading(line: string): boolean {
  const text = line.trim()
  if (text.length < 3 || text.length > longestHeading) return false
  return text.endsWith(':') || /^(?:#{1,6} |={3,} ?\w|-{3,} ?\w|\*{3,} ?\w|\[[A-Z][\w -]{0,40}\]$)/.test(text)
}

type Kept = ReadonlyMap<number, EvidenceNumber['statistic'] | null>

/** @returns the lines to read, with what is said of them within their kind; of many alike the first, the last and the extreme ones */
function compress(lines: readonly string[], taken: Uint8Array): Kept {
  const kinds = new Map<string, number[]>()
  for (const [index, line] of lines.entries()) {
    if (taken[index] === 1 || !/\d/.test(line)) continue
    listAt(kinds, kindOf(line)).push(index)
  }
  const partOf = partsOf(lines, kinds)
  const kept = new Map<number, EvidenceNumber['statistic'] | null>()
  for (const members of kinds.values()) {
    if (members.length < mostAlike) for (const index of members) kept.set(index, null)
    else
      for (const part of Map.groupBy(members, (index) => partOf[index] ?? 0).values())
        for (const [index, statistic] of extremes(lines, part)) kept.set(index, statistic)
  }
  return new Map([...kept].toSorted(([a], [b]) => a - b))
}

function kindOf(line: string): string {
  return line.slice(0, 200).replaceAll(/\d+/g, '#')
}

/**
 * The part of a log that each line stands in: a line in words that stands there a few times, such as the name of what is trained next, begins
 * one. Where there are too many of them, they are no parts.
 */
function partsOf(lines: readonly string[], kinds: ReadonlyMap<string, readonly number[]>): Uint32Array {
  const parts = new Uint32Array(lines.length)
  if (![...kinds.values()].some((members) => members.length >= mostAlike)) return parts
  const worded = new Map<string, number[]>()
  for (const [index, line] of lines.entries()) if (/\p{L}{3}/u.test(line)) listAt(worded, kindOf(line)).push(index)
  const begins = [...worded.values()].filter((members) => members.length < mostAlike).flat()
  if (begins.length > mostParts) return parts
  for (const [part, begin] of begins.toSorted((a, b) => a - b).entries()) parts.fill(part + 1, begin)
  return parts
}

function extremes(lines: readonly string[], members: readonly number[]): Map<number, EvidenceNumber['statistic']> {
  const low: { value: number; index: number }[] = []
  const high: { value: number; index: number }[] = []
  for (const index of members) {
    const values = withoutNoise((lines[index] ?? '').slice(0, 1_000)).match(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi) ?? []
    for (const [column, text] of values.slice(0, mostColumnsAlike).entries()) {
      const value = Number(text)
      const [below, above] = [low[column], high[column]]
      if (below === undefined || value < below.value) low[column] = { value, index }
      if (above === undefined || value > above.value) high[column] = { value, index }
    }
  }
  const found = new Map<number, EvidenceNumber['statistic']>()
  for (const { index } of low) found.set(index, 'min')
  for (const { index } of high) found.set(index, 'max')
  found.set(members[0] ?? 0, 'first')
  found.set(members.at(-1) ?? 0, 'last')
  return found
}

function addLines(sink: Sink, lines: readonly string[], kept: Kept): void {
  const { collector } = sink
  let heading = { text: '', line: -farthestHeading }
  let next = 0
  for (const [index, statistic] of kept) {
    for (; next <= index; next += 1) if (isHeading(lines[next] ?? '')) heading = { text: lines[next] ?? '', line: next }
    const source = sink.sourceOf(index + 1)
    if (source === null) continue
    const line = withoutNoise(lines[index] ?? '')
    const numbers = scanNumbers(line)
    if (numbers.length === 0) continue
    const above = index - heading.line <= farthestHeading && heading.line !== index ? heading.text : ''
    const label = line.slice(0, Math.min(numbers[0]?.start ?? 0, 120))
    let behind = 0
    for (const number of numbers) {
      // the words right before a number, and for the first ones of a row those behind it
      const before = line.slice(Math.max(behind, number.start - 100), number.start)
      behind = number.end
      const words = collector.words(before, label, above, sink.about)
      collector.add({ number, source, line: index + 1, words, statistic: statistic ?? 'value' })
    }
  }
}
