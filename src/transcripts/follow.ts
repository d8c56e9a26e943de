import type { CoderEnding, NewEvent } from '../schema/event.ts'
import type { TranscriptPlace } from './transcript.ts'

/** What a coding agent's program says at its end. */
export interface StreamEnd {
  /** `unknown` when the stream breaks off or does not say. */
  readonly ending: CoderEnding
  /** Its last words, or what went wrong: at most 4,000 characters, without control sequences. Empty when it said nothing. */
  readonly message: string
  /** What it reports itself, where it does. */
  readonly costUsd: number | null
  /** Tool calls that it was not allowed. */
  readonly denials: number
}

/** Turns the lines a coding agent's program prints into events while it prints them. Never throws: what cannot be read is noted. */
export interface StreamFollower {
  /** @returns the events this line completes: commands, edits, views and words; never calls, which the gateway knows better */
  push(line: string): NewEvent[]
  /** Ends the stream: tool calls without a result become events too. The transcript is bounded, and loses its middle. */
  end(): { readonly events: NewEvent[]; readonly end: StreamEnd; readonly markdown: string; readonly notes: string[] }
}

/** @param root the workspace as the agent sees it: paths below it become relative to it */
export type FollowStream = (where: TranscriptPlace, root: string) => StreamFollower
