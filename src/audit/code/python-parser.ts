import { createRequire } from 'node:module'
import * as treeSitter from '@vscode/tree-sitter-wasm'
import type { CodeNode } from './code.ts'

/** Larger files are no hand-written experiment, and are left out. */
const mostCharacters = 1_000_000
/** Deeper nesting is left out, so that whoever walks a tree may recurse. */
const deepestNode = 400
/** Named nodes of one file: four times those of the largest file that is read by size alone and written by people. */
const mostNodes = 400_000
/** Calls of the parser's progress callback, one per about thirty characters of ordinary code: bounds work, and unlike a clock alike everywhere. */
const mostProgressCalls = 10_000

/** A syntax tree, or why there is none. */
export type ParsedPython = { readonly tree: CodeNode; readonly hasErrors: boolean } | { readonly reason: string }

export type PythonParser = (text: string) => ParsedPython

let loading: Promise<PythonParser> | null = null

/**
 * The Python parser, loaded on first use and kept for the process (it is WebAssembly, and takes some 25 ms to load).
 * What it returns never throws on any text, and gives the same tree for the same text everywhere.
 */
export function loadPythonParser(): Promise<PythonParser> {
  loading ??= load()
  return loading
}

async function load(): Promise<PythonParser> {
  const { Parser, Language } = treeSitter.default ?? treeSitter
  await Parser.init()
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm')
  const parser = new Parser()
  parser.setLanguage(await Language.load(grammar))
  return (text) => {
    if (text.length > mostCharacters) return { reason: `longer than ${mostCharacters} characters` }
    let calls = 0
    // The declaration says `void`; the parser stops where the callback returns true.
    const progressCallback = (): boolean => ++calls > mostProgressCalls
    const tree = parser.parse(text, null, { progressCallback })
    if (tree === null) {
      parser.reset()
      return { reason: 'takes too many steps to parse' }
    }
    try {
      return detach(tree, text)
    } finally {
      tree.delete()
    }
  }
}

interface Growing {
  type: string
  field: string | null
  start: number
  end: number
  line: number
  children: Growing[]
}

/** Parts without parts of their own: asking the parser for them would cost as much as all the rest. */
const leafNodes = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'comment',
  'string_start',
  'string_content',
  'string_end',
  'pass_statement',
])

/** The named nodes of the parser's tree as plain objects, walked without recursion. Every call of the cursor crosses into WebAssembly: as few as can be. */
function detach(tree: treeSitter.Tree, text: string): ParsedPython {
  const cursor = tree.walk()
  const { types, fields } = tree.language
  const isNamed: (boolean | undefined)[] = []
  let line = 1
  let nextBreak = text.indexOf('\n')
  /** Starts come in the order of the text, so that lines are counted once. */
  const lineAt = (start: number): number => {
    for (; nextBreak !== -1 && nextBreak < start; nextBreak = text.indexOf('\n', nextBreak + 1)) line++
    return line
  }
  try {
    // The parser's module begins at the first statement; ours begins with the file.
    const root: Growing = { type: 'module', field: null, start: 0, end: text.length, line: 1, children: [] }
    const open: Growing[] = [root]
    let nodes = 1
    let descend = cursor.gotoFirstChild()
    while (descend || open.length > 0) {
      if (!descend && !cursor.gotoNextSibling()) {
        cursor.gotoParent()
        open.pop()
        continue
      }
      descend = false
      const typeId = cursor.nodeTypeId
      isNamed[typeId] ??= cursor.nodeIsNamed
      const parent = open[open.length - 1]
      if (isNamed[typeId] !== true || parent === undefined) continue
      if (++nodes > mostNodes) return { reason: `more than ${mostNodes} parts` }
      const type = types[typeId] ?? 'ERROR'
      const start = cursor.startIndex
      const field = cursor.currentFieldId
      const node: Growing = {
        type,
        field: field === 0 ? null : (fields[field] ?? null),
        start,
        end: cursor.endIndex,
        line: lineAt(start),
        children: [],
      }
      parent.children.push(node)
      if (leafNodes.has(type) || !cursor.gotoFirstChild()) continue
      if (open.length >= deepestNode) return { reason: `nested deeper than ${deepestNode}` }
      open.push(node)
      descend = true
    }
    return { tree: root, hasErrors: tree.rootNode.hasError }
  } finally {
    cursor.delete()
  }
}
