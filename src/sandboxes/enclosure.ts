import type { ProcessLimits } from './launcher.ts'
import type { Launch } from './run-command.ts'
import type { ExceededLimit, OpenSandboxOptions } from './sandbox.ts'

/** A file, folder or socket of this machine and where commands find it. Only the workspace, which is not among them, is writable. */
export interface Bind {
  readonly type: 'file' | 'folder' | 'socket'
  readonly from: string
  readonly at: string
}

/** What a kind of sandbox has to put in place. */
export interface SandboxPlan {
  /** With the workspace's real path. */
  readonly options: OpenSandboxOptions
  /** `none`: loopback only, which is also what a list of allowed hosts asks for: the proxy is a socket among the binds. */
  readonly network: 'none' | 'full'
  /** Node, the relay, read-only folders and sockets; for a kind that does not isolate each is at its own path. */
  readonly binds: readonly Bind[]
  /** For this sandbox's own files; closed to everyone else and removed with it, also when the harness is killed. */
  readonly privateFolder: string
  /** `NAME=value` of a variable by which the processes of a sandbox that does not isolate are found. */
  readonly mark: string
}

/** What one kind of sandbox puts around a command; limits, output and the end of processes are the same for all. */
export interface Enclosure extends AsyncDisposable {
  readonly imageDigest: string | null
  /**
   * `core`: control groups and limits on each process hold what `launch` starts. `enclosure`: it keeps memory, processes and
   * CPU to the limits itself, and `processLimits` too as far as it can; wall time and disk stay with the core.
   */
  readonly limitedBy: 'core' | 'enclosure'
  /** True in a user namespace of its own: there a limit on the number of processes counts only those inside. */
  readonly countsOwnProcesses: boolean
  /**
   * True where only standard input, output and error reach into the enclosure: every command then runs under the relay, and
   * the core puts its limits on each process around `launch`, not inside.
   */
  readonly alwaysRelay: boolean
  /** Run when the harness was killed, after all processes it had started were: its own way to end what is left elsewhere. */
  readonly afterDeath: readonly string[] | null
  enclose(command: InnerCommand): Promise<EnclosedCommand>
}

/** What runs inside: the agent's command, or under the relay the relay, which then knows the command and its environment. */
export interface InnerCommand {
  readonly argv: readonly string[]
  /** On top of the enclosure's own, which has at least `PATH` with our Node, `HOME`, `TMPDIR` and `LANG`. */
  readonly environment: Readonly<Record<string, string>>
  /** To be set by an enclosure that limits by itself; the core sets them for the others. */
  readonly processLimits: ProcessLimits
}

export interface EnclosedCommand extends AsyncDisposable {
  /** Under the relay, standard input, output and error of this program must be those of `argv`. */
  readonly launch: Launch
  /** Ends processes that left the command's group, where no control group tells which they are; returns when they are gone. */
  killEscaped(): Promise<void>
  /** Asked once when the command has ended: the limit that the enclosure itself enforced, null for none. */
  exceededLimit(): Promise<ExceededLimit | null>
}

export interface EnclosureKind {
  readonly name: string
  /** False: commands see the machine as it is, and nothing can be shown at another path. */
  readonly isolated: boolean
  /** True when 127.0.0.1 inside is that of the harness. */
  readonly sharesLoopback: boolean
  open(plan: SandboxPlan): Promise<Enclosure>
}

/** Paths inside every sandbox that isolates. */
export const insidePaths = {
  workspace: '/workspace',
  node: '/opt/mlrbench/bin/node',
  relay: '/opt/mlrbench/relay.mjs',
  sockets: '/opt/mlrbench/sockets',
  home: '/tmp/home',
} as const
