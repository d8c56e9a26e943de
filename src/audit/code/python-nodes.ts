import type { CodeNode } from './code.ts'

/** The child under a field of the grammar; null where there is none. */
export function fieldOf(node: CodeNode, field: string): CodeNode | null {
  return node.children.find((child) => child.field === field) ?? null
}

/** Source of a node. */
export function sourceOf(node: CodeNode, text: string): string {
  return text.slice(node.start, node.end)
}

/** What a call names, with its objects: `np.random.rand`; empty where the function is itself an expression. */
export function dottedName(node: CodeNode | null, text: string): string {
  if (node === null) return ''
  if (node.type === 'identifier') return sourceOf(node, text)
  if (node.type !== 'attribute') return ''
  const object = dottedName(fieldOf(node, 'object'), text)
  const name = fieldOf(node, 'attribute')
  return object === '' || name === null ? '' : `${object}.${sourceOf(name, text)}`
}

/** Last name of what a call calls: `rand` of `np.random.rand(3)`, `strip` of `f().strip()`. */
export function calleeName(call: CodeNode, text: string): string {
  const callee = fieldOf(call, 'function')
  if (callee === null) return ''
  const last = callee.type === 'attribute' ? fieldOf(callee, 'attribute') : callee
  return last?.type === 'identifier' ? sourceOf(last, text) : ''
}

/** Arguments of a call, positional ones with an empty name. */
export function argumentsOf(call: CodeNode, text: string): { readonly name: string; readonly value: CodeNode }[] {
  const list = fieldOf(call, 'arguments')
  if (list === null) return []
  if (list.type === 'generator_expression') return [{ name: '', value: list }]
  return list.children.flatMap((child) => {
    if (child.type === 'comment') return []
    if (child.type !== 'keyword_argument') return [{ name: '', value: child }]
    const name = fieldOf(child, 'name')
    const value = fieldOf(child, 'value')
    return name === null || value === null ? [] : [{ name: sourceOf(name, text), value }]
  })
}

/** Content of a string literal, its escapes and interpolations as written. */
export function stringValue(node: CodeNode, text: string): string {
  const source = sourceOf(node, text)
  const open = /^[a-zA-Z]{0,3}("""|'''|"|')/.exec(source)
  if (open === null) return source
  const quote = open[1] ?? ''
  const end =
    source.endsWith(quote) && source.length >= open[0].length + quote.length
      ? source.length - quote.length
      : source.length
  return source.slice(open[0].length, end)
}

/** Every node under one, itself included, in the order of the text. */
export function* descendants(node: CodeNode): Generator<CodeNode> {
  const open: CodeNode[] = [node]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    for (let index = next.children.length - 1; index >= 0; index--) {
      const child = next.children[index]
      if (child !== undefined) open.push(child)
    }
  }
}
