import { readlink } from 'node:fs/promises'
import { z } from 'zod'
import { parseJson } from '../base/parse-json.ts'
import { type ProcessIdentity, isProcessDead, thisProcess } from '../base/process.ts'
import { type ContainerEngine, callEngine, firstLine, requireAnswer } from './container-engine.ts'

/** Which harness a container belongs to, and which of its sandboxes. */
const harnessLabel = 'mlrbench.harness'
const sandboxLabel = 'mlrbench.sandbox'

const harnessSchema = z.object({
  host: z.string(),
  bootId: z.string(),
  pid: z.number(),
  processStart: z.string(),
  pidNamespace: z.string(),
})

export async function ownLabels(sandboxId: string): Promise<Record<string, string>> {
  const harness = { ...thisProcess(), pidNamespace: await readPidNamespace() }
  return { [harnessLabel]: JSON.stringify(harness), [sandboxLabel]: sandboxId }
}

/** Removes a container with all its processes; one that is gone already is fine. */
export async function removeContainer(engine: ContainerEngine, name: string): Promise<void> {
  const { exitCode, stderr } = await callEngine(engine, ['rm', '--force', '--volumes', name])
  if (exitCode !== 0 && !/no such container|no container with name/i.test(stderr))
    throw new Error(`the container ${name} cannot be removed: ${firstLine(stderr)}`)
}

const inspectedSchema = z.array(
  z.object({ Id: z.string(), Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }) }),
)

/** Removes containers of harnesses of this machine that died. Whatever else the engine runs is left alone. */
export async function removeLeftovers(engine: ContainerEngine): Promise<void> {
  const listed = await requireAnswer(engine, ['ps', '--all', '--quiet', '--no-trunc', `--filter=label=${harnessLabel}`])
  const ids = listed.split('\n').filter((id) => /^[0-9a-f]{12,64}$/.test(id))
  if (ids.length === 0) return
  // Those that vanish meanwhile make it fail for them alone.
  const { stdout } = await callEngine(engine, ['container', 'inspect', ...ids])
  const containers = inspectedSchema.safeParse(parseJson(stdout))
  if (!containers.success) return
  const ourNamespace = await readPidNamespace()
  for (const { Id, Config } of containers.data) {
    const harness = harnessSchema.safeParse(parseJson(Config.Labels?.[harnessLabel] ?? ''))
    // In another namespace the same number is another process, which cannot be seen from here.
    if (!harness.success || harness.data.pidNamespace !== ourNamespace) continue
    const identity: ProcessIdentity = harness.data
    if (isProcessDead(identity)) await removeContainer(engine, Id)
  }
}

// Constant: whatever varies is an argument. A client that was starting a container when the harness died may finish later.
const cleanScript =
  'label=$1; shift; for round in 1 2 3 4; do "$@" ps -aq --filter "label=$label" | ' +
  'while read -r id; do "$@" rm -f -v "$id"; done; sleep 0.5; done'

/** What ends the containers of one sandbox when its harness cannot. */
export function cleaningArgv(engine: ContainerEngine, sandboxId: string): string[] {
  const variables = Object.entries(engine.environment).map(([name, value]) => `${name}=${value}`)
  const client = ['/usr/bin/env', '-i', ...variables, engine.program]
  return ['/bin/sh', '-c', cleanScript, 'sh', `${sandboxLabel}=${sandboxId}`, ...client]
}

async function readPidNamespace(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => 'unknown')
}
