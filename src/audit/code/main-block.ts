import type { CodeNode } from './code.ts'
import { fieldOf, sourceOf } from './python-nodes.ts'

/** `if __name__ == "__main__":`, which runs only in the file that was started. */
export function isMainBlock(node: CodeNode, text: string): boolean {
  if (node.type !== 'if_statement') return false
  const condition = fieldOf(node, 'condition')
  if (condition === null || condition.end - condition.start > 60) return false
  const source = sourceOf(condition, text)
  return source.includes('__name__') && source.includes('__main__')
}
