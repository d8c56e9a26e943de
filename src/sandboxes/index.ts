import { availableParallelism } from 'node:os'
import { PrerequisiteError } from '../base/errors.ts'
import { bubblewrap } from './bubblewrap.ts'
import { host } from './host.ts'
import type { OpenSandboxOptions, Sandbox, SandboxKind, SandboxLimits } from './sandbox.ts'

/** Isolating ones first, best first. */
export const sandboxes = { bubblewrap, host } satisfies Record<string, SandboxKind>
export type SandboxName = keyof typeof sandboxes

const gibibyte = 1024 ** 3

/** For an experiment on an ordinary machine. */
export const defaultLimits: SandboxLimits = {
  memoryBytes: 8 * gibibyte,
  cpus: Math.min(4, availableParallelism()),
  processes: 512,
  diskBytes: 20 * gibibyte,
}

/** Opens the sandbox that was named and no other. Throws PrerequisiteError with what to install when it does not work here. */
export async function openSandbox(name: SandboxName, options: OpenSandboxOptions): Promise<Sandbox> {
  await requireSandbox(name)
  return sandboxes[name].open(options)
}

/** Throws PrerequisiteError with what to install when the sandbox does not work here. */
export async function requireSandbox(name: SandboxName): Promise<void> {
  const reason = await findReason(name)
  if (reason !== null) throw new PrerequisiteError(`sandbox "${name}" is not available: ${reason}`)
}

/** The first sandbox that isolates and works on this machine, or null. */
export async function detectSandbox(): Promise<SandboxName | null> {
  return (await findReason('bubblewrap')) === null ? 'bubblewrap' : null
}

// What worked once is not tried again; what did not may have been installed meanwhile.
const working = new Set<SandboxName>()

async function findReason(name: SandboxName): Promise<string | null> {
  if (working.has(name)) return null
  const reason = await sandboxes[name].unavailable()
  if (reason === null) working.add(name)
  return reason
}
