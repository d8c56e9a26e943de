import type { CodeNode } from './code.ts'
import { calleeName, dottedName, fieldOf, sourceOf } from './python-nodes.ts'

const tellingCalls = new Set(
  (
    'print info warning debug error critical log write writelines write_text append extend insert add update setdefault bar barh plot scatter errorbar text annotate axhline table ' +
    'log_metric log_metrics add_scalar dump dumps DataFrame Series dict'
  ).split(' '),
)
/** Calls through which a value stays the same result. */
const carryingNodes = new Set([
  'round',
  'float',
  'int',
  'str',
  'format',
  'max',
  'min',
  'abs',
  'mean',
  'list',
  'tuple',
  'array',
])

/**
 * Names whose values a scope tells: returned, printed, written, put into a record or a plot, or made into another result. A value that is
 * only compared, or handed to other code, is a setting.
 */
export function reportedReads(
  scope: CodeNode,
  { text, isResult }: { readonly text: string; readonly isResult: (name: string) => boolean },
): ReadonlySet<string> {
  const reads = new Set<string>()
  const open: { node: CodeNode; isTold: boolean }[] = []
  const body = scope.type === 'module' ? scope : fieldOf(scope, 'body')
  if (body !== null) open.push({ node: body, isTold: false })
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, isTold } = next
    let told = isTold
    switch (node.type) {
      case 'identifier':
        if (isTold) reads.add(sourceOf(node, text))
        continue
      case 'interpolation':
      case 'pair':
      case 'return_statement':
      case 'yield':
        told = true
        break
      case 'assignment':
      case 'augmented_assignment': {
        const left = fieldOf(node, 'left')
        const right = fieldOf(node, 'right')
        const name = left === null ? '' : left.type === 'subscript' ? sourceOf(left, text) : dottedName(left, text)
        if (right !== null)
          open.push({ node: right, isTold: left?.type === 'subscript' || isResult(name.slice(0, 200)) })
        continue
      }
      case 'comparison_operator':
      case 'subscript':
      case 'attribute':
      case 'lambda':
      case 'if_statement':
      case 'for_statement':
      case 'while_statement':
      case 'block':
        told = false
        break
      case 'call': {
        const called = calleeName(node, text)
        told = tellingCalls.has(called) || (isTold && carryingNodes.has(called))
        break
      }
    }
    for (const child of node.children) open.push({ node: child, isTold: told })
  }
  return reads
}
