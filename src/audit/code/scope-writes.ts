import type { CodeFile, CodeNode } from './code.ts'
import { foundPresent } from './found-present.ts'
import { isMainBlock } from './main-block.ts'
import { argumentsOf, calleeName, fieldOf, sourceOf, stringValue } from './python-nodes.ts'

/** What a scope gives a name, a key of a dictionary, or back. */
export interface Write {
  readonly kind: 'name' | 'key' | 'entry' | 'return'
  /** The same for writes to the same place: the second of them replaces what the first left. */
  readonly key: string
  /** What a reader takes for the value's name: a variable, the last key, the function. */
  readonly name: string
  /** Names of what holds it, the outermost first. */
  readonly under: readonly string[]
  readonly value: CodeNode
  /** As written where the value is one number; null otherwise. */
  readonly constant: string | null
  /** Nothing, zero, one or an empty container. */
  readonly isTrivial: boolean
  /** Other names or calls are in it. */
  readonly isComputed: boolean
  /** It is a call of something that does more than arithmetic. */
  readonly isCall: boolean
  /** The statements, or the dictionary, it stands among; for keys of one container, the scope. */
  readonly block: CodeNode
  /** No branch, loop or handler is around it. */
  readonly isDirect: boolean
  readonly isFallback: boolean
  /** What the condition around it has found to be there: `row["f1"]` behind `if "f1" in row:`; null for nothing. */
  readonly present: string | null
}

/** A function, or the top level of a file. */
export interface Scope {
  readonly node: CodeNode
  /** Of the classes and functions around it and its own, the outermost first. */
  readonly names: readonly string[]
  readonly writes: readonly Write[]
}

const wrappingCalls = new Set(['float', 'round', 'int', 'str', 'abs'])

interface At {
  readonly block: CodeNode
  readonly isDirect: boolean
  readonly isFallback: boolean
  readonly present: string | null
  readonly under: readonly string[]
}

const known = new WeakMap<CodeNode, readonly Scope[]>()

/** Every function of a file and its top level, with what each writes itself. */
export function findScopes({ tree, text, execution }: Pick<CodeFile, 'tree' | 'text' | 'execution'>): readonly Scope[] {
  const before = known.get(tree)
  if (before !== undefined) return before
  const scopes: Scope[] = []
  const open: { node: CodeNode; body: CodeNode; names: readonly string[] }[] = [{ node: tree, body: tree, names: [] }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, body, names } = next
    const writes: Write[] = []
    const isClass = node.type === 'class_definition'
    const nested = (definition: CodeNode): void => {
      const name = fieldOf(definition, 'name')
      const inner = fieldOf(definition, 'body')
      if (name !== null && inner !== null)
        open.push({ node: definition, body: inner, names: [...names, sourceOf(name, text)] })
    }
    collect(
      body,
      { block: body, isDirect: true, isFallback: false, present: null, under: [] },
      { text, names, writes, nested, runsMain: execution !== 'imported' },
    )
    // What a class gives its own names are settings and defaults.
    if (!isClass) scopes.push({ node, names, writes })
  }
  known.set(tree, scopes)
  return scopes
}

interface Collecting {
  readonly text: string
  readonly names: readonly string[]
  readonly writes: Write[]
  readonly nested: (definition: CodeNode) => void
  /** A file that is imported leaves its main block out. */
  readonly runsMain: boolean
}

function collect(node: CodeNode, at: At, into: Collecting): void {
  const { text } = into
  switch (node.type) {
    case 'function_definition':
    case 'class_definition':
      into.nested(node)
      return
    case 'comment':
    case 'string':
    case 'lambda':
    case 'identifier':
      return
    case 'block':
      for (const child of node.children) collect(child, { ...at, block: node }, into)
      return
    case 'if_statement':
      // What is under it is no branch: it runs whenever the file does.
      if (isMainBlock(node, text)) {
        if (into.runsMain) for (const child of node.children) collect(child, at, into)
        return
      }
      for (const child of node.children) {
        const present = child.field === 'consequence' ? (foundPresent(node, text) ?? at.present) : at.present
        collect(child, { ...at, isDirect: false, present }, into)
      }
      return
    case 'for_statement':
    case 'while_statement':
    case 'match_statement':
      for (const child of node.children) collect(child, { ...at, isDirect: false }, into)
      return
    case 'except_clause':
    case 'except_group_clause':
      for (const child of node.children) collect(child, { ...at, isDirect: false, isFallback: true }, into)
      return
    case 'assignment': {
      const left = fieldOf(node, 'left')
      const right = fieldOf(node, 'right')
      if (left === null || right === null) return
      const under = left.type === 'identifier' ? [sourceOf(left, text).slice(0, 200)] : []
      write(left, right, { at, into })
      collect(right, { ...at, under }, into)
      return
    }
    case 'augmented_assignment': {
      const left = fieldOf(node, 'left')
      if (left !== null) write(left, node, { at, into })
      return
    }
    case 'return_statement': {
      const [value] = node.children
      if (value === undefined) return
      const name = into.names.at(-1) ?? ''
      into.writes.push({ ...weigh(value, text), ...at, kind: 'return', key: 'return', name, under: [], value })
      collect(value, at, into)
      return
    }
    case 'dictionary':
      for (const pair of node.children) {
        const key = fieldOf(pair, 'key')
        const value = fieldOf(pair, 'value')
        if (value === null) continue
        const name = key?.type === 'string' ? stringValue(key, text).slice(0, 200) : ''
        if (name !== '') {
          const entry = { ...at, block: node, kind: 'entry' as const, key: `entry ${pair.start}`, name, value }
          into.writes.push({ ...weigh(value, text), ...entry })
        }
        collect(value, { ...at, under: name === '' ? at.under : [...at.under, name] }, into)
      }
      return
    default:
      for (const child of node.children) collect(child, at, into)
  }
}

function write(left: CodeNode, right: CodeNode, { at, into }: { at: At; into: Collecting }): void {
  const { text, writes } = into
  if (left.type === 'pattern_list' || left.type === 'tuple_pattern') {
    const values = right.type === 'expression_list' || right.type === 'tuple' ? right.children : []
    for (const [place, target] of left.children.entries()) write(target, values[place] ?? right, { at, into })
    return
  }
  const source = sourceOf(left, text).slice(0, 200)
  if (left.type === 'subscript') {
    const key = fieldOf(left, 'subscript')
    const base = fieldOf(left, 'value')
    if (key?.type !== 'string' || base === null) return
    const under = [sourceOf(base, text).slice(0, 200)]
    const name = stringValue(key, text).slice(0, 200)
    writes.push({ ...weigh(right, text), ...at, kind: 'key', key: source, name, under, value: right })
  } else if (left.type === 'identifier' || left.type === 'attribute') {
    const name = source.slice(source.lastIndexOf('.') + 1)
    const kind = left.type === 'identifier' ? 'name' : 'key'
    writes.push({ ...weigh(right, text), ...at, kind, key: source, name, under: [], value: right })
  }
}

function weigh(value: CodeNode, text: string): Pick<Write, 'constant' | 'isTrivial' | 'isComputed' | 'isCall'> {
  const constant = constantOf(value, text)
  const number = constant === null ? Number.NaN : Math.abs(Number(constant))
  const isEmpty =
    value.type === 'none' || ((value.type === 'list' || value.type === 'dictionary') && value.children.length === 0)
  const isTrivial =
    isEmpty ||
    number === 0 ||
    number === 1 ||
    /^float\(["']-?(?:inf|nan)["']\)$/.test(sourceOf(value, text).slice(0, 20))
  const isCall = value.type === 'call' && constant === null && !wrappingCalls.has(calleeName(value, text))
  return { constant, isTrivial, isCall, isComputed: !isTrivial && constant === null && isComputed(value, text) }
}

/** The number an expression is: `0.87`, `-0.3`, `round(0.871, 2)`; null for anything else. */
function constantOf(node: CodeNode, text: string): string | null {
  if (node.type === 'float' || node.type === 'integer') return sourceOf(node, text)
  const [first] = node.children
  if (node.type === 'unary_operator' || node.type === 'parenthesized_expression') {
    const inner = first === undefined ? null : constantOf(first, text)
    return inner === null || node.type === 'parenthesized_expression' ? inner : `-${inner}`
  }
  if (node.type !== 'call' || !wrappingCalls.has(calleeName(node, text))) return null
  const argument = argumentsOf(node, text)[0]
  return argument === undefined ? null : constantOf(argument.value, text)
}

/** Whether an expression works something out of names: a call, or arithmetic. */
function isComputed(value: CodeNode, text: string): boolean {
  const open = [value]
  let hasName = false
  let works = false
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'identifier') hasName = true
    if (node.type === 'call' || node.type === 'binary_operator') works = true
    if (hasName && works) return sourceOf(value, text) !== ''
    if (node.type === 'lambda' || node.type === 'dictionary') continue
    open.push(...node.children)
  }
  return false
}
