import type { AuditFile } from '../subject/subject.ts'
import type { CodeFile, CodeNode } from './code.ts'
import { findModule } from './find-module.ts'
import { isMainBlock } from './main-block.ts'
import type { PathIndex } from './path-index.ts'
import { calleeName, stringValue } from './python-nodes.ts'

export type Parsed = Pick<CodeFile, 'path' | 'tree' | 'text'>

/** Calls whose argument may name a Python file that then runs. */
const starters = new Set([
  'run',
  'call',
  'check_call',
  'check_output',
  'Popen',
  'system',
  'popen',
  'run_path',
  'exec',
  'execfile',
  'getoutput',
])
const pythonFile = /[\w./-]{1,200}\.py\b/g
const pythonModule = /\bpython[\d.]{0,5} (?:-[uBO] )?-m ([\w.]{1,200})/g
const longestLine = 10_000
const longestShell = 200_000

/** A file that another one brings to run. */
export interface Found {
  readonly path: string
  readonly kind: 'imported' | 'started'
}

/** The file a command names: by its path, or the only one whose path ends with it (folders may have been moved since). */
export function findScript(script: string, paths: PathIndex): string | null {
  const name = script.replace(/^(\.\/)+/, '')
  if (paths.has(name)) return name
  const parts = name.split('/')
  for (let from = 0; from < parts.length; from++) {
    const tail = parts.slice(from).join('/')
    const hits = paths.endingWith(tail)
    if (hits.length === 1) return hits[0] ?? null
    if (hits.length > 1) return null
  }
  return null
}

/** Python files that a shell script names. */
export function startedByShell(shell: AuditFile, paths: PathIndex): string[] {
  return shell.text
    .slice(0, longestShell)
    .split('\n')
    .filter((line) => line.length <= longestLine && !line.trimStart().startsWith('#'))
    .flatMap((line) => namedScripts(line, { from: shell.path, paths }))
}

function namedScripts(text: string, { from, paths }: { from: string; paths: PathIndex }): string[] {
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : ''
  const found: string[] = []
  for (const [name] of text.matchAll(pythonFile)) {
    const path = paths.has(folder + name) ? folder + name : findScript(name, paths)
    if (path !== null) found.push(path)
  }
  for (const [, name = ''] of text.matchAll(pythonModule)) found.push(...findModule(name, { from, paths }))
  return found
}

/** What a file imports and starts itself; of its main block only where it is the one that was started. */
export function reachedFrom(
  file: Parsed,
  options: { paths: PathIndex; shellScripts: readonly AuditFile[]; isEntry: boolean },
): Found[] {
  const { paths, shellScripts, isEntry } = options
  const found: Found[] = []
  const at = { from: file.path, paths }
  let starts = false
  const scripts: string[] = []
  const visit = (node: CodeNode): void => {
    if (!isEntry && isMainBlock(node, file.text)) return
    if (node.type === 'import_statement') {
      for (const name of node.children) {
        const module = name.type === 'aliased_import' ? name.children[0] : name
        if (module !== undefined) found.push(...asImported(findModule(textOf(module, file), at)))
      }
      return
    }
    if (node.type === 'import_from_statement') {
      const [module, ...names] = node.children
      if (module === undefined) return
      const base = textOf(module, file)
      found.push(...asImported(findModule(base, at)))
      for (const name of names) {
        const bare = name.type === 'aliased_import' ? name.children[0] : name
        if (bare !== undefined && bare.field !== 'module_name') {
          const joined = base.endsWith('.') ? base + textOf(bare, file) : `${base}.${textOf(bare, file)}`
          found.push(...asImported(findModule(joined, { ...at, exact: true })))
        }
      }
      return
    }
    if (node.type === 'call') {
      const name = calleeName(node, file.text)
      if (name === 'import_module' || name === '__import__') {
        const value = firstString(node, file)
        if (value !== null) found.push(...asImported(findModule(value, at)))
      }
      if (starters.has(name)) starts = true
    }
    if (node.type === 'string') {
      const value = stringValue(node, file.text)
      if (
        value.length <= longestLine &&
        (value.includes('.py') || value.includes('-m ') || /\.(sh|bash)\b/.test(value))
      )
        scripts.push(value)
      if (!node.children.some((child) => child.type === 'interpolation')) return
    }
    for (const child of node.children) visit(child)
  }
  visit(file.tree)
  if (!starts) return found
  for (const script of scripts) {
    for (const path of namedScripts(script, at)) if (path !== file.path) found.push({ path, kind: 'started' })
    for (const shell of shellScripts) {
      const base = shell.path.slice(shell.path.lastIndexOf('/') + 1)
      if (!script.includes(base)) continue
      for (const path of startedByShell(shell, paths)) found.push({ path, kind: 'started' })
    }
  }
  return found
}

function asImported(paths: readonly string[]): Found[] {
  return paths.map((path) => ({ path, kind: 'imported' }))
}

function textOf(node: CodeNode, file: Parsed): string {
  return file.text.slice(node.start, node.end)
}

function firstString(call: CodeNode, file: Parsed): string | null {
  const first = call.children.find((child) => child.field === 'arguments')?.children[0]
  return first?.type === 'string' ? stringValue(first, file.text) : null
}
