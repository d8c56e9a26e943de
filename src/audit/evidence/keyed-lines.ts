import type { EvidenceGrid } from './evidence.ts'

type Grid = Omit<EvidenceGrid, 'source'>
type Row = Grid['rows'][number]

const value = String.raw`[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:e[-+]?\d{1,4})?%?|nan|n/a|none`
const pairs = new RegExp(
  String.raw`([A-Za-z][\w@/%()-]{0,40}(?: [\w@/%()-]{1,20}){0,3})\s{0,8}[=:]\s{0,8}(${value})(?![\w])`,
  'gi',
)
const single = new RegExp(
  String.raw`^[\s*•-]{0,12}([A-Za-z][\w @/%().-]{0,60}?)\*{0,2}\s{0,12}[=:]\s{0,12}\*{0,2}(${value})(?:\s|\*|$|[,(±+])`,
  'i',
)
const mostRows = 400

/** Rows and columns in lines such as `A: acc=0.91, f1=0.88`, and in blocks of `key: value` below one heading each. */
export function keyedGrids(lines: readonly string[], kept: ReadonlyMap<number, unknown>, taken: Uint8Array): Grid[] {
  return [...lineGrids(lines, kept), ...blockGrids(lines, taken)]
}

function lineGrids(lines: readonly string[], kept: ReadonlyMap<number, unknown>): Grid[] {
  const byKeys = new Map<string, { columns: string[]; rows: Row[] }>()
  for (const index of kept.keys()) {
    const line = (lines[index] ?? '').slice(0, 600)
    if (!/[=:]/.test(line)) continue
    const found = [...line.matchAll(pairs)].slice(0, 20)
    if (found.length < 2) continue
    const [first] = found
    const keyed = found.map(([, key = '', cell = '']) => ({ key: key.trim(), cell }))
    const label = line
      .slice(0, first?.index ?? 0)
      .replace(/[\s:,|>-]+$/, '')
      .trim()
    const columns = keyed.map(({ key }) => key)
    const name = columns.join('\0').toLowerCase()
    let grid = byKeys.get(name)
    if (grid === undefined) {
      grid = { columns, rows: [] }
      byKeys.set(name, grid)
    }
    if (grid.rows.length < mostRows) grid.rows.push({ label, line: index + 1, cells: keyed.map(({ cell }) => cell) })
  }
  return [...byKeys.values()]
    .filter(({ rows }) => rows.length > 1 && areNamedOnce(rows))
    .map(({ columns, rows }) => ({ columnLabels: columns, rows }))
}

/** Headings with the same keys below each of them are rows. */
function blockGrids(lines: readonly string[], taken: Uint8Array): Grid[] {
  const blocks: { label: string; line: number; values: Map<string, string> }[] = []
  let open: (typeof blocks)[number] | null = null
  for (const [index, line] of lines.entries()) {
    if (taken[index] === 1 || line.length > 300) continue
    const pair = line.includes(':') || line.includes('=') ? single.exec(line) : null
    if (pair !== null) {
      if (open !== null && open.values.size < 60) open.values.set((pair[1] ?? '').trim(), pair[2] ?? '')
      continue
    }
    const label = headingOf(line)
    if (label === null) continue
    open = { label, line: index + 1, values: new Map() }
    if (blocks.length < 5_000) blocks.push(open)
  }
  const byKeys = new Map<string, typeof blocks>()
  for (const block of blocks) {
    if (block.values.size === 0) continue
    const name = [...block.values.keys()].join('\0').toLowerCase()
    const group = byKeys.get(name)
    if (group === undefined) byKeys.set(name, [block])
    else if (group.length < mostRows) group.push(block)
  }
  return [...byKeys.values()]
    .filter((group) => group.length > 1 && areNamedOnce(group))
    .map((group) => ({
      columnLabels: [...(group[0]?.values.keys() ?? [])],
      rows: group.map(({ label, line, values }) => ({ label, line, cells: [...values.values()] })),
    }))
}

/** What a line names that says nothing else: short, of words, without a value. */
function headingOf(line: string): string | null {
  const text = trimMarks(line)
  const name = text.endsWith(':') ? trimMarks(text.slice(0, -1)) : text
  return /^[A-Za-z]/.test(name) && name.length <= 80 && !/[:=]/.test(name) ? name : null
}

function trimMarks(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && ' \t#=*-'.includes(text.charAt(start))) start += 1
  while (end > start && ' \t#=*-'.includes(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** Rows of one name, as a program prints them at each of its runs, cannot be told apart. */
function areNamedOnce(rows: readonly { readonly label: string }[]): boolean {
  return new Set(rows.map(({ label }) => label)).size === rows.length
}
