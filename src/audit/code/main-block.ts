import type { CodeNode } from './code.ts'
import { calleeName, fieldOf, sourceOf } from './python-nodes.ts'

/** `if __name__ == "__main__":`, which runs only in the file that was started. */
export function isMainBlock(node: CodeNode, text: string): boolean {
  if (node.type !== 'if_statement') return false
  const condition = fieldOf(node, 'condition')
  if (condition === null || condition.end - condition.start > 60) return false
  const source = sourceOf(condition, text)
  return source.includes('__name__') && source.includes('__main__')
}

/** Calls that get things ready and produce nothing. */
const readyingCalls =
  /^(?:seed|manual_seed|set_\w+|basicConfig|use|filterwarnings|simplefilter|append|insert|update|setdefault|load_dotenv|makedirs|mkdir|download)$/

/** Whether a file looks like what one starts: a main block, or work that importing it would already do. */
export function looksStarted({ tree, text }: { readonly tree: CodeNode; readonly text: string }): boolean {
  return tree.children.some((node) => {
    if (isMainBlock(node, text)) return true
    if (node.type === 'for_statement' || node.type === 'while_statement' || node.type === 'with_statement') return true
    const call = node.type === 'expression_statement' ? node.children[0] : undefined
    return call?.type === 'call' && !readyingCalls.test(calleeName(call, text))
  })
}
