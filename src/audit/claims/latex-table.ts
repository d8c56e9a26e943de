import type { TableBlock } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { lineAt } from './document-lines.ts'
import { type SpanningCell, splitHeader, spreadCells } from './grid.ts'
import { braceGroup } from './latex-group.ts'
import { trimCell } from './pipe-table.ts'

/**
 * A `tabular` with all its kinds: rows end with `\\`, cells with `&`. What stands above the first inner rule is its header.
 * @param range from `\begin` to behind `\end{…}`
 */
export function readTabular(
  text: string,
  range: { start: number; end: number; lines: readonly DocumentLine[] },
): TableBlock | null {
  const rows: { line: number; cells: SpanningCell[] }[] = []
  const rules: number[] = []
  let cells: SpanningCell[] = []
  let from = bodyStart(text, range)
  let depth = 0
  const end = Math.max(from, text.lastIndexOf('\\end', range.end))
  const endCell = (to: number): void => {
    cells.push(readCell(text, { from, to, rules, row: rows.length }))
  }
  const endRow = (to: number): void => {
    endCell(to)
    const first = cells.find((cell) => cell.start < cell.end)
    if (first !== undefined) rows.push({ line: lineAt(range.lines, first.start), cells })
    cells = []
  }
  for (let at = from; at < end; at += 1) {
    const sign = text.charAt(at)
    if (sign === '{') depth += 1
    else if (sign === '}') depth = Math.max(0, depth - 1)
    else if (sign === '&' && depth === 0) {
      endCell(at)
      from = at + 1
    } else if (sign === '\\') {
      if ((text[at + 1] === '\\' && depth === 0) || text.startsWith('\\tabularnewline', at)) {
        endRow(at)
        at += text[at + 1] === '\\' ? 1 : 14
        if (text[at + 1] === '[') at = Math.min(end, Math.max(at, text.indexOf(']', at)))
        from = at + 1
      } else at += 1
    }
  }
  endRow(end)
  const spread = spreadCells(rows)
  const [first] = spread
  if (first === undefined) return null
  const firstRule = rules.find((row) => row > 0) ?? 1
  const headerCount = firstRule <= 4 && firstRule < spread.length ? firstRule : 1
  return {
    kind: 'table',
    line: first.line,
    caption: '',
    ...splitHeader(spread, headerCount),
  }
}

/** Behind `\begin{tabularx}{\textwidth}[t]{lcc}`. */
function bodyStart(text: string, range: { start: number; end: number }): number {
  let at = text.indexOf('}', range.start) + 1
  for (let groups = 0; groups < 4; groups += 1) {
    while (at < range.end && /\s/.test(text.charAt(at))) at += 1
    const isOptional = text[at] === '['
    if (!isOptional && text[at] !== '{') break
    const close = isOptional ? text.indexOf(']', at) : braceGroup(text, at)?.end
    if (close === undefined || close < 0 || close > range.end) break
    at = isOptional ? close + 1 : close
  }
  return Math.min(at, range.end)
}

/** A cell without rules and spans around it. */
function readCell(text: string, place: { from: number; to: number; rules: number[]; row: number }): SpanningCell {
  const { to } = place
  let { from } = place
  let columns = 1
  let end = to
  for (let steps = 0; steps < 12; steps += 1) {
    while (from < end && /[\s~]/.test(text.charAt(from))) from += 1
    const name = /^\\([A-Za-z]{1,20})/.exec(text.slice(from, Math.min(end, from + 24)))?.[1] ?? ''
    if (ruleNames.has(name)) {
      if (name !== 'cline' && name !== 'cmidrule') place.rules.push(place.row)
      from = skipArguments(text, { from: from + name.length + 1, to: end })
    } else if (name === 'multicolumn' || name === 'multirow') {
      const group = spanGroups(text, from + name.length + 1)
      if (group === null || group.contentEnd > end) break
      // what a \\multirow covers is written as empty cells below it
      if (name === 'multicolumn') columns = group.count
      from = group.contentStart
      end = group.contentEnd
    } else if (name === 'rowcolor' || name === 'cellcolor')
      from = skipArguments(text, { from: from + name.length + 1, to: end })
    else break
  }
  return { ...trimCell(text, { from, to: end }), columns, rows: 1 }
}

const ruleNames = new Set([
  'toprule',
  'midrule',
  'bottomrule',
  'hline',
  'cline',
  'cmidrule',
  'addlinespace',
  'specialrule',
  'noalign',
  'endhead',
  'endfirsthead',
  'endfoot',
  'endlastfoot',
])

function skipArguments(text: string, range: { from: number; to: number }): number {
  let at = range.from
  for (;;) {
    const sign = text.charAt(at)
    const close = sign === '{' ? '}' : sign === '(' ? ')' : sign === '[' ? ']' : ''
    if (close === '' || at >= range.to) return Math.min(at, range.to)
    const end = text.indexOf(close, at)
    if (end < 0 || end > range.to) return Math.min(at, range.to)
    at = end + 1
  }
}

/** `{2}{c}{content}` and `{2}[1ex]{*}{content}`. */
function spanGroups(text: string, from: number): { count: number; contentStart: number; contentEnd: number } | null {
  let at = from
  let count = 1
  for (let groups = 0; groups < 3; groups += 1) {
    while (text[at] === '[') {
      const close = text.indexOf(']', at)
      if (close < 0 || close - at > 40) return null
      at = close + 1
    }
    const group = braceGroup(text, at)
    if (group === null) return null
    if (groups === 0) count = Math.abs(Math.trunc(Number(text.slice(at + 1, group.end - 1)))) || 1
    if (groups === 2) return { count, contentStart: at + 1, contentEnd: group.end - 1 }
    at = group.end
  }
  return null
}
