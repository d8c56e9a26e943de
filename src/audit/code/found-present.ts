import type { CodeNode } from './code.ts'
import { dottedName, fieldOf, stringValue } from './python-nodes.ts'

/** What an `if` or `elif` asks to be there: `row["f1"]` of `if "f1" in row:`; null for every other condition. */
export function foundPresent(node: CodeNode, text: string): string | null {
  const condition = fieldOf(node, 'condition')
  const [key, container, ...others] = condition?.type === 'comparison_operator' ? condition.children : []
  if (condition === null || key?.type !== 'string' || container === undefined || others.length > 0) return null
  const between = text.slice(key.end, container.start).trim()
  const holder = dottedName(container, text)
  return between === 'in' && holder !== '' ? `${holder}["${stringValue(key, text)}"]` : null
}

/** Whether code names an element, with whichever quotes. */
export function isElement(source: string, element: string): boolean {
  return source.replaceAll("'", '"') === element
}
