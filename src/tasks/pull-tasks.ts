import { readdir, realpath, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { PrerequisiteError, describeError } from '../base/errors.ts'
import { isMissing, makeFolder, writeJson } from '../base/files.ts'
import { hashJson, sha256 } from '../base/hash.ts'
import { type Catalogue, loadCatalogue } from './catalogue.ts'
import { openStaging, sweepStaging } from './staging.ts'
import {
  type TaskSetManifest,
  compareWithCatalogue,
  describeDifferences,
  firstNames,
  isComplete,
  manifestName,
  verifyTasks,
} from './task-set.ts'
import { type PullProgress, readTaskSource } from './task-source.ts'

export interface PullOptions {
  /** URL, archive or folder; null or absent: the pinned release. */
  readonly from?: string | null
  /** The data set's folder. Parents are made; what is there is replaced only if it is a damaged data set. */
  readonly to: string
  /** Default: the one shipped with the package. */
  readonly catalogue?: Catalogue
  readonly signal?: AbortSignal
  /** Longest silence of a server, in milliseconds; default 60,000. */
  readonly stallTimeoutMs?: number
  /** Called for every chunk received: throttle what is shown. */
  readonly onProgress?: (progress: PullProgress) => void
}

/**
 * Fetches the texts of the benchmark's tasks, checks every one against the catalogue, and puts them in place as a
 * whole: at any moment, also after a kill, the folder holds a complete data set or what it held before. A data set that
 * is complete already is never moved; only its manifest is renewed.
 * Rejects with a PrerequisiteError when the source, its content or the destination is not right; with the signal's
 * reason when aborted. Nothing is retried.
 */
export async function pullTasks(options: PullOptions): Promise<TaskSetManifest> {
  const { catalogue = loadCatalogue(), signal, stallTimeoutMs = 60_000 } = options
  let progress: PullProgress = { step: 'receiving', receivedBytes: 0, totalBytes: null, tasks: 0 }
  const onProgress = (next: PullProgress): void => {
    progress = next
    options.onProgress?.(next)
  }
  const from = options.from ?? catalogue.source.archiveUrl
  const destination = await prepareDestination(options.to, catalogue)

  const received = await readTaskSource(from, { signal, stallTimeoutMs, onProgress })
  signal?.throwIfAborted()
  const hashes = new Map([...received.files].map(([id, bytes]) => [id, sha256(bytes)]))
  const comparison = compareWithCatalogue(hashes, catalogue)
  if (!isComplete(comparison)) {
    throw new PrerequisiteError(
      `The tasks from ${received.shownSource} are not the ${comparison.expected} of ${catalogue.source.repository} at ${catalogue.source.commit}: ${describeDifferences(comparison)}. Nothing was installed. Fetch the source again, or pull the pinned release ${catalogue.source.archiveUrl}`,
    )
  }

  const pinnedCommit = from === catalogue.source.archiveUrl ? catalogue.source.commit : null
  const manifest: TaskSetManifest = {
    schema: 'mlrbench/task-set@1',
    source: received.shownSource,
    commit: received.commit ?? pinnedCommit,
    pulledAt: new Date().toISOString(),
    count: comparison.expected,
    catalogueSha256: hashJson(catalogue),
  }
  await install(destination, {
    files: received.files,
    manifest,
    catalogue,
    beforeSwap() {
      onProgress({ ...progress, step: 'installing', tasks: manifest.count })
      signal?.throwIfAborted()
    },
  }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new PrerequisiteError(
      `The tasks cannot be stored in ${destination}: ${describeError(error)}. Check space and permissions there.`,
      {
        cause: error,
      },
    )
  })
  return manifest
}

/** Makes sure before the download that the tasks can be put there without taking away anything of the user's. */
async function prepareDestination(to: string, catalogue: Catalogue): Promise<string> {
  try {
    // a link to a folder elsewhere stays a link
    const destination = await realpath(to).catch((error: unknown) => {
      if (isMissing(error)) return resolve(to)
      throw error
    })
    await makeFolder(dirname(destination))
    await sweepStaging(destination)
    const names = await readdir(destination).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    })
    const ours = new Set([manifestName, ...catalogue.tasks.map((task) => `${task.id}.md`)])
    const foreign = names.filter((name) => !ours.has(name))
    if (foreign.length > 0 && !isComplete(await verifyTasks(destination, { catalogue }))) {
      throw new PrerequisiteError(
        `${destination} holds files that are not part of the data set: ${firstNames(foreign)}. Move them elsewhere, or pull into another folder.`,
      )
    }
    return destination
  } catch (error) {
    if (error instanceof PrerequisiteError) throw error
    throw new PrerequisiteError(`Tasks cannot be stored in ${to}: ${describeError(error)}. Choose another folder.`, {
      cause: error,
    })
  }
}

interface Installation {
  readonly files: ReadonlyMap<string, Buffer>
  readonly manifest: TaskSetManifest
  readonly catalogue: Catalogue
  /** Called when all is written and nothing is in place yet; may throw to give up. */
  readonly beforeSwap: () => void
}

async function install(destination: string, installation: Installation): Promise<void> {
  const { files, manifest, catalogue, beforeSwap } = installation
  await using staging = await openStaging(destination)
  await writeJson(join(staging.folder, manifestName), manifest)
  if (isComplete(await verifyTasks(destination, { catalogue }))) {
    await rename(join(staging.folder, manifestName), join(destination, manifestName))
    return
  }
  await Promise.all(
    [...files].map(([id, bytes]) => writeFile(join(staging.folder, `${id}.md`), bytes, { flag: 'wx', flush: true })),
  )
  beforeSwap()
  await staging.swapIn().catch(async (error: unknown) => {
    // another process may have pulled the same data set in the meantime
    if (!isComplete(await verifyTasks(destination, { catalogue }))) throw error
  })
}
