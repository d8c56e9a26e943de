import type { CodeNode } from './code.ts'
import { calleeName, dottedName, fieldOf, sourceOf } from './python-nodes.ts'

/** What a function, or the top level of a file, is given or works out and never looks at. */
export interface UnreadNames {
  readonly parameters: readonly string[]
  /** Whether it looks at any of its parameters, apart from its object. */
  readonly readsParameter: boolean
  readonly locals: readonly string[]
}

/** Calls that put something into their object, and read nothing of it. */
const puttingCalls = new Set(['append', 'extend', 'add', 'insert', 'update', 'add_batch', 'appendleft'])

const known = new WeakMap<CodeNode, UnreadNames>()

/**
 * Names that a scope fills and never reads: where a result is made up in place of what was computed, the inputs of the computing stay
 * behind like that. Names that begin with `_` are unread on purpose, and what a loop or an unpacking gives often is.
 * @param scope a `function_definition` or a `module`
 */
export function unreadNames(scope: CodeNode, text: string): UnreadNames {
  const before = known.get(scope)
  if (before !== undefined) return before
  const read = new Set<string>()
  const written = new Set<string>()
  const open: { node: CodeNode; isOwn: boolean }[] = []
  const body = scope.type === 'module' ? scope : fieldOf(scope, 'body')
  if (body !== null) open.push({ node: body, isOwn: true })
  const later = (nodes: readonly (CodeNode | null | undefined)[], isOwn: boolean): void => {
    for (const node of nodes) if (node) open.push({ node, isOwn })
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, isOwn } = next
    switch (node.type) {
      case 'identifier':
        read.add(sourceOf(node, text))
        break
      case 'assignment':
      case 'augmented_assignment': {
        const left = fieldOf(node, 'left')
        later([fieldOf(node, 'right')], isOwn)
        if (left?.type === 'identifier') {
          if (isOwn) written.add(sourceOf(left, text))
        } else if (left?.type === 'pattern_list' || left?.type === 'tuple_pattern') {
          // What is unpacked alone is often unread; it is no reading either.
          later(
            left.children.filter((child) => child.type !== 'identifier'),
            isOwn,
          )
        } else later([left?.type === 'subscript' ? fieldOf(left, 'subscript') : left], isOwn)
        break
      }
      case 'expression_statement': {
        const call = node.children[0]
        const callee = call?.type === 'call' ? fieldOf(call, 'function') : null
        const object = callee?.type === 'attribute' ? fieldOf(callee, 'object') : null
        if (call !== undefined && object?.type === 'identifier' && puttingCalls.has(calleeName(call, text)))
          later([fieldOf(call, 'arguments')], isOwn)
        else later(node.children, isOwn)
        break
      }
      case 'attribute':
        later([fieldOf(node, 'object')], isOwn)
        break
      case 'keyword_argument':
        later([fieldOf(node, 'value')], isOwn)
        break
      case 'function_definition':
      case 'class_definition':
        later(
          node.children.filter((child) => child.field !== 'name'),
          false,
        )
        break
      case 'global_statement':
      case 'nonlocal_statement':
        for (const child of node.children) read.add(sourceOf(child, text))
        break
      default:
        later(node.children, isOwn)
    }
  }
  const isUnread = (name: string): boolean => !read.has(name) && !name.startsWith('_') && name !== ''
  const parameters = (fieldOf(scope, 'parameters')?.children ?? []).flatMap((parameter) => {
    if (parameter.type.endsWith('_splat_pattern')) return []
    const name = parameter.type === 'identifier' ? parameter : (fieldOf(parameter, 'name') ?? parameter.children[0])
    const called = dottedName(name ?? null, text)
    return called === 'self' || called === 'cls' ? [] : [called]
  })
  const unread = {
    parameters: parameters.filter(isUnread),
    readsParameter: parameters.some((name) => read.has(name)),
    locals: [...written].filter(isUnread).toSorted(),
  }
  known.set(scope, unread)
  return unread
}
