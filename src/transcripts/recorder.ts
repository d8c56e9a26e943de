import { posix } from 'node:path'
import { sha256 } from '../base/hash.ts'
import { cutMiddle, fenceBlock } from '../base/text.ts'
import type { NewEvent } from '../schema/event.ts'
import type { Usage } from '../schema/usage.ts'
import { keepSections } from './sections.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

type EventOf<Type extends NewEvent['type']> = Extract<NewEvent, { type: Type }>
type CommandOutcome = Omit<EventOf<'command-executed'>, 'type' | 'stage' | 'attempt' | 'step' | 'outputBytes'> & {
  /** Of the whole output, where the record tells it although it cut the output. */
  readonly outputBytes?: number | null
}

export interface Edit {
  readonly path: string
  readonly change: 'created' | 'changed' | 'deleted'
  /** Null where the record does not carry it. */
  readonly typed: string | null
  /** Whether `typed` is all of the file. */
  readonly isWholeFile: boolean
  /** All of the file as the edit left it, where the record tells it beside what was typed. */
  readonly content?: string
}

export interface SessionReport {
  readonly costUsd: number | null
  readonly durationMs: number | null
  readonly totalTokens: number | null
  readonly ending: EventOf<'coder-finished'>['ending']
  readonly steps: number
  readonly message: string
}

/** Collects one session: the events and, beside them, the readable transcript. */
export interface Recorder {
  /** Adds a section to the readable transcript. */
  tell(title: string, text: string): void
  /** What the coder said or thought. */
  say(text: string, options?: { readonly thought: boolean }): void
  /** Adds a section whose text stands in a code block. */
  show(title: string, text: string): void
  note(text: string): void
  call(reply: { id: string; model: string; usage: Usage; finishReason: EventOf<'model-called'>['finishReason'] }): void
  command(outcome: CommandOutcome): void
  /** @param refusal why the tool did not do it; null when it did */
  edit(edit: Edit, refusal: string | null): void
  view(path: string, shown: { readonly text: string | null; readonly whole: boolean }): void
  /** Hands over the events so far, and keeps none of them. */
  take(): NewEvent[]
  /** Ends the readable transcript, without events of the end. */
  close(report: Pick<SessionReport, 'ending' | 'message'>): Omit<Transcript, 'events'>
  /** Adds the session's report and its end. */
  end(report: SessionReport): Transcript
}

/** How much a recorder takes of a session that is still going on, and may be hostile. */
export interface RecorderBounds {
  /** Bytes of one output, view, edit or saying. */
  readonly textBytes: number
  /** Bytes of the readable transcript. */
  readonly markdownBytes: number
  readonly notes: number
  /** Events between two takes: no line of a real stream makes as many. */
  readonly events: number
}

const unbounded: RecorderBounds = {
  textBytes: Number.POSITIVE_INFINITY,
  markdownBytes: Number.POSITIVE_INFINITY,
  notes: Number.POSITIVE_INFINITY,
  events: Number.POSITIVE_INFINITY,
}

/** @param root folder on the agent's machine that was its workspace, if known: paths below it become relative to it */
export function startRecorder(where: TranscriptPlace, root: string | null, bounds = unbounded): Recorder {
  const { stage, attempt } = where
  let events: NewEvent[] = []
  const sections = keepSections(bounds.markdownBytes)
  const notes: string[] = []
  let step = 0
  let calls = 0
  let cuts = 0
  let untold = 0
  let dropped = 0
  const place = (): { stage: typeof stage; attempt: number; step: number } => ({ stage, attempt, step: (step += 1) })
  const tell = (title: string, text: string): void => sections.add(`# ${title}\n\n${text}`)
  const show = (title: string, text: string): void => tell(title, fenceBlock(cut(text)))
  function cut(text: string): string {
    if (Buffer.byteLength(text) <= bounds.textBytes) return text
    cuts += 1
    return cutMiddle(text, bounds.textBytes).text
  }
  function add(event: NewEvent): void {
    if (events.length < bounds.events) events.push(event)
    else dropped += 1
  }
  function note(text: string): void {
    if (notes.length < bounds.notes) notes.push(cut(text))
    else untold += 1
  }
  function close({ ending, message }: Pick<SessionReport, 'ending' | 'message'>): Omit<Transcript, 'events'> {
    if (message !== '') tell(`End: ${ending}`, message)
    if (cuts > 0) notes.push(`${cuts} texts were longer than ${bounds.textBytes} bytes, and were cut in their middle`)
    if (dropped > 0) notes.push(`${dropped} events of lines with more than ${bounds.events} were left out`)
    if (untold > 0) notes.push(`${untold} more notes were left out`)
    const { markdown, left } = sections.join()
    if (left > 0) notes.push(`${left} sections in the middle of the readable transcript were left out`)
    return { markdown, notes }
  }
  return {
    tell: (title, text) => tell(title, cut(text)),
    say(said, { thought } = { thought: false }) {
      if (said.trim() === '') return
      const text = cut(said)
      add({ type: 'coder-said', stage, attempt, step, thought, text })
      tell(thought ? 'The coder thinks' : 'The coder says', text)
    },
    show,
    note,
    call({ id, model, usage, finishReason }) {
      calls += 1
      add({
        type: 'model-called',
        callId: id,
        purpose: { kind: 'stage', stage, attempt, step: calls },
        model,
        responseModel: model.slice(model.indexOf('/') + 1),
        usage,
        costUsd: null,
        latencyMs: null,
        finishReason,
        retries: null,
        cache: 'off',
      })
    },
    command(outcome) {
      const at = place()
      const command = cut(outcome.command)
      const output = cut(outcome.output)
      const outputTruncated = outcome.outputTruncated || output !== outcome.output
      const { exitCode, exceededLimit, outputBytes } = outcome
      add({
        type: 'command-executed',
        ...at,
        ...outcome,
        command,
        output,
        outputTruncated,
        outputBytes: outputBytes ?? (outcome.outputTruncated ? null : Buffer.byteLength(outcome.output)),
      })
      const ended =
        exceededLimit === null ? `exit code: ${exitCode ?? 'not said'}` : `ended by its limit on ${exceededLimit}`
      tell(`Step ${at.step}: command`, `${fenceBlock(command, 'bash')}\n\n${fenceBlock(`${ended}\n${output}`)}`)
    },
    edit({ path: absolute, change, typed: all, isWholeFile, content }, refusal) {
      const path = relativePath(cut(absolute), root)
      const at = place()
      const typed = all === null ? null : cut(all)
      if (refusal === null) {
        const whole = content ?? (isWholeFile ? all : null)
        add({
          type: 'file-written',
          ...at,
          path,
          bytes: change === 'deleted' ? 0 : whole === null ? null : Buffer.byteLength(whole),
          sha256: whole === null ? null : sha256(whole),
          change,
          ...(typed === null ? {} : { typed }),
        })
      } else add({ type: 'edit-failed', ...at, path, typed: typed ?? '', message: cut(refusal) })
      const done = change === 'created' ? 'writes' : change === 'changed' ? 'edits' : 'deletes'
      show(`Step ${at.step}: ${refusal === null ? done : 'fails to edit'} ${path}`, typed ?? '')
      if (refusal !== null) sections.add(fenceBlock(cut(refusal)))
    },
    view(absolute, { text: all, whole }) {
      const path = relativePath(cut(absolute), root)
      const at = place()
      const text = all === null ? null : cut(all)
      add({ type: 'file-viewed', ...at, path, text, whole: whole && text === all })
      show(`Step ${at.step}: reads ${path}`, text ?? '(a figure)')
    },
    take() {
      const taken = events
      events = []
      return taken
    },
    close,
    end({ costUsd, durationMs, totalTokens, ending, steps, message }) {
      if (costUsd !== null || durationMs !== null || totalTokens !== null)
        events.push({
          type: 'session-reported',
          stage,
          attempt,
          costUsd: Number.isFinite(costUsd) ? costUsd : null,
          durationMs: Number.isFinite(durationMs) ? durationMs : null,
          totalTokens: Number.isSafeInteger(totalTokens) ? totalTokens : null,
        })
      events.push({ type: 'coder-finished', stage, attempt, ending, steps, message })
      return { events, ...close({ ending, message }) }
    },
  }
}

function relativePath(path: string, root: string | null): string {
  if (root === null || !posix.isAbsolute(path)) return posix.normalize(path)
  const relative = posix.relative(root, path)
  return relative === '..' || relative.startsWith('../') || relative === '' ? path : relative
}
