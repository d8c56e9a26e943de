import type { Session } from '../session/session.ts'
import type { AuditFile } from '../subject/subject.ts'
import type { CodeFile, CodeNode } from './code.ts'
import { calleeName, stringValue } from './python-nodes.ts'
import { isMainBlock } from './main-block.ts'
import { findModule } from './find-module.ts'

type Parsed = Pick<CodeFile, 'path' | 'tree' | 'text'>
export type Execution = Pick<CodeFile, 'execution' | 'succeeded'>

/** Calls whose argument may name a Python file that then runs. */
const STARTERS = new Set(['run', 'call', 'check_call', 'check_output', 'Popen', 'system', 'popen', 'run_path', 'exec', 'execfile', 'getoutput'])
const PYTHON_FILE = /[\w./-]{1,200}\.py\b/g
const PYTHON_MODULE = /\bpython[\d.]{0,5} (?:-[uBO] )?-m ([\w.]{1,200})/g
const MAX_LINE = 10_000

interface Found {
  readonly path: string
  readonly kind: 'imported' | 'started'
}

/**
 * Which files ran, and whether that went well: entries of commands first, then, until nothing is added, what those import or start.
 * Without a record of commands every file is `unknown`.
 */
export function findExecution(options: {
  readonly files: readonly Parsed[]
  readonly inline: readonly (Parsed & { readonly succeeded: boolean | null })[]
  readonly shellScripts: readonly AuditFile[]
  readonly session: Session
}): Map<string, Execution> {
  const { files, inline, shellScripts, session } = options
  const paths = files.map((file) => file.path)
  if (!session.showsCommands) return new Map(paths.map((path) => [path, { execution: 'unknown', succeeded: null }]))
  const byPath = new Map(files.map((file) => [file.path, file]))
  const executions = new Map<string, Execution>()
  const queue: string[] = []
  const mark = (path: string, execution: CodeFile['execution'], succeeded: boolean | null): void => {
    const before = executions.get(path)
    const merged: Execution = {
      execution: before === undefined || execution === 'entry' ? execution : before.execution,
      succeeded: before === undefined ? succeeded : better(before.succeeded, succeeded),
    }
    if (before !== undefined && before.execution === merged.execution && before.succeeded === merged.succeeded) return
    executions.set(path, merged)
    queue.push(path)
  }
  for (const step of session.steps) {
    if (step.kind !== 'command') continue
    for (const script of step.scripts) {
      const shell = shellScripts.find((file) => file.path === script)
      if (shell !== undefined) {
        for (const path of startedByShell(shell, paths)) mark(path, 'entry', step.succeeded)
        continue
      }
      const path = findScript(script, paths)
      if (path !== null) mark(path, 'entry', step.succeeded)
    }
  }
  for (const piece of inline) {
    for (const found of reachedFrom(piece, { paths, shellScripts, isEntry: true })) mark(found.path, found.kind, piece.succeeded)
  }
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path)
    const execution = executions.get(path)
    if (file === undefined || execution === undefined) continue
    const isEntry = execution.execution !== 'imported'
    for (const found of reachedFrom(file, { paths, shellScripts, isEntry })) mark(found.path, found.kind, execution.succeeded)
  }
  for (const path of paths) if (!executions.has(path)) executions.set(path, { execution: 'no', succeeded: null })
  return executions
}

function better(one: boolean | null, other: boolean | null): boolean | null {
  if (one === true || other === true) return true
  return one === null || other === null ? null : false
}

/** The file a command names: by its path, or the only one whose path ends with it (folders may have been moved since). */
function findScript(script: string, paths: readonly string[]): string | null {
  const name = script.replace(/^(\.\/)+/, '')
  if (paths.includes(name)) return name
  const parts = name.split('/')
  for (let from = 0; from < parts.length; from++) {
    const tail = parts.slice(from).join('/')
    const hits = paths.filter((path) => path === tail || path.endsWith(`/${tail}`))
    if (hits.length === 1) return hits[0] ?? null
    if (hits.length > 1) return null
  }
  return null
}

function startedByShell(shell: AuditFile, paths: readonly string[]): string[] {
  return shell.text
    .split('\n')
    .filter((line) => line.length <= MAX_LINE && !line.trimStart().startsWith('#'))
    .flatMap((line) => namedScripts(line, { from: shell.path, paths }))
}

function namedScripts(text: string, { from, paths }: { from: string; paths: readonly string[] }): string[] {
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : ''
  const found: string[] = []
  for (const [name] of text.matchAll(PYTHON_FILE)) {
    const path = paths.includes(folder + name) ? folder + name : findScript(name, paths)
    if (path !== null) found.push(path)
  }
  for (const [, name = ''] of text.matchAll(PYTHON_MODULE)) found.push(...findModule(name, { from, paths }))
  return found
}

/** What a file imports and starts itself; of its main block only where it is the one that was started. */
function reachedFrom(
  file: Parsed,
  options: { paths: readonly string[]; shellScripts: readonly AuditFile[]; isEntry: boolean },
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
      if (STARTERS.has(name)) starts = true
    }
    if (node.type === 'string') {
      const value = stringValue(node, file.text)
      if (value.length <= MAX_LINE && (value.includes('.py') || value.includes('-m ') || /\.(sh|bash)\b/.test(value))) scripts.push(value)
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
