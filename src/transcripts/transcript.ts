import type { NewEvent } from '../schema/event.ts'
import type { Stage } from '../schema/stage.ts'

/** The attempt a transcript tells of. */
export interface TranscriptPlace {
  readonly stage: Stage
  /** From 1. */
  readonly attempt: number
}

/** What a coding agent's own record of a session says. */
export interface Transcript {
  /** In the order of the session: calls, commands, writes and views, and last its report and its end. */
  readonly events: NewEvent[]
  /** The whole session for readers and judges: what the agent said, typed, ran and saw, without images. */
  readonly markdown: string
  /** What could not be read, and what this kind of record leaves out; empty when all is there. */
  readonly notes: string[]
}

/**
 * Reads one kind of record. It never throws: a record was written by a foreign program, broke off anywhere, or holds junk;
 * what cannot be read is noted and the rest is kept. What a record does not say is null in the events.
 */
export type ReadTranscript = (text: string, where: TranscriptPlace) => Transcript
