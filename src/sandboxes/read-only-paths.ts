import { realpath, stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import type { Bind } from './enclosure.ts'

/** What a sandbox makes itself, or shows as a link: nothing may lie above, at or below these. */
const ownPaths = ['/workspace', '/proc', '/dev', '/sys', '/tmp', '/opt/mlrbench', '/bin', '/sbin', '/lib', '/lib64']
/** Parts of the system that commands need as they are, though folders below them may be shown. */
const systemPaths = ['/usr', '/etc', '/opt']

/**
 * Files and folders of this machine that commands may read, as binds. Throws PrerequisiteError when one is not there or its
 * path inside would cover what the sandbox needs.
 * @param readOnly host path by path inside
 */
export async function planReadOnly(readOnly: Readonly<Record<string, string>>): Promise<Bind[]> {
  const binds: Bind[] = []
  // Parents first, or they would cover what is below them.
  for (const [at, path] of Object.entries(readOnly).toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    requireInsidePath(at)
    const from = await realpath(path).catch((error: unknown) => {
      throw new PrerequisiteError(`${path} cannot be shown to the sandbox as ${at}: it is not there`, { cause: error })
    })
    const isFolder = (await stat(from)).isDirectory()
    binds.push({ type: isFolder ? 'folder' : 'file', from, at })
  }
  return binds
}

function requireInsidePath(at: string): void {
  if (!at.startsWith('/') || posix.normalize(at) !== at || at.endsWith('/'))
    throw new PrerequisiteError(`${at} is no path for a read-only folder: write it absolute and without . or ..`)
  const covered =
    ownPaths.find((own) => isAtOrBelow(own, at) || isAtOrBelow(at, own)) ??
    systemPaths.find((system) => isAtOrBelow(system, at))
  if (covered !== undefined)
    throw new PrerequisiteError(`a read-only folder cannot be shown as ${at}: the sandbox has its own ${covered}`)
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** Where a path that `readOnly` promises is found in a sandbox that cannot show it there; others stay as they are. */
export function resolveOnHost(binds: readonly Bind[], insidePath: string): string {
  const bind = binds.filter((each) => isAtOrBelow(insidePath, each.at)).at(-1)
  return bind === undefined ? insidePath : bind.from + insidePath.slice(bind.at.length)
}
