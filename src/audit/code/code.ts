/** A node of a Python syntax tree, plain and detached from the parser; named nodes only. */
export interface CodeNode {
  /** tree-sitter-python's name of it: `call`, `assignment`, `identifier` … */
  readonly type: string
  /** The field under which its parent holds it (`left`, `function`, `arguments` …); null for none. */
  readonly field: string | null
  /** In UTF-16 code units of the file's text: `[start, end)`. */
  readonly start: number
  readonly end: number
  /** From 1. */
  readonly line: number
  readonly children: readonly CodeNode[]
}

/** A Python file of the work. */
export interface CodeFile {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  readonly tree: CodeNode
  /** The parser met what is no Python, and went on behind it. */
  readonly hasErrors: boolean
  /**
   * `entry`: a command ran it. `imported`: a file that ran imports it. `started`: a file that ran starts it. `no`: the record shows that nothing did.
   * `unknown`: there is no record of commands.
   */
  readonly execution: 'entry' | 'imported' | 'started' | 'no' | 'unknown'
  /** Whether a run of it, or of what imports it, ended well; null where nothing says. */
  readonly succeeded: boolean | null
  /** It ran; or, without a record of commands, it looks like what one starts, or such a file imports or starts it. */
  readonly isReachable: boolean
}

export interface CodeBase {
  readonly files: readonly CodeFile[]
  /** Inline code that commands ran, and scripts that ran and are gone, by the step that typed them. */
  readonly inline: readonly { readonly step: number; readonly file: CodeFile }[]
  /** Files that could not be parsed within their time or size, with why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}
