import type { CoderKind, CoderSpec, Wire } from '../schema/config.ts'
import type { CoderEnding } from '../schema/event.ts'
import type { FollowStream, StreamEnd } from '../transcripts/follow.ts'
import type { CoderEndpoint } from './coder.ts'

/** Coders that are a program somebody installed. */
export type ProgramKind = Exclude<CoderKind, 'bash-loop' | 'command'>

/** What a program is started with. */
export interface LaunchFacts {
  readonly spec: CoderSpec
  readonly endpoint: Pick<CoderEndpoint, 'url' | 'token' | 'wire'>
  readonly prompt: string
  /** Starts the program inside the sandbox; its arguments follow. */
  readonly start: readonly string[]
}

export interface CoderLaunch {
  readonly argv: readonly string[]
  /** Variables for the coder itself. The only key among them is the gateway's token. */
  readonly environment: Readonly<Record<string, string>>
  /** Its configuration, by path relative to its own `HOME`. */
  readonly homeFiles: Readonly<Record<string, string>>
  /** On standard input. */
  readonly input: string
}

/** A program's end as it is seen from outside, when no limit ended it. */
export interface ProgramExit {
  readonly exitCode: number
  /** What its stream says of its end. */
  readonly end: StreamEnd
  /** The last of what it printed to standard error, as one line; empty when that was nothing. */
  readonly lastErrors: string
}

export interface CoderOutcome {
  readonly ending: Exclude<CoderEnding, 'unknown'>
  readonly message: string
}

/** How one coder is installed, started and read: all that the common runner does not know. */
export interface CoderProgram {
  readonly kind: ProgramKind
  /** As its makers write it. */
  readonly displayName: string
  /** What its users type. */
  readonly executable: string
  /** `node`: an npm package or a single binary. `python`: lies in a virtual environment. */
  readonly runtime: 'node' | 'python'
  /** The version it was tried with here. */
  readonly testedVersion: string
  /** The command that installs that version. */
  readonly install: string
  /** Formats it can ask its model in, best first. */
  readonly wires: readonly Wire[]
  readonly follow: FollowStream
  launch(facts: LaunchFacts): CoderLaunch
  /** For ends that neither the stream nor the usual meaning of exit codes tells; null for all others. */
  readonly explainExit?: (exit: ProgramExit) => CoderOutcome | null
}
