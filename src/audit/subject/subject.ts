import type { NewEvent } from '../../schema/event.ts'

/** A text of the audited work. */
export interface AuditFile {
  /** Relative to the agent's workspace, with forward slashes, as its own commands name it. */
  readonly path: string
  readonly text: string
}

/** What an audit reads: all that is left of one piece of work, as text in memory. Order of files and events is always the same. */
export interface AuditSubject {
  /** `<run>:<trial>`, or the folder's name. */
  readonly name: string
  /** Papers and reports, which make the claims; the main one first. */
  readonly documents: readonly AuditFile[]
  /** Task, idea, related work and proposal: what was planned or found elsewhere, never evidence of a result. */
  readonly plans: readonly AuditFile[]
  /** All other text, reports among it, sorted by path: results, logs, code, configuration. Papers are not here. */
  readonly files: readonly AuditFile[]
  /** Of the experiment, in order; empty where nothing was recorded. */
  readonly events: readonly NewEvent[]
  /** `recorded`: our own events. `transcript`: a coder's own record with its commands. `words`: without them. `none`: no record. */
  readonly record: 'recorded' | 'transcript' | 'words' | 'none'
  /** Whether several files give themselves out for the session's record: then none is to be trusted. */
  readonly hasRivalRecords?: boolean
  /** When the work ended: `YYYY-MM` or longer; null where nothing says. */
  readonly date: string | null
  readonly leftOut: readonly { readonly path: string; readonly bytes: number; readonly reason: string }[]
  readonly notes: readonly string[]
}
