import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { oneLine } from '../base/text.ts'
import type { Installable } from './find-program.ts'

const longestRunMs = 60_000
const mostBytes = 16_000
const shownCharacters = 300

/**
 * What a program answers to `--version`, in an environment without anything of ours and with an empty `HOME`.
 * @returns null when it names no version, or takes too long
 * @throws PrerequisiteError when it does not run
 */
export async function readProgramVersion(start: readonly string[], program: Installable): Promise<string | null> {
  const home = await mkdtemp(join(tmpdir(), 'mlrbench-version-'))
  try {
    const { exitCode, output, errors } = await run([...start, '--version'], home)
    if (exitCode !== null && exitCode !== 0)
      throw new Error(`exit code ${exitCode}: ${oneLine(`${errors} ${output}`, shownCharacters)}`)
    return /(?<![\d.])\d{1,9}(?:\.\d{1,9}){1,3}(?:[-+][0-9A-Za-z.-]{1,60})?/.exec(output)?.[0] ?? null
  } catch (error) {
    throw new PrerequisiteError(
      `${program.displayName} does not run (${start.at(-1)} --version: ${describeError(error)}): install it anew with: ${program.install}`,
      { cause: error },
    )
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

interface VersionRun {
  /** Null when it was ended for taking too long. */
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

/** Rejects when the program cannot be started. */
async function run(argv: readonly string[], home: string): Promise<VersionRun> {
  const [command = '', ...args] = argv
  const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':')
  const child = spawn(command, args, {
    cwd: home,
    env: { PATH: path, HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
    // a group of its own, since some start themselves anew
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  // awaited below; a program that cannot be started is told of by 'exit'
  closed.catch(() => null)
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(0, mostBytes)))
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(0, mostBytes)))
  const timer = setTimeout(killAll, longestRunMs)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    killAll()
    await Promise.race([closed, sleep(1_000, null, { ref: false })])
    return { exitCode: code, output, errors }
  } finally {
    clearTimeout(timer)
    child.stdout.destroy()
    child.stderr.destroy()
  }

  function killAll(): void {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch (error) {
      // all of it has ended
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}
