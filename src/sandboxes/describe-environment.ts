import { cpus, release, totalmem } from 'node:os'
import { z } from 'zod'
import type { SandboxSpec } from '../schema/config.ts'
import type { Environment, Gpu, InstalledPackage } from '../schema/environment.ts'
import { findInstalled } from './installed-packages.ts'
import type { Sandbox } from './sandbox.ts'

const patienceMs = 60_000
const mostOutputBytes = 2 * 1024 ** 2

// asked with -I: otherwise the workspace's own modules would come first, and one called json could answer
const listPackages = `
import importlib.metadata as m, json, platform, sys
seen = sorted({(str(d.metadata['Name']), str(d.version)) for d in m.distributions()})
json.dump({'python': platform.python_version(), 'packages': [{'name': n, 'version': v} for n, v in seen]}, sys.stdout)
`

// one command for all of it: each has its price where it starts a container
const questions = `
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const ask = (program, ...args) => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000, maxBuffer: 2 ** 21 })
  return status === 0 ? stdout : null
}
const release = ['/usr/lib/os-release', '/etc/os-release'].find((path) => fs.existsSync(path))
console.log(JSON.stringify({
  distribution: release === undefined ? null : fs.readFileSync(release, 'utf8'),
  python: ask('python3', '-I', '-c', process.argv[1]),
  gpus: ask('nvidia-smi', '--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'),
}))
`

const answer = z.string().nullable()
const toldSchema = z.object({ distribution: answer, python: answer, gpus: answer })

const pythonSchema = z.object({
  python: z.string(),
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
})

/**
 * What commands of a sandbox run on and with. What was loaded is what lies in the workspace now, so it is asked when the work is done.
 * What commands inside tell of themselves is only as true as they are; a hostile one can lie.
 */
export async function describeEnvironment(
  sandbox: Sandbox,
  about: {
    readonly spec: SandboxSpec
    readonly workspace: string
    readonly coder: Environment['coder']
    readonly signal: AbortSignal
  },
): Promise<Environment> {
  const { spec, workspace, coder, signal } = about
  const told = await askInside(sandbox, signal)
  const python = readPython(told?.python ?? null)
  const inWorkspace = await findInstalled(workspace)
  const available = []
  for (const [folder, from] of Object.entries(spec.readOnly))
    for (const snapshot of (await findInstalled(from)).snapshots) available.push({ ...snapshot, folder })
  return {
    schema: 'mlrbench/environment@2',
    sandbox: { ...spec, isolated: sandbox.isolated },
    image:
      spec.kind === 'container' || spec.kind === 'apptainer'
        ? { name: spec.image ?? 'mlrbench/experiment', digest: sandbox.imageDigest }
        : null,
    gpus: readGpus(told?.gpus ?? null),
    platform: process.platform,
    architecture: process.arch,
    kernel: release(),
    cpu: cpus()[0]?.model ?? null,
    cpuCount: cpus().length,
    memoryBytes: totalmem(),
    distribution: readDistribution(told?.distribution ?? null),
    node: process.version,
    python: python?.python ?? null,
    packages: python?.packages ?? [],
    workspacePackages: inWorkspace.packages,
    loaded: inWorkspace.snapshots,
    available,
    coder,
  }
}

/** Null where not even Node runs any more. */
async function askInside(sandbox: Sandbox, signal: AbortSignal): Promise<z.infer<typeof toldSchema> | null> {
  const { exitCode, output } = await sandbox.exec(['node', '-e', questions, listPackages], {
    timeoutMs: patienceMs,
    maxOutputBytes: mostOutputBytes,
    signal,
  })
  try {
    return exitCode === 0 ? toldSchema.parse(JSON.parse(output)) : null
  } catch {
    return null
  }
}

function readPython(output: string | null): { python: string; packages: InstalledPackage[] } | null {
  if (output === null) return null
  try {
    return pythonSchema.parse(JSON.parse(output))
  } catch {
    return null
  }
}

function readGpus(output: string | null): Gpu[] {
  return (output ?? '').split('\n').flatMap((line) => {
    const [name = '', memory = '', driver = ''] = line.split(',').map((field) => field.trim())
    if (name === '' || driver === '') return []
    return [{ name, memoryMebibytes: Number.isFinite(Number(memory)) ? Number(memory) : null, driver }]
  })
}

function readDistribution(output: string | null): string | null {
  return /^PRETTY_NAME="?([^"\n]{1,200})"?$/m.exec(output ?? '')?.[1] ?? null
}
