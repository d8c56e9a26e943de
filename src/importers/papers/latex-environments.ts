import { fenceBlock } from '../../base/text.ts'
import { spendOnUnfolding } from './latex-definitions.ts'
import { plainText } from './latex-macros.ts'
import { childrenOf, nameOfNode, type Scope, sourceOf, takeArguments, type TexNode } from './latex-nodes.ts'
import { renderTable } from './latex-table.ts'

/** What an environment becomes; of an unknown one its content stays. */
export function renderEnvironment(node: TexNode, scope: Scope): string {
  const name = nameOfNode(node)
  if (ignored.has(name)) return ''
  if (displayMaths.has(name)) return displayMath(node, scope)
  if (verbatim.has(name) || (name === 'algorithm' && !holdsAlgorithmic(node)))
    return block(fenceBlock(rawBody(node, scope)))
  if (drawings.has(name)) return block('(a drawing)')
  const most = argumentCounts[name] ?? 0
  const { next, options } = takeArguments(node, { nodes: childrenOf(node), index: 0, most, scope })
  const content = node.args === undefined ? childrenOf(node).slice(next) : childrenOf(node)
  if (tables.has(name)) return renderTable(content, scope)
  if (lists.has(name)) return renderList(name, content, scope)
  if (name === 'thebibliography') return renderBibliography(content, scope)
  const float = floatOf(name) ?? scope.float
  const text = scope.render(content, { ...scope, float })
  if (name === 'abstract') return block(`## Abstract\n\n${text.trim()}`)
  if (name === 'quote' || name === 'quotation') return block(text.trim().replaceAll(/^/gm, '> '))
  if (!statements.has(name)) return block(text)
  const title = options.map((option) => ` (${scope.render(option, scope).trim()})`).join('')
  return block(`**${name.slice(0, 1).toUpperCase()}${name.slice(1)}${title}.** ${text.trim()}`)
}

function floatOf(name: string): string | null {
  if (name.startsWith('algorithm')) return 'Algorithm'
  if (/^(?:long|side|wrap|sideways)?table/.test(name)) return 'Table'
  return /figure/i.test(name) ? 'Figure' : null
}

const block = (text: string): string => `\n\n${text}\n\n`

const ignored = new Set(['comment', 'CCSXML'])
const displayMaths = new Set([
  'equation',
  'align',
  'gather',
  'multline',
  'eqnarray',
  'flalign',
  'alignat',
  'displaymath',
  'math',
  'split',
])
const verbatim = new Set([
  'verbatim',
  'Verbatim',
  'lstlisting',
  'minted',
  'algorithmic',
  'algorithm2e',
  'alltt',
  'pseudocode',
])
const drawings = new Set(['tikzpicture', 'pgfpicture', 'picture', 'axis', 'forest'])
const tables = new Set(['tabular', 'tabularx', 'tabulary', 'longtable', 'supertabular', 'array', 'tblr', 'NiceTabular'])
const lists = new Set([
  'itemize',
  'enumerate',
  'description',
  'compactitem',
  'compactenum',
  'inparaenum',
  'enumerate*',
  'itemize*',
])
const statements = new Set(
  'theorem lemma proposition corollary definition remark example assumption claim conjecture proof hypothesis'.split(
    ' ',
  ),
)
/** Groups behind `\begin{…}`, of environments that the parser does not know. */
const argumentCounts: Readonly<Partial<Record<string, number>>> = {
  tabular: 1,
  tabularx: 2,
  tabulary: 2,
  longtable: 1,
  supertabular: 1,
  array: 1,
  tblr: 1,
  NiceTabular: 1,
  minipage: 1,
  subfigure: 1,
  subtable: 1,
  wrapfigure: 2,
  wraptable: 2,
  adjustbox: 1,
  multicols: 1,
  spacing: 1,
  thebibliography: 1,
  tcolorbox: 0,
}

function holdsAlgorithmic(node: TexNode): boolean {
  return childrenOf(node).some((child) => verbatim.has(nameOfNode(child)))
}

/** What stands between `\begin{…}` and `\end{…}`, as it stands there. */
function rawBody(node: TexNode, scope: Scope): string {
  return sourceOf(node, scope)
    .replace(/^\\begin\{[^}]*\}(?:[ \t]*\[[^\]]*\])?/, '')
    .replace(/\\end\{[^}]*\}$/, '')
    .replace(/^[ \t]*\n/, '')
    .trimEnd()
}

/** A formula on its own lines, in the form that KaTeX reads. */
export function displayMath(node: TexNode, scope: Scope): string {
  const raw = cleanMath(sourceOf(node, scope), scope)
  const plain = raw.replace(/^(?:\\\[|\$\$|\\begin\{(?:equation|displaymath|math)\*?\})/, '')
  const body = plain.replace(/(?:\\\]|\$\$|\\end\{(?:equation|displaymath|math)\*?\})$/, '').trim()
  return body === '' ? '' : block(`$$\n${body}\n$$`)
}

export function inlineMath(node: TexNode, scope: Scope): string {
  const body = cleanMath(sourceOf(node, scope), scope)
    .replace(/^(?:\\\(|\$)/, '')
    .replace(/(?:\\\)|\$)$/, '')
  return body.trim() === '' ? '' : `$${body.trim()}$`
}

/** Without comments, labels and empty lines, which would end the formula; definitions without parameters unfolded. */
function cleanMath(source: string, scope: Scope): string {
  return source
    .replaceAll(/(?<!\\)%[^\n]*/g, '')
    .replaceAll(/\\label\s*\{[^{}]*\}/g, '')
    .replaceAll(/\n\s*\n/g, '\n')
    .replaceAll(/\\([A-Za-z]+)/g, (macro, name: string) => {
      const definition = scope.definitions.get(name)
      if (definition?.parameters !== 0 || definition.body.length >= 500) return macro
      return spendOnUnfolding(scope, definition.body.length) ? `{${definition.body}}` : macro
    })
}

function renderList(name: string, content: readonly TexNode[], scope: Scope): string {
  const isNumbered = name.startsWith('enumerate') || name === 'compactenum' || name === 'inparaenum'
  const items: string[] = []
  for (const { label, body } of splitItems(content)) {
    const text = scope
      .render(body, scope)
      .trim()
      .replaceAll(/\n{3,}/g, '\n\n')
    const mark = isNumbered ? `${items.length + 1}. ` : '- '
    const title = label.length === 0 ? '' : `**${scope.render(label, scope).trim()}** `
    items.push(`${mark}${title}${text}`.replaceAll('\n', `\n${' '.repeat(mark.length)}`))
  }
  return items.length === 0 ? '' : block(items.join('\n'))
}

interface Item {
  readonly label: readonly TexNode[]
  readonly body: readonly TexNode[]
}

/** The parser puts an item's text into the last argument of `\item` or `\bibitem`. */
function splitItems(content: readonly TexNode[]): Item[] {
  return content.flatMap((node) => {
    const name = nameOfNode(node)
    if (node.type !== 'macro' || (name !== 'item' && name !== 'bibitem')) return []
    const args = node.args ?? []
    return [{ label: args.find(({ openMark }) => openMark === '[')?.content ?? [], body: args.at(-1)?.content ?? [] }]
  })
}

function renderBibliography(content: readonly TexNode[], scope: Scope): string {
  const entries = content.flatMap((node) => {
    if (node.type !== 'macro' || nameOfNode(node) !== 'bibitem') return []
    const args = node.args ?? []
    const key = plainText(args.find(({ openMark }) => openMark === '{')?.content ?? []).trim()
    const text = scope
      .render(args.at(-1)?.content ?? [], scope)
      .replaceAll(/\s+/g, ' ')
      .trim()
    return [`- [${key}] ${text}`]
  })
  return entries.length === 0 ? '' : block(`## References\n\n${entries.join('\n')}`)
}
