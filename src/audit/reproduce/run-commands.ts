import { listAt } from '../../base/list-at.ts'
import { join, posix } from 'node:path'
import { listFiles } from '../../base/files.ts'
import { oneLine } from '../../base/text.ts'
import type { ExecResult, Sandbox } from '../../sandboxes/sandbox.ts'
import type { Reproduction } from '../../schema/audit.ts'
import { judgeOutcome } from '../session/outcome.ts'
import { readBounded } from '../subject/read-bounded.ts'
import { showCommand, workspaceMark } from './port-command.ts'

export interface RunEnd {
  readonly record: Reproduction['runs'][number]
  /** Why it did not come to its end; null when it did. */
  readonly failure: string | null
  /** What its output says of a failure that its exit code hides; null where it says nothing. */
  readonly suspicion: string | null
  /** The end of the last command's output, on one line. */
  readonly lastWords: string
}

/** Systems that have Python 3 under its full name alone are many, works that call it so are few. Reaches bash below, not other shells. */
const pythonAlias = 'command -v python >/dev/null || { python() { python3 "$@"; }; export -f python; }'

const keptOutputBytes = 64 * 1024
const shortMs = 30_000
const longestWords = 300
const limitNames = {
  'wall-time': 'time',
  memory: 'memory',
  processes: 'processes',
  disk: 'disk space',
  output: 'output',
} as const

/** Runs commands one after the other, each in a shell of its own, up to the first that fails. Rejects when the sandbox breaks or `signal` aborts. */
export async function runCommands(
  sandbox: Sandbox,
  commands: readonly string[],
  options: {
    readonly timeLimitMs: number
    readonly environment: Readonly<Record<string, string>>
    readonly signal: AbortSignal
    readonly note: (line: string) => void
  },
): Promise<RunEnd> {
  const { timeLimitMs, environment, signal, note } = options
  const where = commands.some((command) => command.includes(workspaceMark)) ? await placeInside(sandbox, signal) : ''
  let durationMs = 0
  let suspicion: string | null = null
  let last: Pick<ExecResult, 'exitCode' | 'exceededLimit' | 'output'> = { exitCode: 0, exceededLimit: null, output: '' }
  for (const command of commands) {
    note(`  ${oneLine(showCommand(command), 150)}`)
    const result = await sandbox.exec(['bash', '-c', `${pythonAlias}\n${command.replaceAll(workspaceMark, where)}`], {
      timeoutMs: timeLimitMs,
      maxOutputBytes: keptOutputBytes,
      environment,
      signal,
    })
    durationMs += result.durationMs
    last = result
    if (result.exitCode !== 0) return end(describeFailure(command, result, timeLimitMs))
    const fine = judgeOutcome({ ...result, exceededLimit: false, background: false, tellsSuccess: false })
    if (fine === false) suspicion ??= describeFailure(command, result, timeLimitMs)
  }
  return end(null)

  function end(failure: string | null): RunEnd {
    const { exitCode, exceededLimit, output } = last
    const record = { exitCode, exceededLimit, durationMs: Math.round(durationMs) }
    return { record, failure, suspicion, lastWords: oneLine(lastLines(output), longestWords) }
  }
}

/** What commands see as the workspace's path. */
async function placeInside(sandbox: Sandbox, signal: AbortSignal): Promise<string> {
  const { output } = await sandbox.exec(['pwd'], { timeoutMs: shortMs, maxOutputBytes: 8_192, signal })
  return output.trim()
}

function describeFailure(
  command: string,
  { exitCode, exceededLimit, output }: ExecResult,
  timeLimitMs: number,
): string {
  const name = `"${oneLine(showCommand(command), 80)}"`
  const tail = oneLine(lastLines(output), longestWords)
  const says = tail === '' ? '' : `: ${tail}`
  if (exceededLimit === 'wall-time') return `${name} did not end within ${Math.round(timeLimitMs / 1_000)} s${says}`
  if (exceededLimit !== null) return `${name} exceeded the limit on ${limitNames[exceededLimit]}${says}`
  if (exitCode === 127 || /command not found/.test(tail)) return `${name} needs a program that is not there${says}`
  if (/ModuleNotFoundError|No module named|Cannot find (?:module|package)|there is no package called/.test(tail))
    return `${name} needs a module that is not installed in the sandbox${says}`
  return exitCode === 0 ? `${name} ended with a failure in its output${says}` : `${name} exited with ${exitCode}${says}`
}

/** The line that names the error, behind which a trace may stand; else the last that was said. */
function lastLines(output: string): string {
  const lines = output
    .slice(-20_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const named = lines.findLast((line) =>
    /^(?:[A-Za-z_][\w.]{0,100})?(?:Error|Exception)\b|^.{0,80}command not found/.test(line.slice(0, 300)),
  )
  return named ?? lines.slice(-2).join(' / ')
}

const largestResultBytes = 8 * 1024 * 1024
const mostListed = 50_000

/**
 * The result files that a run left, of those asked for. A file that was given to it does not count; links are not followed.
 * @param options.anywhere whether a file of the same name elsewhere will do, where there is one only: foreign works are often kept in other folders
 * @returns text by the path that was asked for
 */
export async function takeResults(
  folder: string,
  paths: readonly string[],
  options: { readonly given: ReadonlySet<string>; readonly anywhere: boolean },
): Promise<Map<string, string>> {
  const listed = await listFiles(folder, { mostFiles: mostListed })
  const made = listed.filter(
    ({ path, kind, bytes }) => kind === 'file' && bytes <= largestResultBytes && !options.given.has(path),
  )
  const there = new Set(made.map(({ path }) => path))
  const byName = new Map<string, string[]>()
  for (const path of there) {
    listAt(byName, posix.basename(path)).push(path)
  }
  const asked = new Map<string, number>()
  for (const path of paths) asked.set(posix.basename(path), (asked.get(posix.basename(path)) ?? 0) + 1)
  const taken = new Map<string, string>()
  for (const path of paths) {
    const name = posix.basename(path)
    const named = asked.get(name) === 1 ? (byName.get(name) ?? []) : []
    const found = there.has(path) ? path : options.anywhere && named.length === 1 ? named[0] : undefined
    if (found !== undefined) taken.set(path, await readResult(join(folder, found)))
  }
  return taken
}

async function readResult(path: string): Promise<string> {
  const content = await readBounded(path, largestResultBytes)
  return content.toString('utf8').replace(/^\uFEFF/, '')
}
