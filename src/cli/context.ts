import type { Secrets } from '../models/connections.ts'
import type { TextStyle } from '../report/table.ts'

/** What a command gets from the process it runs in. Handlers touch nothing of the process themselves. */
export interface CliContext {
  /** Progress and remarks, never the result. */
  readonly note: (line: string) => void
  /** Whether progress may be drawn over itself. */
  readonly isTerminal: boolean
  /** What standard output can show. */
  readonly style: TextStyle
  /** Values of environment variables, for keys alone. */
  readonly secrets: Secrets
  /** Where pulled tasks are kept. */
  readonly taskFolder: string
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
}

/** What a command prints to standard output, in one of two forms, and how it ends. */
export interface CommandResult {
  readonly text: string
  readonly json: unknown
  /** 100: what `--fail-on` asks about holds. */
  readonly exitCode: 0 | 1 | 100
}

export { version } from '../base/version.ts'
