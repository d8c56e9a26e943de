import { posix } from 'node:path'
import { sha256 } from '../base/hash.ts'
import { fenceBlock } from '../base/text.ts'
import type { NewEvent } from '../schema/event.ts'
import type { Usage } from '../schema/usage.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

type EventOf<Type extends NewEvent['type']> = Extract<NewEvent, { type: Type }>
type CommandOutcome = Omit<EventOf<'command-executed'>, 'type' | 'stage' | 'attempt' | 'step' | 'outputBytes'>

export interface Edit {
  readonly path: string
  readonly change: 'created' | 'changed' | 'deleted'
  /** Null where the record does not carry it. */
  readonly typed: string | null
  /** Whether `typed` is all of the file. */
  readonly isWholeFile: boolean
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
  /** Adds the session's report and its end. */
  end(report: {
    readonly costUsd: number | null
    readonly durationMs: number | null
    readonly totalTokens: number | null
    readonly ending: EventOf<'coder-finished'>['ending']
    readonly steps: number
    readonly message: string
  }): Transcript
}

/** @param root folder on the agent's machine that was its workspace, if known: paths below it become relative to it */
export function startRecorder(where: TranscriptPlace, root: string | null): Recorder {
  const { stage, attempt } = where
  const events: NewEvent[] = []
  const sections: string[] = []
  const notes: string[] = []
  let step = 0
  let calls = 0
  const place = (): { stage: typeof stage; attempt: number; step: number } => ({ stage, attempt, step: (step += 1) })
  const tell = (title: string, text: string): void => {
    sections.push(`# ${title}\n\n${text}`)
  }
  const show = (title: string, text: string): void => tell(title, fenceBlock(text))
  return {
    tell,
    say(text, { thought } = { thought: false }) {
      if (text.trim() === '') return
      events.push({ type: 'coder-said', stage, attempt, step, thought, text })
      tell(thought ? 'The coder thinks' : 'The coder says', text)
    },
    show,
    note: (text) => void notes.push(text),
    call({ id, model, usage, finishReason }) {
      calls += 1
      events.push({
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
      const { command, exitCode, exceededLimit, output, outputTruncated } = outcome
      events.push({
        type: 'command-executed',
        ...at,
        ...outcome,
        outputBytes: outputTruncated ? null : Buffer.byteLength(output),
      })
      const ended =
        exceededLimit === null ? `exit code: ${exitCode ?? 'not said'}` : `ended by its limit on ${exceededLimit}`
      tell(`Step ${at.step}: command`, `${fenceBlock(command, 'bash')}\n\n${fenceBlock(`${ended}\n${output}`)}`)
    },
    edit({ path: absolute, change, typed, isWholeFile }, refusal) {
      const path = relativePath(absolute, root)
      const at = place()
      if (refusal === null) {
        const whole = isWholeFile ? typed : null
        events.push({
          type: 'file-written',
          ...at,
          path,
          bytes: change === 'deleted' ? 0 : whole === null ? null : Buffer.byteLength(whole),
          sha256: whole === null ? null : sha256(whole),
          change,
          ...(typed === null ? {} : { typed }),
        })
      } else events.push({ type: 'edit-failed', ...at, path, typed: typed ?? '', message: refusal })
      const done = change === 'created' ? 'writes' : change === 'changed' ? 'edits' : 'deletes'
      show(`Step ${at.step}: ${refusal === null ? done : 'fails to edit'} ${path}`, typed ?? '')
      if (refusal !== null) sections.push(fenceBlock(refusal))
    },
    view(absolute, { text, whole }) {
      const path = relativePath(absolute, root)
      const at = place()
      events.push({ type: 'file-viewed', ...at, path, text, whole })
      show(`Step ${at.step}: reads ${path}`, text ?? '(a figure)')
    },
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
      if (message !== '') tell(`End: ${ending}`, message)
      return { events, markdown: sections.length === 0 ? '' : `${sections.join('\n\n')}\n`, notes }
    },
  }
}

function relativePath(path: string, root: string | null): string {
  if (root === null || !posix.isAbsolute(path)) return posix.normalize(path)
  const relative = posix.relative(root, path)
  return relative === '..' || relative.startsWith('../') || relative === '' ? path : relative
}
