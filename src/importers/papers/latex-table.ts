import { plainText } from './latex-macros.ts'
import { nameOfNode, type Scope, type TexNode, takeArguments } from './latex-nodes.ts'

/** The content of a `tabular` as a Markdown table; its first row is the head, as wide as the widest. Merged cells fill their first place. */
export function renderTable(content: readonly TexNode[], scope: Scope): string {
  const rows = splitRows(content)
    .map((cells) =>
      cells
        .slice(0, mostColumns)
        .flatMap((cell) => renderCell(cell, scope))
        .slice(0, mostColumns),
    )
    .filter((cells) => cells.some((cell) => cell !== ''))
  const width = rows.reduce((most, cells) => Math.max(most, cells.length), 0)
  const [head, ...body] = rows
  if (head === undefined) return ''
  const lines = [pad(head, width), ...body].map((cells) => `| ${cells.join(' | ')} |`)
  return `\n\n${lines.toSpliced(1, 0, `|${' --- |'.repeat(width)}`).join('\n')}\n\n`
}

function pad(cells: readonly string[], width: number): string[] {
  return [...cells, ...Array.from({ length: width - cells.length }, () => '')]
}

function splitRows(content: readonly TexNode[]): TexNode[][][] {
  const rows: TexNode[][][] = [[[]]]
  for (const node of content) {
    if (node.type === 'string' && node.content === '&') rows.at(-1)?.push([])
    else if (node.type === 'macro' && (node.content === '\\' || node.content === 'tabularnewline')) rows.push([[]])
    else rows.at(-1)?.at(-1)?.push(node)
  }
  return rows
}

const mostColumns = 100

/** One cell, and empty ones for the further columns it spans. */
function renderCell(cell: readonly TexNode[], scope: Scope): string[] {
  const index = cell.findIndex((node) => node.type === 'macro' && nameOfNode(node) === 'multicolumn')
  const merged = cell[index]
  if (merged === undefined) return [clean(scope.render(cell, scope))]
  const { groups, next } = takeArguments(merged, { nodes: cell, index: index + 1, most: 3, scope })
  const columns = Math.min(mostColumns, Math.max(1, Number.parseInt(plainText(groups[0] ?? []), 10) || 1))
  const parts = [cell.slice(0, index), groups.at(-1) ?? [], cell.slice(next)]
  const text = parts.map((part) => scope.render(part, scope)).join('')
  return pad([clean(text)], columns)
}

function clean(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|')
}
