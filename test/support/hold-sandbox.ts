// A harness that a test ends: opens a sandbox and runs a long command in it. Its argument is JSON: see `Held`.
import { type SandboxName, defaultLimits, openSandbox } from '../../src/sandboxes/index.ts'
import type { OpenSandboxOptions } from '../../src/sandboxes/sandbox.ts'

interface Held {
  readonly name: SandboxName
  readonly workspace: string
  readonly options?: Partial<OpenSandboxOptions>
  /** For `sh -c`. */
  readonly script: string
}

const { name, workspace, options, script } = JSON.parse(process.argv[2] ?? '') as Held
const sandbox = await openSandbox(name, { workspace, limits: defaultLimits, network: 'none', ...options })
await sandbox.exec(['sh', '-c', script], { timeoutMs: 60_000, maxOutputBytes: 1_000 })
