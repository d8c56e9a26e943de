// A harness that a test kills: opens a sandbox and runs a long command in it. Arguments: sandbox, workspace, program, its arguments.
import { type SandboxName, defaultLimits, openSandbox } from '../../src/sandboxes/index.ts'

const [name, workspace, ...argv] = process.argv.slice(2) as [SandboxName, string, ...string[]]
const sandbox = await openSandbox(name, { workspace, limits: defaultLimits, network: 'none' })
await sandbox.exec(argv, { timeoutMs: 60_000, maxOutputBytes: 1_000 })
