import type { CodeFile, CodeNode } from './code.ts'
import { fieldOf, sourceOf } from './python-nodes.ts'

/** What several passes over a file look for, gathered in one. */
export interface FileIndex {
  readonly calls: readonly CodeNode[]
  readonly imports: readonly CodeNode[]
  readonly assignments: readonly CodeNode[]
  readonly functions: readonly CodeNode[]
  /** Names in use, apart from where functions are defined and imported: one that nobody uses never ran. */
  readonly used: ReadonlySet<string>
  /** Functions that others call without naming them: decorated ones, and methods of classes that extend another. */
  readonly hooks: ReadonlySet<CodeNode>
}

const known = new WeakMap<CodeNode, FileIndex>()

/** Gathered once for a tree. */
export function indexFile({ tree, text }: Pick<CodeFile, 'tree' | 'text'>): FileIndex {
  const before = known.get(tree)
  if (before !== undefined) return before
  const index = {
    calls: [] as CodeNode[],
    imports: [] as CodeNode[],
    assignments: [] as CodeNode[],
    functions: [] as CodeNode[],
    used: new Set<string>(),
    hooks: new Set<CodeNode>(),
  }
  const open: CodeNode[] = [tree]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'call') index.calls.push(node)
    else if (node.type === 'assignment') index.assignments.push(node)
    else if (node.type === 'import_statement' || node.type === 'import_from_statement') index.imports.push(node)
    else if (node.type === 'function_definition') index.functions.push(node)
    if (node.type === 'import_statement' || node.type === 'import_from_statement') {
      // Under another name it may be in use.
      for (const child of node.children) {
        const name = child.type === 'aliased_import' ? fieldOf(child, 'name')?.children.at(-1) : undefined
        if (name !== undefined) index.used.add(sourceOf(name, text))
      }
      continue
    }
    if (node.type === 'decorated_definition') for (const child of node.children) index.hooks.add(child)
    if (node.type === 'class_definition' && node.children.some((child) => child.field === 'superclasses')) {
      for (const child of node.children)
        if (child.field === 'body') for (const method of child.children) index.hooks.add(method)
    }
    for (let place = node.children.length - 1; place >= 0; place--) {
      const child = node.children[place]
      if (child === undefined) continue
      if (child.type !== 'identifier') open.push(child)
      else if (node.type !== 'function_definition') index.used.add(sourceOf(child, text))
    }
  }
  known.set(tree, index)
  return index
}
