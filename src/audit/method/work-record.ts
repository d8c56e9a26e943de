import { runFiles, type RunFile } from '../code/code-sites.ts'
import { ranUnknownProgram } from '../execution/experiment-runs.ts'
import type { AuditFacts } from '../facts.ts'
import { squash } from './squash.ts'

/** All that is left of what was done, apart from what was written about it: what a paper's claims about method are held against. */
export interface WorkRecord {
  /** Code that ran, or may have run. */
  readonly run: readonly RunFile[]
  /** Of `run`, without what is known to have failed. */
  readonly completed: readonly RunFile[]
  /** Whether code that ran, commands, outputs, configuration or data name a thing; case, blanks and signs do not count. */
  names(alias: string): boolean
  /** The same of code that ran alone, its comments included. */
  codeNames(alias: string): boolean
  /** Whether commands are on record, code ran, and all of it could be read: only then is silence a sign. */
  readonly isComplete: boolean
  /** Whether there is any code to hold claims against. */
  readonly hasCode: boolean
}

const mostCharacters = 12_000_000
const prose =
  /\.(?:md|markdown|tex|ltx|bib|rst|html?|pdf|bbl)(?:\.txt)?$|(?:^|\/)(?:readme|requirements|licen[cs]e)[^/]*$/i
const known = new WeakMap<AuditFacts['subject'], WorkRecord>()

/** Read once for all rules. */
export function workRecord(facts: AuditFacts): WorkRecord {
  const before = known.get(facts.subject)
  if (before !== undefined) return before
  const record = readRecord(facts)
  known.set(facts.subject, record)
  return record
}

function readRecord(facts: AuditFacts): WorkRecord {
  const { session, subject, code } = facts
  const run = runFiles(code)
  const parts: string[] = []
  let total = 0
  const add = (text: string): void => {
    total += text.length
    if (total <= mostCharacters) parts.push(squash(text))
  }
  for (const { path, text } of subject.files) {
    if (path.endsWith('.py') || prose.test(path)) continue
    add(path)
    add(text)
  }
  for (const step of session.steps) {
    if (step.kind !== 'command' || !step.runs) continue
    add(step.command.slice(0, 20_000))
    if (step.shows.length === 0) add(step.output)
  }
  const codeParts = run.map(({ file }) => squash(`${file.path}\n${file.text}`))
  total += run.reduce((sum, { file }) => sum + file.text.length, 0)
  const codeNames = nameFinder(codeParts)
  const otherNames = nameFinder(parts)
  return {
    run,
    completed: run.filter(({ file }) => file.succeeded !== false),
    codeNames,
    names: (alias) => codeNames(alias) || otherNames(alias),
    hasCode: run.some(({ file }) => file.text.trim() !== ''),
    isComplete:
      session.showsCommands &&
      run.some(({ file }) => file.execution === 'entry') &&
      code.skipped.length === 0 &&
      total <= mostCharacters &&
      !ranUnknownProgram(session),
  }
}

function nameFinder(parts: readonly string[]): (alias: string) => boolean {
  const found = new Map<string, boolean>()
  return (alias) => {
    const name = squash(alias)
    if (name === '') return true
    let is = found.get(name)
    if (is === undefined) {
      is = parts.some((part) => part.includes(name))
      found.set(name, is)
    }
    return is
  }
}
