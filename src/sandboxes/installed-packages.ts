import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HubSnapshot, InstalledPackage } from '../schema/environment.ts'

/** Folders looked into at most; what an agent built may be endless. */
const mostFolders = 20_000
const deepest = 12
const mostNamed = 5_000
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/

/**
 * What was installed below a folder, by the names that Python's installers leave, and which snapshots of the Hugging Face hub lie there.
 * Only names are read, links are not followed, and the search is bounded.
 */
export async function findInstalled(
  folder: string,
): Promise<{ readonly packages: InstalledPackage[]; readonly snapshots: HubSnapshot[] }> {
  const packages = new Map<string, InstalledPackage>()
  const snapshots = new Map<string, HubSnapshot>()
  const waiting = [{ path: folder, depth: 0 }]
  let looked = 0
  for (let next = waiting.pop(); next !== undefined && looked < mostFolders; next = waiting.pop()) {
    looked += 1
    const { path, depth } = next
    for (const name of await listFolders(path)) {
      const repository = readRepository(name)
      if (repository !== null) {
        for (const revision of await listFolders(join(path, name, 'snapshots')))
          if (plainName.test(revision) && snapshots.size < mostNamed)
            snapshots.set(`${name} ${revision}`, { ...repository, revision })
        continue
      }
      const installed = readDistribution(name)
      if (installed !== null && packages.size < mostNamed)
        packages.set(`${installed.name} ${installed.version}`, installed)
      else if (installed === null && depth < deepest) waiting.push({ path: join(path, name), depth: depth + 1 })
    }
  }
  return { packages: sortByName(packages), snapshots: sortByName(snapshots) }
}

async function listFolders(path: string): Promise<string[]> {
  // closed, gone meanwhile, or no folder: there is nothing to name
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** `models--owner--name` and `datasets--owner--name`. */
function readRepository(folder: string): Pick<HubSnapshot, 'kind' | 'name'> | null {
  const [kind, ...rest] = folder.split('--')
  const name = rest.join('/')
  if (rest.length === 0 || rest.length > 2 || !rest.every((part) => plainName.test(part))) return null
  if (kind === 'models') return { kind: 'model', name }
  if (kind === 'datasets') return { kind: 'dataset', name }
  return kind === 'spaces' ? { kind: 'space', name } : null
}

/** `numpy-2.1.0.dist-info`. */
function readDistribution(folder: string): InstalledPackage | null {
  const match = /^([A-Za-z0-9][A-Za-z0-9._]{0,99})-([0-9][A-Za-z0-9.+!_]{0,49})\.(?:dist-info|egg-info)$/.exec(folder)
  return match?.[1] === undefined || match[2] === undefined ? null : { name: match[1], version: match[2] }
}

function sortByName<Item extends { readonly name: string }>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
