import type { NewEvent } from '../../src/schema/event.ts'
import type { AuditSubject } from '../../src/audit/subject/subject.ts'

/** One act of a made-up session. */
export type MadeUpAct =
  | { readonly ran: string; readonly output?: string; readonly exitCode?: number | null }
  | { readonly typed: string; readonly text: string }
  | { readonly said: string }

const at = { stage: 'experiment', attempt: 1 } as const

/** For tests: the events of a session, step by step, and its length. */
export function sessionOf(
  acts: readonly MadeUpAct[],
  durationMs: number | null = 600_000,
): Pick<AuditSubject, 'events' | 'record'> {
  const events: NewEvent[] = []
  let step = 0
  for (const act of acts) {
    if ('said' in act) {
      events.push({ type: 'coder-said', ...at, step, thought: false, text: act.said })
      continue
    }
    step += 1
    if ('typed' in act)
      events.push({
        type: 'file-written',
        ...at,
        path: act.typed,
        bytes: Buffer.byteLength(act.text),
        sha256: null,
        change: 'created',
        step,
        typed: act.text,
      })
    else
      events.push({
        type: 'command-executed',
        ...at,
        step,
        command: act.ran,
        exitCode: act.exitCode === undefined ? 0 : act.exitCode,
        exceededLimit: null,
        durationMs: null,
        output: act.output ?? '',
        outputBytes: null,
        outputTruncated: false,
      })
  }
  events.push({ type: 'session-reported', ...at, costUsd: null, durationMs, totalTokens: null })
  return { events, record: 'transcript' }
}
