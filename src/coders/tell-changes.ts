import type { NewEvent, RunEvent } from '../schema/event.ts'
import { type FileState, joinChanges, mergeChanges } from './merge-changes.ts'
import { type FileChange, watchWorkspace } from './workspace-watch.ts'

type Append = (event: NewEvent) => RunEvent | void

/** Files told one by one for a command; beyond it unpacked an archive or installed packages, and their number must do. */
const mostFileEvents = 2_000
/** Looking through a workspace may take this part of the time, so that a large one slows nothing down. */
const restPerLook = 10

export function appendChanges(
  changes: readonly FileChange[],
  where: { readonly attempt: number; readonly step: number },
  append: Append,
): void {
  const place = { stage: 'experiment' as const, ...where }
  for (const change of changes.slice(0, mostFileEvents)) append({ type: 'file-written', ...place, ...change })
  const untold = changes.length - mostFileEvents
  if (untold > 0) append({ type: 'files-untold', ...place, count: untold })
}

/** Appends what a coder does, in its order, together with the files that really changed. */
export interface ChangeTeller {
  tell(events: readonly NewEvent[]): void
  /** Looks a last time and appends all that is left. Rejects when looking failed, now or before. */
  finish(): Promise<void>
}

/**
 * Starts to watch a workspace. After commands and edits it is looked through: an edit's event waits for that, and gets size and hash of its file
 * as it is then; other files that changed are told as written by the last command before.
 * @param onFault called once, when the workspace cannot be looked through
 */
export async function startTelling(options: {
  readonly workspace: string
  readonly attempt: number
  readonly append: Append
  readonly onFault: (error: unknown) => void
}): Promise<ChangeTeller> {
  const { attempt, append, onFault } = options
  const watch = await watchWorkspace(options.workspace)
  /** Edited files as they were when they were last looked at, by path. */
  const edited = new Map<string, FileState>()
  /** Changes that an edit may explain which is not told yet. */
  let early: FileChange[] = []
  /** Events from the first edit on whose file was not looked at yet. */
  let held: NewEvent[] = []
  let steps = noSteps
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let restUntilMs = 0
  let isFinishing = false
  let fault: { readonly error: unknown } | null = null

  return {
    tell(events) {
      for (const event of events) {
        if (held.length > 0 || looking !== null || event.type === 'file-written') held.push(event)
        else append(event)
        steps = withStep(steps, event)
      }
      if (steps.some) lookSoon()
    },
    async finish() {
      isFinishing = true
      if (timer !== null) clearTimeout(timer)
      await looking
      if (fault === null) await look()
      appendAll(held.splice(0))
      if (fault !== null) throw (fault as { error: unknown }).error
    },
  }

  function lookSoon(): void {
    if (timer !== null || looking !== null || isFinishing || fault !== null) return
    timer = setTimeout(
      () => {
        timer = null
        looking = look()
      },
      Math.max(0, restUntilMs - performance.now()),
    )
  }

  async function look(): Promise<void> {
    const beganAtMs = performance.now()
    const ours = { events: held, steps }
    held = []
    steps = { ...noSteps, last: steps.last }
    try {
      const changes = await watch.changes().catch((error: unknown) => {
        fail(error)
        return []
      })
      const { told, others, later } = mergeChanges(ours.events, joinChanges(early, changes), edited)
      early = isFinishing ? [] : later
      appendAll(told)
      const step = ours.steps.command ?? ours.steps.last
      // a program may write before its first step, and steps are counted from 1
      appendChanges(isFinishing ? [...others, ...later] : others, { attempt, step: Math.max(1, step) }, append)
      // what came meanwhile waits for the next look only if an edit is among it
      if (!held.some(({ type }) => type === 'file-written')) appendAll(held.splice(0))
    } catch (error) {
      fail(error)
    }
    restUntilMs = performance.now() + restPerLook * (performance.now() - beganAtMs)
    looking = null
    if (steps.some) lookSoon()
  }

  function fail(error: unknown): void {
    if (fault === null) onFault(error)
    fault ??= { error }
  }

  function appendAll(events: readonly NewEvent[]): void {
    for (const event of events) append(event)
  }
}

/** Steps told since the workspace was last looked at. */
interface Steps {
  readonly some: boolean
  /** The last command's. */
  readonly command: number | null
  /** The last of all, also before. */
  readonly last: number
}

const noSteps: Steps = { some: false, command: null, last: 0 }

function withStep(steps: Steps, event: NewEvent): Steps {
  if (event.type === 'command-executed') return { some: true, command: event.step, last: event.step }
  return event.type === 'file-written' ? { ...steps, some: true, last: event.step } : steps
}
