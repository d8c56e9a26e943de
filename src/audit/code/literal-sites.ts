import { scanNumbers } from '../numbers/scan-numbers.ts'
import type { CodeFile, CodeNode } from './code.ts'
import { indexFile } from './file-index.ts'
import { tellingDigits } from './literal-value.ts'
import { describe, type At, type LiteralSite } from './literal-site.ts'
import { isMainBlock } from './main-block.ts'
import { metricTier, nameWords } from './metric-names.ts'
import { argumentsOf, calleeName, fieldOf, sourceOf, stringValue } from './python-nodes.ts'

const mostSites = 5_000
const keepingCalls = new Set(
  'dict list tuple set array asarray tensor DataFrame Series OrderedDict defaultdict append extend update insert setdefault round float int Decimal namedtuple'.split(
    ' ',
  ),
)
const plottingCalls = new Set(
  'bar barh plot scatter errorbar boxplot violinplot hist heatmap imshow matshow fill_between barplot lineplot step stem pie table'.split(
    ' ',
  ),
)
const sayingCalls = new Set('print info warning debug error critical log write writelines write_text echo'.split(' '))

/** Numbers in the place of results: under names of results, in what is plotted, in rows of tables and printed lines. */
export function findLiteralSites(file: CodeFile, { isCalled }: { isCalled: (name: string) => boolean }): LiteralSite[] {
  const sites: LiteralSite[] = []
  const walk = { file, isCalled, sites }
  visit(
    file.tree,
    {
      names: [],
      kind: 'value',
      isKept: false,
      isAlone: true,
      isFallback: false,
      isUnused: false,
      isListed: false,
      isBranch: false,
      scopes: [],
    },
    walk,
  )
  return sites
}

interface Walk {
  readonly file: CodeFile
  readonly isCalled: (name: string) => boolean
  readonly sites: LiteralSite[]
}

function visit(node: CodeNode, at: At, walk: Walk): void {
  const { file } = walk
  const { text } = file
  if (walk.sites.length >= mostSites) return
  const children = (inner: At, nodes: readonly CodeNode[] = node.children): void => {
    for (const child of nodes) visit(child, inner, walk)
  }
  const loose = loosened(at)
  switch (node.type) {
    case 'comment':
    case 'default_parameter':
    case 'typed_default_parameter':
    case 'decorator':
    case 'import_statement':
    case 'import_from_statement':
      return
    case 'function_definition':
    case 'class_definition':
      visitDefinition(node, at, walk)
      return
    case 'if_statement':
      if (isMainBlock(node, text) && !['entry', 'started', 'unknown'].includes(file.execution)) return
      children(isMainBlock(node, text) ? loose : { ...loose, isBranch: true })
      return
    case 'except_clause':
      children({ ...loose, isFallback: true })
      return
    case 'expression_statement':
      // A text that stands alone documents; it says nothing to anyone.
      children(
        loose,
        node.children.filter((child) => child.type !== 'string'),
      )
      return
    case 'assignment':
      visitAssignment(node, at, walk)
      return
    case 'return_statement':
      children({ ...loose, isKept: true, isAlone: true, kind: 'return', names: [at.scopes.at(-1) ?? ''] })
      return
    case 'pair': {
      const key = fieldOf(node, 'key')
      const value = fieldOf(node, 'value')
      const name = key?.type === 'string' ? stringValue(key, text) : ''
      if (value !== null) visit(value, { ...at, names: [...at.names, name], isAlone: true }, walk)
      return
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      children({ ...at, isListed: true, isAlone: node.children.length === 1 && at.isAlone })
      return
    case 'dictionary':
    case 'parenthesized_expression':
      children(at)
      return
    case 'unary_operator':
      if (node.children[0]?.type === 'float' || node.children[0]?.type === 'integer') keep(node, at, walk)
      else children({ ...loose })
      return
    case 'float':
    case 'integer':
      keep(node, at, walk)
      return
    case 'string':
      if (at.isKept || at.kind === 'plot' || at.names.includes('(says)')) keepText(node, at, walk)
      return
    case 'concatenated_string':
      children(at)
      return
    case 'binary_operator':
      for (const child of node.children) visit(child, child.type === 'string' ? at : loose, walk)
      return
    case 'call':
      visitCall(node, at, walk)
      return
    default:
      children(loose)
  }
}

/** Nothing around it gives a number its name or keeps it. */
function loosened(at: At): At {
  return { ...at, isKept: false, isListed: false, names: [], kind: 'value' }
}

function visitDefinition(node: CodeNode, at: At, walk: Walk): void {
  const name = fieldOf(node, 'name')
  const called = name === null ? '' : sourceOf(name, walk.file.text)
  const body = fieldOf(node, 'body')
  const isFunction = node.type === 'function_definition'
  if (body === null || (isFunction && called.startsWith('test_'))) return
  const isUnused = at.isUnused || (isFunction && !walk.isCalled(called) && !indexFile(walk.file).hooks.has(node))
  const scopes = [...at.scopes, called]
  visit(body, { ...loosened(at), isFallback: false, isUnused, isBranch: false, scopes }, walk)
}

function visitAssignment(node: CodeNode, at: At, walk: Walk): void {
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  if (left === null || right === null) return
  const keptAs = (target: CodeNode): At => ({
    ...loosened(at),
    isKept: true,
    isAlone: true,
    names: [nameOf(target, walk.file.text)],
  })
  const targets = left.type === 'pattern_list' || left.type === 'tuple_pattern' ? left.children : null
  const values = right.type === 'expression_list' || right.type === 'tuple' ? right.children : null
  if (targets === null || values === null || targets.length !== values.length) {
    visit(right, keptAs(left), walk)
    return
  }
  for (const [place, value] of values.entries()) {
    const target = targets[place]
    if (target !== undefined) visit(value, keptAs(target), walk)
  }
}

function visitCall(node: CodeNode, at: At, walk: Walk): void {
  const { text } = walk.file
  const called = calleeName(node, text)
  const callee = fieldOf(node, 'function')
  const object = callee?.type === 'attribute' ? fieldOf(callee, 'object') : null
  if (object !== null) visit(object, { ...at, isKept: false, names: [] }, walk)
  for (const { name, value } of argumentsOf(node, text)) {
    let inner: At = { ...at, isKept: name !== '', names: [name], kind: 'value', isAlone: true }
    if (plottingCalls.has(called))
      inner = {
        ...inner,
        isKept: name === '' || name === 'height' || name === 'y' || name === 'width',
        names: [],
        kind: 'plot',
        isAlone: false,
      }
    else if (sayingCalls.has(called)) inner = { ...inner, isKept: false, names: ['(says)'] }
    else if (keepingCalls.has(called)) {
      const owner =
        ['append', 'extend', 'update', 'insert', 'setdefault'].includes(called) && object !== null
          ? [nameOf(object, text)]
          : at.names
      inner = {
        ...at,
        isKept: at.isKept || owner !== at.names,
        names: name === '' ? owner : [...owner, name],
        isAlone: at.isAlone && called !== 'array',
      }
    }
    visit(value, inner, walk)
  }
}

/** Variable, attribute or the keys of an element, as a phrase: `results["ours"]["accuracy"]`. */
function nameOf(node: CodeNode, text: string): string {
  return sourceOf(node, text).slice(0, 200)
}

function keep(node: CodeNode, at: At, walk: Walk): void {
  if (!at.isKept) return
  const { text } = walk.file
  const written = sourceOf(node, text)
  const value = Number(written.replaceAll('_', ''))
  if (!Number.isFinite(value) || written.length > 30 || tellingDigits(written) < 2) return
  walk.sites.push({
    ...describe(at, node.line, walk.file),
    node,
    line: node.line,
    text: written,
    value,
    kind: at.kind,
    isAlone: at.isAlone,
  })
}

/** Numbers in a row of a table, or behind the name of a result in what is printed or written. */
function keepText(node: CodeNode, at: At, walk: Walk): void {
  const { text } = walk.file
  const source = sourceOf(node, text).slice(0, 100_000)
  if (!/\d\.\d/.test(source)) return
  const holes = node.children.filter((child) => child.type === 'interpolation')
  let line = node.line
  let offset = node.start
  for (const row of source.split('\n')) {
    const isRow = row.split('|').length > 3 || row.split('&').length > 2
    if ((isRow || at.names.includes('(says)')) && row.length < 5_000) {
      for (const number of scanNumbers(row)) {
        const start = offset + number.start
        if (number.decimals === 0 || holes.some((hole) => hole.start <= start && start < hole.end)) continue
        const label = row.slice(Math.max(0, number.start - 40), number.start)
        const tier = metricTier(nameWords(label).slice(-3).join(' '))
        if (!isRow && tier === null) continue
        const described = describe({ ...at, names: [label] }, line, walk.file)
        walk.sites.push({
          ...described,
          node,
          line,
          text: number.text,
          value: number.value,
          kind: isRow ? 'row' : 'print',
          isAlone: false,
          tier,
        })
        if (walk.sites.length >= mostSites) return
      }
    }
    offset += row.length + 1
    line++
  }
}
