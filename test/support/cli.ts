import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface CliEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Our command line as its users have it: a process of its own, with a home folder and keys that are nobody's. */
export interface Cli extends AsyncDisposable {
  readonly root: string
  readonly logDir: string
  /** Dummy keys by the variable they are in; each is unlike any other text. */
  readonly keys: Readonly<Record<KeyVariable, string>>
  /** Any end is a value. */
  run(args: readonly string[]): Promise<CliEnd>
  /** Runs a command with `--json` and gives what it printed; throws what it said unless it exits 0. */
  json(args: readonly string[]): Promise<unknown>
  /** Writes a configuration (JSON is YAML as well) and gives its path. */
  config(name: string, content: object): Promise<string>
}

const keyVariables = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'OPENROUTER_API_KEY'] as const
export type KeyVariable = (typeof keyVariables)[number]

const mainFile = join(import.meta.dirname, '../../src/cli/main.ts')
const longestMs = 120_000

/** Environment of a Node process that must not connect to another machine. */
export const loopbackOnly = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'loopback-guard.ts')).href}`,
}

export async function openCli(): Promise<Cli> {
  const root = await mkdtemp(join(tmpdir(), 'mlrbench-cli-'))
  const logDir = join(root, 'logs')
  const home = join(root, 'home')
  await mkdir(home)
  const keys = Object.fromEntries(
    keyVariables.map((name) => [name, `dummy-${name.toLowerCase()}-${randomBytes(12).toString('hex')}`]),
  ) as Record<KeyVariable, string>
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, ...loopbackOnly, ...keys }

  const run: Cli['run'] = (args) =>
    new Promise((resolve) => {
      const options = { cwd: root, env, timeout: longestMs, maxBuffer: 256 * 1024 ** 2 }
      execFile(process.execPath, [mainFile, ...args], options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null
        resolve({ exitCode, stdout, stderr })
      })
    })
  return {
    root,
    logDir,
    keys,
    run,
    async json(args) {
      const { exitCode, stdout, stderr } = await run([...args, '--json'])
      if (exitCode !== 0) throw new Error(`mlrbench ${args.join(' ')} ended with ${exitCode}:\n${stderr}\n${stdout}`)
      return JSON.parse(stdout) as unknown
    },
    async config(name, content) {
      const path = join(root, `${name}.yaml`)
      await writeFile(path, JSON.stringify(content))
      return path
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}
