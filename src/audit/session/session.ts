/** One act of the agent, in the order of the session. */
export type SessionStep =
  | {
      readonly kind: 'command'
      readonly step: number
      readonly command: string
      readonly output: string
      readonly outputTruncated: boolean
      readonly exitCode: number | null
      /** Exit code 0 or unknown, and no sign of failure in the output; null where nothing says. */
      readonly succeeded: boolean | null
      readonly durationMs: number | null
      /** Whether it runs a program that computes or measures: a script, inline code, tests, `nvidia-smi`; not `ls` or `pip`. */
      readonly runs: boolean
      /** Script files that it ran, relative to the workspace, each resolved through `cd` and the script's own folder. */
      readonly scripts: readonly string[]
      /** Code given inline (`python -c`, a heredoc into an interpreter), as typed. */
      readonly inlineCode: readonly string[]
      /** Text that the command writes into files: heredocs, echo, printf, tee. */
      readonly typed: readonly { readonly path: string | null; readonly text: string; readonly line: number }[]
      /** Files whose content it shows (cat, head, tail, less, sed -n). */
      readonly shows: readonly string[]
    }
  | {
      readonly kind: 'write'
      readonly step: number
      readonly path: string
      /** Null where a program wrote it. */
      readonly typed: string | null
      /** An edit that was refused: typed, and never in the file. */
      readonly refused: boolean
    }
  | { readonly kind: 'view'; readonly step: number; readonly path: string; readonly text: string | null }
  | { readonly kind: 'said'; readonly step: number; readonly text: string; readonly thought: boolean }

export interface Session {
  readonly steps: readonly SessionStep[]
  /** Length of the whole session; null where nothing says. */
  readonly durationMs: number | null
  /** True where steps show which commands ran and which files were typed. */
  readonly showsCommands: boolean
}
