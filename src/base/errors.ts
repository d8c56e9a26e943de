/**
 * Something the user must put right: a missing key, an unknown task, a bad flag. The message says what to do next.
 * The command line prints it without a stack and exits 2.
 */
export class PrerequisiteError extends Error {
  override readonly name = 'PrerequisiteError'
}

/** The message of anything that was thrown, with its causes, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `: ${describeError(error.cause)}`
  return `${error.message}${cause}`.replace(/\s+/g, ' ').trim()
}
