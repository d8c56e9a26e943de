import type { Environment, HubSnapshot, InstalledPackage } from '../../schema/environment.ts'

const mostNamed = 20

/**
 * How two environments differ, in sentences, as far as it can change results: the image, the system, Python and its packages, GPUs, models
 * and data sets. Empty when they are alike in all of it. Packages that only one of them has are told too, and so are those of the workspace,
 * which a fresh one may have to install anew.
 */
export function compareEnvironments(recorded: Environment, now: Environment): string[] {
  const facts: [name: string, then: string | null, today: string | null][] = [
    ['sandbox', recorded.sandbox.kind, now.sandbox.kind],
    ['network', describeNetwork(recorded), describeNetwork(now)],
    ['memory limit', formatMemory(recorded), formatMemory(now)],
    ['processors', String(recorded.sandbox.cpus), String(now.sandbox.cpus)],
    ['image', describeImage(recorded), describeImage(now)],
    ['system', recorded.distribution, now.distribution],
    ['architecture', recorded.architecture, now.architecture],
    ['kernel', recorded.kernel, now.kernel],
    ['processor', recorded.cpu, now.cpu],
    ['GPUs', describeGpus(recorded), describeGpus(now)],
    ['Node', recorded.node, now.node],
    ['Python', recorded.python, now.python],
  ]
  return [
    ...facts.flatMap(([name, then, today]) =>
      then === today ? [] : [`${name}: ${then ?? 'not known'} then, ${today ?? 'not known'} now`],
    ),
    ...bounded(comparePackages(recorded.packages, now.packages)),
    ...bounded(comparePackages(recorded.workspacePackages, now.workspacePackages, 'in the workspace ')),
    ...bounded(compareSnapshots(recorded, now)),
  ]
}

function bounded(differences: readonly string[]): string[] {
  const more = differences.length - mostNamed
  return more <= 0 ? [...differences] : [...differences.slice(0, mostNamed), `and ${more} more of this kind`]
}

function describeNetwork({ sandbox: { network } }: Environment): string {
  return typeof network === 'string' ? network : network.allow.join(', ')
}

function formatMemory({ sandbox }: Environment): string {
  return `${(sandbox.memoryBytes / 1024 ** 3).toFixed(2)} GiB`
}

function describeImage({ image }: Environment): string | null {
  return image === null ? null : `${image.name} ${image.digest ?? 'without a digest'}`
}

function describeGpus({ gpus }: Environment): string {
  return gpus.length === 0 ? 'none' : gpus.map(({ name, driver }) => `${name} (driver ${driver})`).join(', ')
}

function comparePackages(then: readonly InstalledPackage[], today: readonly InstalledPackage[], where = ''): string[] {
  const before = new Map(then.map(({ name, version }) => [name, version]))
  const after = new Map(today.map(({ name, version }) => [name, version]))
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((name) => {
    const [old, fresh] = [before.get(name), after.get(name)]
    return old === fresh ? [] : [`${where}${name}: ${old ?? 'not installed'} then, ${fresh ?? 'not installed'} now`]
  })
}

function compareSnapshots(recorded: Environment, now: Environment): string[] {
  const known = new Set([...now.loaded, ...now.available].map(nameSnapshot))
  return recorded.loaded
    .map(nameSnapshot)
    .filter((name) => !known.has(name))
    .map((name) => `${name} was loaded then, and was not now`)
}

const nameSnapshot = ({ kind, name, revision }: HubSnapshot): string => `${kind} ${name} at ${revision}`
