import type { Session } from '../session/session.ts'
import type { AuditFile } from '../subject/subject.ts'
import type { CodeFile } from './code.ts'
import { looksStarted } from './main-block.ts'
import { indexPaths } from './path-index.ts'
import { findScript, type Parsed, reachedFrom, startedByShell } from './reach.ts'

export type Execution = Pick<CodeFile, 'execution' | 'succeeded' | 'isReachable'>

/** Of two ways in which a file ran, the more direct one is told. */
const executionRank = { unknown: 0, no: 0, imported: 1, started: 2, entry: 3 } as const

/**
 * Which files ran, and whether that went well: entries of commands first, then, until nothing is added, what those import or start.
 * Without a record of commands every file is `unknown`, and reachable from those that look like what one starts.
 */
export function findExecution(options: {
  readonly files: readonly Parsed[]
  readonly inline: readonly (Parsed & { readonly succeeded: boolean | null })[]
  readonly shellScripts: readonly AuditFile[]
  readonly session: Session
}): Map<string, Execution> {
  const { files, inline, shellScripts, session } = options
  const paths = indexPaths(files.map((file) => file.path))
  const byPath = new Map(files.map((file) => [file.path, file]))
  if (!session.showsCommands) {
    const reachable = new Set(files.filter(looksStarted).map(({ path }) => path))
    const starters = new Set(reachable)
    // a set goes on through what is added to it on the way
    for (const path of reachable) {
      const file = byPath.get(path)
      if (file === undefined) continue
      for (const found of reachedFrom(file, { paths, shellScripts, isEntry: starters.has(path) }))
        reachable.add(found.path)
    }
    return new Map(
      paths.paths.map((path) => [path, { execution: 'unknown', succeeded: null, isReachable: reachable.has(path) }]),
    )
  }
  const executions = new Map<string, Execution>()
  const queue: string[] = []
  const mark = (path: string, execution: CodeFile['execution'], succeeded: boolean | null): void => {
    const before = executions.get(path)
    const merged: Execution = {
      execution:
        before === undefined || executionRank[execution] > executionRank[before.execution]
          ? execution
          : before.execution,
      succeeded: before === undefined ? succeeded : better(before.succeeded, succeeded),
      isReachable: true,
    }
    if (before !== undefined && before.execution === merged.execution && before.succeeded === merged.succeeded) return
    executions.set(path, merged)
    queue.push(path)
  }
  const started = new Map<string, string[]>()
  for (const step of session.steps) {
    if (step.kind !== 'command') continue
    for (const script of step.scripts) {
      const shell = shellScripts.find((file) => file.path === script)
      if (shell !== undefined) {
        const run = started.get(shell.path) ?? startedByShell(shell, paths)
        started.set(shell.path, run)
        for (const path of run) mark(path, 'entry', step.succeeded)
        continue
      }
      const path = findScript(script, paths)
      if (path !== null) mark(path, 'entry', step.succeeded)
    }
  }
  for (const piece of inline) {
    for (const found of reachedFrom(piece, { paths, shellScripts, isEntry: true }))
      mark(found.path, found.kind, piece.succeeded)
  }
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path)
    const execution = executions.get(path)
    if (file === undefined || execution === undefined) continue
    const isEntry = execution.execution !== 'imported'
    for (const found of reachedFrom(file, { paths, shellScripts, isEntry }))
      mark(found.path, found.kind, execution.succeeded)
  }
  for (const path of paths.paths)
    if (!executions.has(path)) executions.set(path, { execution: 'no', succeeded: null, isReachable: false })
  return executions
}

function better(one: boolean | null, other: boolean | null): boolean | null {
  if (one === true || other === true) return true
  return one === null || other === null ? null : false
}
