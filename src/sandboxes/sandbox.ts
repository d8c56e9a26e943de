import type { Network } from '../schema/config.ts'

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
export type ExceededLimit = 'wall-time' | 'memory' | 'processes' | 'disk' | 'output'

export interface OutputLine {
  readonly stream: 'output' | 'error'
  /** Without its line break; invalid UTF-8 replaced. */
  readonly text: string
  /** True when the line was longer than 16 MiB, and `text` is only its beginning. */
  readonly isCut: boolean
}

/** For a program that talks to us for long, such as a coding agent. */
export interface ConversationOptions {
  /** Given on standard input, which then ends. */
  readonly input: string
  /** Called with each line as it comes; what follows the last line break is a line too. */
  readonly onLine: (line: OutputLine) => void
  /** Ends the command when it has printed more than this. */
  readonly endAfterBytes: number
}

export interface ExecOptions {
  readonly timeoutMs: number
  /** Output beyond this is dropped from the middle: head and tail are kept with a line between them that says how much is missing. */
  readonly maxOutputBytes: number
  readonly signal?: AbortSignal
  /** Added to the sandbox's own small environment; nothing of the harness's environment is passed on. */
  readonly environment?: Readonly<Record<string, string>>
  /** Texts of files made in the command's own `HOME` before it starts, by relative path. */
  readonly homeFiles?: Readonly<Record<string, string>>
  readonly conversation?: ConversationOptions
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
 * `TMPDIR` of its own that vanish with it, and leaves no process behind: background processes die with their command. The
 * caches of pip, Hugging Face, PyTorch and others that heed `XDG_CACHE_HOME` lie in `.cache` of the workspace, and are kept.
 */
export interface Sandbox extends AsyncDisposable {
  readonly name: string
  /** False for `host`: nothing keeps the command from the user's files and network. */
  readonly isolated: boolean
  /** By name, the address under which commands reach each endpoint: `http://127.0.0.1:<port>`. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Digest of the image that commands run in; null for sandboxes without images. */
  readonly imageDigest: string | null
  /** Where commands find a path below one of `readOnly`: the same path, but for `host`, which shows files where they are. */
  resolveReadOnly(insidePath: string): string
  /** A non-zero exit or an exceeded limit is a value; rejects only when the sandbox itself broke or `signal` aborted. */
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>
}

export interface OpenSandboxOptions {
  /** Existing folder, the only place that stays writable and is kept. */
  readonly workspace: string
  readonly limits: SandboxLimits
  /** With a list of hosts, commands reach those alone, over HTTP and TLS through a proxy; `onEgressRefused` hears of the others. */
  readonly network: Network
  readonly onEgressRefused?: (refusal: EgressRefusal) => void
  /** Files and folders of the host that commands can read, by their absolute path inside. */
  readonly readOnly?: Readonly<Record<string, string>>
  /** Servers of the harness that commands may reach whatever the network: paths of unix sockets, by name, in closed folders. */
  readonly sockets?: Readonly<Record<string, string>>
  /** Of kinds that have images. */
  readonly image?: { readonly name: string | null; readonly gpus: 'all' | number }
}

export interface EgressRefusal {
  readonly host: string
  readonly port: number
  readonly reason: string
}

export interface SandboxKind {
  open(options: OpenSandboxOptions): Promise<Sandbox>
  /**
   * Null when it works on this machine; otherwise why not and what to do, in one sentence.
   * @param image of kinds that have images: one to look for as well, by default (null) the one that `mlrbench` describes itself
   */
  unavailable(image?: { readonly name: string | null }): Promise<string | null>
}
