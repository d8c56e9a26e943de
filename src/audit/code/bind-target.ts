import type { CodeNode } from './code.ts'
import type { Walk } from './draw-walk.ts'
import { elementName, evaluate, type EvaluationContext } from './evaluate.ts'
import { dottedName, fieldOf, sourceOf, stringValue } from './python-nodes.ts'
import { either, parameterValue, type Names, type Value } from './values.ts'

/** An assignment, with what arrives under its names on the way. */
export function assign(node: CodeNode, names: Names, walk: Walk): void {
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  if (left === null || right === null) return
  if (right.type === 'assignment') {
    assign(right, names, walk)
    const inner = fieldOf(right, 'left')
    bind(left, { node, value: evaluate(inner, names, walk.context), names, walk })
    return
  }
  if (right.type === 'lambda' && left.type === 'identifier') {
    defineLambda(sourceOf(left, walk.file.text), right, { names, walk })
    return
  }
  if (right.type === 'dictionary' && left.type === 'identifier') {
    // What stands under a key is known by that key, and does not make the whole container chance.
    for (const pair of right.children) {
      const key = fieldOf(pair, 'key')
      if (key?.type !== 'string') continue
      names.set(
        `${sourceOf(left, walk.file.text)}["${stringValue(key, walk.file.text)}"]`,
        evaluate(fieldOf(pair, 'value'), names, silent(walk.context)),
      )
    }
  }
  const value = evaluate(right, names, walk.context)
  const isKeyed =
    right.type === 'dictionary' &&
    right.children.length > 0 &&
    right.children.every((pair) => fieldOf(pair, 'key')?.type === 'string')
  if (!isKeyed || value.draws.length === 0) bind(left, { node, value, names, walk })
  else {
    walk.context.arrive({ node, name: sourceOf(left, walk.file.text), value, how: 'assignment' })
    bind(left, { node, value: { ...value, draws: [] }, names, walk })
  }
}

/** `jitter = lambda x: …` is a function like any other. */
function defineLambda(name: string, node: CodeNode, { names, walk }: { names: Names; walk: Walk }): void {
  const inner = names.branch()
  for (const parameter of fieldOf(node, 'parameters')?.children ?? []) {
    const called = parameter.type === 'identifier' ? parameter : (fieldOf(parameter, 'name') ?? parameter.children[0])
    if (called?.type === 'identifier') inner.set(sourceOf(called, walk.file.text), parameterValue)
  }
  const returns = evaluate(fieldOf(node, 'body'), inner, walk.context)
  const known = walk.summaries.get(name) ?? new Map<string, Value>()
  walk.summaries.set(name, known.set(`${walk.file.path}:${node.start}`, returns))
}

function silent(context: EvaluationContext): EvaluationContext {
  return { ...context, arrive: ({ value }) => value }
}

/** Gives a target what it now holds: a name, an attribute, an element, or several at once. */
export function bind(target: CodeNode, options: { node: CodeNode; value: Value; names: Names; walk: Walk }): void {
  const { node, value, names, walk } = options
  const { text } = walk.file
  switch (target.type) {
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
      for (const [place, child] of target.children.entries()) {
        const part = value.parts?.length === target.children.length ? value.parts[place] : undefined
        bind(child, { ...options, node: child, value: part ?? value })
      }
      return
    case 'identifier':
    case 'attribute': {
      const kept = walk.context.arrive({ node, name: sourceOf(target, text), value, how: 'assignment' })
      const name = dottedName(target, text)
      if (name !== '') names.set(name, kept)
      return
    }
    case 'subscript': {
      const kept = walk.context.arrive({ node, name: sourceOf(target, text).slice(0, 300), value, how: 'assignment' })
      const element = elementName(target, text)
      const base = dottedName(fieldOf(target, 'value'), text)
      if (element !== null) names.set(element, kept)
      else if (base !== '' && kept.draws.length > 0) names.set(base, either([names.get(base), kept]))
      return
    }
    default:
      return
  }
}
