import { parse } from '@unified-latex/unified-latex-util-parse'
import { renderBibFiles } from './bib-entries.ts'
import { findDefinitions } from './latex-definitions.ts'
import { displayMath, inlineMath, renderEnvironment } from './latex-environments.ts'
import { renderMacro } from './latex-macros.ts'
import { childrenOf, nameOfNode, type Scope, takeArguments, type TexNode } from './latex-nodes.ts'

export interface LatexPaper {
  /** One text, everything that it includes put in. */
  readonly source: string
  /** Bibliography as LaTeX typeset it (`.bbl`), or null. */
  readonly bbl: string | null
  readonly bibFiles: readonly string[]
  /** How the Markdown is to name a figure; null when it is not there. */
  readonly findImage: (name: string) => string | null
}

/**
 * A paper in LaTeX as Markdown: sections, paragraphs, lists, tables, formulas between `$`, citations as `[key]`, figures, and
 * the references. Layout is left out; a macro nobody knows keeps its text. It is read without running TeX.
 */
export function latexToMarkdown({ source, bbl, bibFiles, findImage }: LatexPaper): string {
  const text = prepare(source)
  const nodes = parseNodes(text)
  const scope: Scope = {
    source: text,
    definitions: findDefinitions(text),
    depth: 0,
    unfolded: { characters: 0 },
    float: null,
    cited: new Set(),
    findImage,
    render,
    renderText,
    bibliography: (current) => {
      const typeset = bbl === null ? '' : renderText(bbl, { ...current, depth: current.depth + 1 })
      return typeset === '' ? renderBibFiles(bibFiles, current) : typeset
    },
  }
  const document = nodes.find((node) => node.type === 'environment' && nameOfNode(node) === 'document')
  const body = render(document === undefined ? nodes : childrenOf(document), scope)
  const front = [renderFront(nodes, ['title', 'icmltitle'], scope), renderFront(nodes, ['author'], scope)]
  const title = front[0] === '' ? [] : [`# ${front[0]}`]
  return tidy([...title, front[1] ?? '', body].join('\n\n'))
}

/** What the parser would misread: per cent signs in addresses, and passages that TeX skips. */
function prepare(source: string): string {
  const text = shortenBlanks(source.replaceAll('\r\n', '\n')).replaceAll(
    /\\(?:url|href|path|nolinkurl)\s*\{[^{}]*\}/g,
    (match) => match.replaceAll(/(?<!\\)%/g, '\\%'),
  )
  const [first = '', ...skipped] = text.split('\\iffalse')
  return first + skipped.map((part) => part.slice(endOfSkipped(part))).join('')
}

/** The parser's time grows with the square of a run of blanks and line breaks in a formula. No paper has one so long. */
function shortenBlanks(text: string): string {
  return text.replaceAll(/\s{100,}/g, (run) => {
    const breaks = run.split('\n').length - 1
    return breaks === 0 ? ' ' : '\n'.repeat(Math.min(breaks, 2))
  })
}

function endOfSkipped(text: string): number {
  const end = /\\fi(?![A-Za-z])/.exec(text)
  return end === null ? 0 : end.index + end[0].length
}

function parseNodes(text: string): readonly TexNode[] {
  return parse(text).content as readonly TexNode[]
}

function renderText(text: string, scope: Scope): string {
  const source = shortenBlanks(text)
  return render(parseNodes(source), { ...scope, source })
}

function renderFront(nodes: readonly TexNode[], names: readonly string[], scope: Scope): string {
  const found = findSiblings(nodes, names)
  if (found === null) return ''
  const { groups } = takeArguments(found.node, { nodes: found.nodes, index: found.index + 1, most: 1, scope })
  return render(groups.at(-1) ?? [], scope)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' ,', ',')
    .trim()
}

interface Found {
  readonly node: TexNode
  readonly nodes: readonly TexNode[]
  readonly index: number
}

/** The first macro of a name, with its siblings, among which its arguments may stand. */
function findSiblings(nodes: readonly TexNode[], names: readonly string[]): Found | null {
  for (const [index, node] of nodes.entries()) {
    if (node.type === 'macro' && names.includes(nameOfNode(node))) return { node, nodes, index }
    const inside = findSiblings(childrenOf(node), names)
    if (inside !== null) return inside
  }
  return null
}

function render(nodes: readonly TexNode[], scope: Scope): string {
  let text = ''
  for (let index = 0; index < nodes.length; ) {
    const node = nodes[index]
    index += 1
    if (node === undefined) continue
    switch (node.type) {
      case 'string': {
        let run = typeof node.content === 'string' ? node.content : ''
        for (let next = nodes[index]; next?.type === 'string'; next = nodes[index]) {
          run += typeof next.content === 'string' ? next.content : ''
          index += 1
        }
        text += typeset(run)
        break
      }
      case 'whitespace':
        if (!/\s$/.test(text.slice(-1))) text += ' '
        break
      case 'parbreak':
        text += '\n\n'
        break
      case 'comment':
        if (node.suffixParbreak === true) text += '\n\n'
        else if (node.leadingWhitespace === true) text += ' '
        break
      case 'group':
        text += render(childrenOf(node), scope)
        break
      case 'inlinemath':
        text += inlineMath(node, scope)
        break
      case 'displaymath':
        text += displayMath(node, scope)
        break
      case 'verb':
        text += `\`${typeof node.content === 'string' ? node.content : ''}\``
        break
      case 'macro': {
        const rendered = renderMacro(node, { nodes, index }, scope)
        text += rendered.text
        index = rendered.next
        break
      }
      case 'environment':
      case 'mathenv':
      case 'verbatim':
        text += renderEnvironment(node, scope)
        break
    }
  }
  return text
}

/** Dashes, quotation marks and spaces as TeX sets them. */
function typeset(text: string): string {
  return text
    .replaceAll('---', '—')
    .replaceAll('--', '–')
    .replaceAll('``', '“')
    .replaceAll("''", '”')
    .replaceAll('`', '‘')
    .replaceAll("'", '’')
    .replaceAll('~', ' ')
}

/** At most one empty line in a row, no blanks at the end of a line, and at its start only those of lists and code. */
function tidy(text: string): string {
  const lines: string[] = []
  let isCode = false
  for (const raw of text.split('\n')) {
    if (/^ *```/.test(raw)) isCode = !isCode
    const line = isCode
      ? raw.trimEnd()
      : raw
          .trimEnd()
          .replace(/^ (?! )/, '')
          .replaceAll(/(?<=\S) {2,}/g, ' ')
    if (isCode || line !== '' || (lines.at(-1) ?? '') !== '') lines.push(line)
  }
  return `${lines.join('\n').trim()}\n`
}
