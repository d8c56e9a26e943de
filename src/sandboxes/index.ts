import { availableParallelism } from 'node:os'
import { PrerequisiteError } from '../base/errors.ts'
import { apptainer } from './apptainer.ts'
import { bubblewrap } from './bubblewrap.ts'
import { container } from './container.ts'
import { host } from './host.ts'
import type { OpenSandboxOptions, Sandbox, SandboxKind, SandboxLimits } from './sandbox.ts'

/** Isolating ones first, best first. */
export const sandboxes = { bubblewrap, container, apptainer, host } satisfies Record<string, SandboxKind>
export type SandboxName = keyof typeof sandboxes

const isolating = ['bubblewrap', 'container', 'apptainer'] as const satisfies readonly SandboxName[]

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
  await requireSandbox(name, options.image)
  return sandboxes[name].open(options)
}

/**
 * Throws PrerequisiteError with what to install when the sandbox does not work here.
 * @param image of kinds that have images: one that must be here too
 */
export async function requireSandbox(name: SandboxName, image?: { readonly name: string | null }): Promise<void> {
  const reason = await findReason(name, image)
  if (reason !== null) throw new PrerequisiteError(`sandbox "${name}" is not available: ${reason}`)
}

/** The first sandbox that isolates and works on this machine, with its own image if it has one; or null. */
export async function detectSandbox(): Promise<SandboxName | null> {
  for (const name of isolating) if ((await findReason(name, { name: null })) === null) return name
  return null
}

// What worked once is not tried again; what did not may have been installed meanwhile.
const working = new Set<string>()

async function findReason(name: SandboxName, image?: { readonly name: string | null }): Promise<string | null> {
  const key = JSON.stringify([name, image?.name])
  if (working.has(key)) return null
  const kind: SandboxKind = sandboxes[name]
  const reason = await kind.unavailable(image)
  if (reason === null) working.add(key)
  return reason
}
