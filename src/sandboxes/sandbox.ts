export interface SandboxLimits {
  /** Resident memory of all processes together. */
  readonly memoryBytes: number
  /** CPU time per second of wall time, e.g. 1.5. */
  readonly cpus: number
  /** Processes and threads of one command with all its descendants. */
  readonly processes: number
  /** Size of the workspace. */
  readonly diskBytes: number
}

/** Which limit a command ran into. */
export type ExceededLimit = 'wall-time' | 'memory' | 'processes' | 'disk'

export interface ExecOptions {
  readonly timeoutMs: number
  /** Output beyond this is dropped from the middle: head and tail are kept with a line between them that says how much is missing. */
  readonly maxOutputBytes: number
  readonly signal?: AbortSignal
  /** Added to the sandbox's own small environment; nothing of the harness's environment is passed on. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface ExecResult {
  /** As a shell reports it: 127 for a program that is not there, 128 + n for one ended by signal n. Null when a limit ended it. */
  readonly exitCode: number | null
  /** Standard output and error as they came, interleaved; invalid UTF-8 replaced. */
  readonly output: string
  readonly outputTruncated: boolean
  /** Bytes the command wrote in all, before truncation. */
  readonly outputBytes: number
  readonly durationMs: number
  /** Null when no limit was hit, or none that could be told apart. Not null beside an exit code when the command survived the limit. */
  readonly exceededLimit: ExceededLimit | null
}

/**
 * A place to run what an agent wrote. Every command starts in the workspace, sees `PATH` with `node`, gets a `HOME` and a
 * `TMPDIR` of its own that vanish with it, and leaves no process behind: background processes die with their command.
 */
export interface Sandbox extends AsyncDisposable {
  readonly name: string
  /** False for `host`: nothing keeps the command from the user's files and network. */
  readonly isolated: boolean
  /** A non-zero exit or an exceeded limit is a value; rejects only when the sandbox itself broke or `signal` aborted. */
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>
}

export interface OpenSandboxOptions {
  /** Existing folder, the only place that stays writable and is kept. */
  readonly workspace: string
  readonly limits: SandboxLimits
  readonly network: 'none' | 'full'
}

export interface SandboxKind {
  open(options: OpenSandboxOptions): Promise<Sandbox>
  /** Null when it works on this machine; otherwise why not and what to do, in one sentence. */
  unavailable(): Promise<string | null>
}
