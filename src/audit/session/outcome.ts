/** Lines at the end of an output in which a failure tells of itself. */
const tailLines = 60
const tailCharacters = 20_000
const exception = /^(?:[A-Za-z_][\w.]{0,100}(?:Error|Exception|Interrupt|Exit|Failure)|SystemExit)\b(?::|$)/
const fatal =
  /^(?:segmentation fault|killed\b|bus error|aborted\b|fatal(?: error)?:|error:|.{0,40}\berror: can't open file|(?:\/\S{1,60}: )?(?:line \d{1,5}: )?\S{1,80}: command not found|timeout: |terminated\b)/i
const failed =
  /\b(?:experiments?|runs?|pipeline|training|script|execution|evaluation|job)(?: has| have| was)? (?:failed|crashed|aborted|timed out)\b|\bfailed to (?:run|execute|complete) (?:the )?(?:experiments?|training|script|pipeline|evaluation)\b|\bcommand timed out\b/i
const nothingFailed = /\b(?:no|0|zero|without|not|any|if)\b[^.]{0,30}\bfailed\b|\bfailed\W{0,3}(?:0|none)\b/i

/**
 * Whether a command did what it was to do, as far as its code and its output say. A pipe or a handler hides the code of what failed, so that
 * 0 alone proves nothing.
 * @param exitCode null where it is not known
 * @returns null where neither code nor output says anything
 */
export function judgeOutcome(outcome: {
  readonly exitCode: number | null
  readonly exceededLimit: boolean
  readonly output: string
  readonly background: boolean
  /** Other commands of the record have code 0: one that was answered without a code did not end well. */
  readonly tellsSuccess: boolean
}): boolean | null {
  const { exitCode, exceededLimit, output, background, tellsSuccess } = outcome
  if (exceededLimit || (exitCode !== null && exitCode !== 0)) return false
  if (exitCode === null && tellsSuccess && output.trim() !== '') return false
  if (showsFailure(output)) return false
  if (background) return null
  return exitCode === 0 || output.trim() !== '' ? true : null
}

function showsFailure(output: string): boolean {
  const lines = output
    .slice(-tailCharacters)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-tailLines)
  if (endsInTraceback(lines)) return true
  if (lines.slice(-3).some((line) => fatal.test(line.slice(0, 400)))) return true
  return lines.some((line) => failed.test(line.slice(0, 400)) && !nothingFailed.test(line.slice(0, 400)))
}

/** A traceback that was caught is followed by more output than a few last words. */
function endsInTraceback(lines: readonly string[]): boolean {
  const start = lines.findLastIndex((line) => /Traceback \(most recent call last\)/.test(line.slice(0, 200)))
  const last = lines.at(-1) ?? ''
  // a syntax error has no traceback above it, only its place
  if (start === -1)
    return exception.test(last.slice(0, 200)) && lines.slice(-8).some((line) => /^File ".{1,300}", line \d/.test(line))
  const end = lines.findLastIndex((line) => exception.test(line.slice(0, 200)))
  return end >= start ? lines.length - 1 - end <= 3 : lines.length - start <= 12
}
