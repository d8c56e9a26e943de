import { scriptOf } from '../../transcripts/shell-words.ts'
import type { NewEvent } from '../../schema/event.ts'
import type { AuditSubject } from '../subject/subject.ts'
import { type CommandContext, interpretCommand } from './interpret-command.ts'
import { judgeOutcome } from './outcome.ts'
import { openPlaces, outerFolder } from './places.ts'
import type { Session, SessionStep } from './session.ts'

type Executed = Extract<NewEvent, { type: 'command-executed' }>
type CommandStep = Extract<SessionStep, { kind: 'command' }>

/**
 * The acts of the agent, in order, with what each command runs, types and shows. The working folder lasts from command to command where
 * that leads to known files, and is the workspace where it does not. Never throws; linear in the size of the record.
 */
export function readSession(subject: AuditSubject): Session {
  const { events } = subject
  const executed = events.filter((event) => event.type === 'command-executed')
  const written = events.flatMap((event) => (event.type === 'file-written' ? [event.path] : []))
  const files = [...subject.documents, ...subject.plans, ...subject.files]
  const outer = outerFolder(
    files.map(({ path }) => path),
    written,
  )
  const inside = (path: string): string => (path.startsWith(outer) ? path.slice(outer.length) : path)
  const places = openPlaces([...files.map(({ path }) => path), ...written.map(inside)], {
    commands: executed.map(({ command }) => command),
    outer,
  })
  const final = new Map(files.map(({ path, text }) => [path, text]))
  const typed = new Map<string, string>()
  const context: CommandContext = { places, textOf: (path) => typed.get(path) ?? final.get(path) ?? null }
  const started = new Map<string, CommandStep>()
  const tellsSuccess = executed.some(({ exitCode }) => exitCode === 0)
  const steps: SessionStep[] = []
  let cwd = '.'
  for (const event of events) {
    if (event.type === 'command-executed') {
      const read = readCommand(event, { cwd, context, started, tellsSuccess })
      cwd = read.cwd
      steps.push(read.step)
      for (const { path, text } of read.step.typed) {
        if (path === null) continue
        typed.set(path, text)
        places.learn(path)
      }
    } else {
      const step = readOther(event, inside)
      if (step === null) continue
      steps.push(step)
      if (step.kind === 'write' && step.typed !== null && !step.refused && event.type === 'file-written')
        if (event.bytes !== null) typed.set(step.path, step.typed)
        // a changed file is known again only as it was left
        else typed.delete(step.path)
    }
  }
  return { steps, durationMs: durationOf(events), showsCommands: executed.length > 0 || written.length > 0 }
}

function readCommand(
  event: Executed,
  run: { cwd: string; context: CommandContext; started: Map<string, CommandStep>; tellsSuccess: boolean },
): { readonly step: CommandStep; readonly cwd: string } {
  const { cwd, context, started, tellsSuccess } = run
  const { command, exitCode, durationMs, output, outputTruncated, exceededLimit } = event
  const meaning = interpretCommand(scriptOf(command), cwd, context)
  const { background, cwd: left, ...acts } = meaning
  const earlier = backgroundOf(command, started)
  const ofEarlier =
    earlier === null ? {} : { runs: earlier.runs, scripts: earlier.scripts, inlineCode: earlier.inlineCode }
  const step: CommandStep = {
    kind: 'command',
    step: event.step,
    command,
    output,
    outputTruncated,
    exitCode,
    succeeded: judgeOutcome({ exitCode, exceededLimit: exceededLimit !== null, output, background, tellsSuccess }),
    durationMs,
    ...acts,
    ...ofEarlier,
  }
  const id = /^Command running in background with ID: (\w{1,40})/m.exec(output.slice(0, 2_000))?.[1]
  if (id !== undefined) started.set(id, step)
  return { step: id === undefined ? step : { ...step, succeeded: null }, cwd: left }
}

/** What a later look at a background command's output goes back to. */
function backgroundOf(command: string, started: ReadonlyMap<string, CommandStep>): CommandStep | null {
  const id = /^# output of background command (\w{1,40})/.exec(command.slice(0, 200))?.[1]
  return id === undefined ? null : (started.get(id) ?? null)
}

function readOther(event: NewEvent, inside: (path: string) => string): SessionStep | null {
  switch (event.type) {
    case 'file-written':
      if (event.change === 'deleted') return null
      return { kind: 'write', step: event.step, path: inside(event.path), typed: event.typed ?? null, refused: false }
    case 'edit-failed':
      return { kind: 'write', step: event.step, path: inside(event.path), typed: event.typed, refused: true }
    case 'file-viewed':
      return { kind: 'view', step: event.step, path: inside(event.path), text: event.text }
    case 'coder-said':
      return { kind: 'said', step: event.step, text: event.text, thought: event.thought }
    case 'model-called':
    case 'model-call-failed':
    case 'call-retried':
    case 'call-broken':
    case 'reply-rejected':
    case 'stage-started':
    case 'stage-finished':
    case 'stage-failed':
    case 'reply-cleaned':
    case 'sandbox-opened':
    case 'command-executed':
    case 'files-untold':
    case 'coder-started':
    case 'coder-finished':
    case 'gateway-refused':
    case 'egress-refused':
    case 'session-reported':
    case 'file-refused':
    case 'review-failed':
    case 'comparison-failed':
      return null
  }
}

/** As the coder reports it; else of the experiment's stage; else the sum of the commands, when each has its time. */
function durationOf(events: readonly NewEvent[]): number | null {
  const reported = sumOf(events.flatMap((event) => (event.type === 'session-reported' ? [event.durationMs] : [])))
  if (reported !== null) return reported
  const stages = sumOf(
    events.flatMap((event) =>
      event.type === 'stage-finished' || event.type === 'stage-failed' ? [event.durationMs] : [],
    ),
  )
  if (stages !== null) return stages
  return sumOf(events.flatMap((event) => (event.type === 'command-executed' ? [event.durationMs] : [])))
}

function sumOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0)
}
