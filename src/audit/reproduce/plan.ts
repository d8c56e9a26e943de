import { PrerequisiteError } from '../../base/errors.ts'
import type { Reproduction } from '../../schema/audit.ts'
import type { Session, SessionStep } from '../session/session.ts'
import type { AuditSubject } from '../subject/subject.ts'
import { type CodeReach, openCodeReach } from './code-reach.ts'
import { findEntry } from './entry-script.ts'
import { openPort } from './port-command.ts'
import { isComparable } from './read-values.ts'
import { isInputPath, isResultPath } from './result-path.ts'

type CommandStep = Extract<SessionStep, { kind: 'command' }>

/** Commands that may have given the results, with what they wrote then and so must not find. */
export interface PlannedCommands {
  readonly commands: readonly string[]
  readonly wrote: ReadonlySet<string>
}

export interface Plan {
  readonly source: Reproduction['source']
  /** The fewest commands first; the next are for when these cannot run without what others left. Empty where there is nothing to run. */
  readonly tails: readonly PlannedCommands[]
  /** Why there is nothing to run. */
  readonly reason: string
  /** Results that the commands are known to write. */
  readonly expected: readonly string[]
  /** Results that nothing says a script wrote: compared only where the new run writes them. */
  readonly possible: readonly string[]
  /** Of the expected ones those that were written over after the script had written them. */
  readonly overwritten: ReadonlySet<string>
  readonly notes: readonly string[]
}

const mostResults = 500

/**
 * Which commands to run again, and which files to compare. Files that the agent typed are no results of a command, and are not compared.
 * @param command the user's own; null to go by the record, or without one by readme and names
 * @throws PrerequisiteError when there is no record and no script stands out
 */
export function planReproduction(
  subject: AuditSubject,
  session: Session,
  { command }: { command: string | null },
): Plan {
  const all = findResults(subject, typedPaths(session))
  const results = all.slice(0, mostResults)
  const beyond =
    all.length > mostResults ? [`only the first ${mostResults} of ${all.length} result files are compared`] : []
  const found = choose({ subject, session, results, command })
  const isExpected = new Set(found.expected)
  const possible = results.filter((path) => !isExpected.has(path))
  return { reason: '', overwritten: new Set(), ...found, possible, notes: [...beyond, ...(found.notes ?? [])] }
}

interface Question {
  readonly subject: AuditSubject
  readonly session: Session
  readonly results: readonly string[]
  readonly command: string | null
}

type Choice = Pick<Plan, 'source' | 'tails' | 'expected'> & Partial<Pick<Plan, 'reason' | 'notes' | 'overwritten'>>

function choose(question: Question): Choice {
  const { subject, session, results, command } = question
  if (command !== null) return { source: 'given', tails: [{ commands: [command], wrote: new Set() }], expected: [] }
  if (session.showsCommands) return chooseByRecord(question)
  const entry = findEntry(subject)
  if (entry === null)
    throw new PrerequisiteError(
      `nothing says how the results of ${subject.name} were made: no record of a session, no command in a readme, no script whose name or main block stands out. Say it: --command "python run.py"`,
    )
  const reach = openCodeReach(subject.files)
  return {
    source: entry.source,
    tails: [{ commands: entry.commands, wrote: new Set() }],
    expected: results.filter((path) => entry.scripts.some((script) => reach.names(script, path))),
  }
}

function chooseByRecord({ subject, session, results }: Question): Choice {
  const steps = session.steps.filter((step) => step.kind === 'command')
  const runners = steps.filter((step) => step.scripts.length > 0 && step.succeeded !== false)
  if (runners.length === 0)
    return { source: 'record', tails: [], expected: [], reason: `${noRunner(steps)}; name one with --command` }
  const tellsWrites = subject.record === 'recorded'
  const written = writtenBy(session)
  const owners = tellsWrites
    ? lastWriters(runners, written)
    : lastNaming(runners, results, openCodeReach(subject.files))
  const expected = results.filter((path) => owners.has(path))
  if (tellsWrites && expected.length === 0)
    return {
      source: 'record',
      tails: [],
      expected,
      reason:
        'the session shows no script that wrote a result file with numbers to compare; name a command with --command',
    }
  const needed = [...new Set(expected.flatMap((path) => owners.get(path) ?? []))].toSorted((a, b) => a.step - b.step)
  const port = tellsWrites ? ({ command }: CommandStep): string => command : openPort(subject, session)
  return {
    source: 'record',
    tails: growingTails([needed.length > 0 ? needed : runners.slice(-1), runners], written, port),
    expected,
    ...(tellsWrites ? findOverwritten(expected, owners, session) : {}),
  }
}

function noRunner(steps: readonly CommandStep[]): string {
  const failed = steps.filter((step) => step.scripts.length > 0).length
  return failed > 0
    ? 'of the commands of the session that ran a script none ended well'
    : 'the session shows no command that ran a script'
}

/** Paths by the step of the command that wrote them, what was typed left out. */
function writtenBy(session: Session): Map<number, Set<string>> {
  const written = new Map<number, Set<string>>()
  for (const step of session.steps) {
    if (step.kind !== 'write' || step.typed !== null) continue
    const paths = written.get(step.step)
    if (paths === undefined) written.set(step.step, new Set([step.path]))
    else paths.add(step.path)
  }
  for (const step of session.steps)
    if (step.kind === 'command')
      for (const { path } of step.typed) if (path !== null) written.get(step.step)?.delete(path)
  return written
}

function typedPaths(session: Session): Set<string> {
  return new Set(
    session.steps.flatMap((step) => {
      if (step.kind === 'write') return step.typed !== null && !step.refused ? [step.path] : []
      return step.kind === 'command' ? step.typed.flatMap(({ path }) => path ?? []) : []
    }),
  )
}

/** Where no name says what is a result, every table and JSON that is no input may be one. */
function findResults({ files }: AuditSubject, typed: ReadonlySet<string>): string[] {
  const comparable = files.map(({ path }) => path).filter(isComparable)
  const named = comparable.filter(isResultPath)
  return named.length > 0 ? named : comparable.filter((path) => !isInputPath(path) && !typed.has(path))
}

function lastWriters(
  runners: readonly CommandStep[],
  written: ReadonlyMap<number, ReadonlySet<string>>,
): Map<string, CommandStep> {
  const owners = new Map<string, CommandStep>()
  for (const step of runners) for (const path of written.get(step.step) ?? []) owners.set(path, step)
  return owners
}

/** Without a record of writes: the last command whose code names the file. */
function lastNaming(
  runners: readonly CommandStep[],
  results: readonly string[],
  reach: CodeReach,
): Map<string, CommandStep> {
  const owners = new Map<string, CommandStep>()
  for (const path of results)
    for (const step of runners) if (step.scripts.some((script) => reach.names(script, path))) owners.set(path, step)
  return owners
}

function growingTails(
  lists: readonly (readonly CommandStep[])[],
  written: ReadonlyMap<number, ReadonlySet<string>>,
  port: (step: CommandStep) => string,
): PlannedCommands[] {
  const tails = lists.map((steps) => {
    // the same command twice is run once, where it was run last
    const byCommand = new Map<string, CommandStep>()
    for (const step of steps) {
      const command = port(step)
      byCommand.delete(command)
      byCommand.set(command, step)
    }
    return {
      commands: [...byCommand.keys()],
      wrote: new Set(steps.flatMap(({ step }) => [...(written.get(step) ?? [])])),
    }
  })
  const [shortest, ...longer] = tails
  if (shortest === undefined) return []
  return [shortest, ...longer.filter(({ commands }) => commands.length > shortest.commands.length)]
}

const mostNotes = 20

function findOverwritten(
  paths: readonly string[],
  owners: ReadonlyMap<string, CommandStep>,
  session: Session,
): Pick<Plan, 'overwritten' | 'notes'> {
  const found = paths.flatMap((path) => {
    const owner = owners.get(path)
    const later = session.steps.find((step) => owner !== undefined && step.step > owner.step && rewrites(step, path))
    const note = `${path} was written over in step ${later?.step}, after the script of step ${owner?.step} had written it`
    return later === undefined ? [] : [{ path, note }]
  })
  return {
    overwritten: new Set(found.map(({ path }) => path)),
    notes: found.slice(0, mostNotes).map(({ note }) => note),
  }
}

function rewrites(step: SessionStep, path: string): boolean {
  if (step.kind === 'write') return step.path === path && !step.refused
  return step.kind === 'command' && step.typed.some((typed) => typed.path === path)
}
