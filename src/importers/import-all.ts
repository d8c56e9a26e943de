import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing, makeFolder, syncFolder } from '../base/files.ts'
import type { ImportFormat } from '../schema/run.ts'
import { openStaging, sweepStaging } from '../tasks/staging.ts'
import { openArchive } from './archive.ts'
import { syncTrees } from './draft-folder.ts'
import type { ImportReport } from './import-report.ts'
import type { Importer, ImportOptions, SkippedFile, SourceContent } from './importer.ts'
import { importers } from './index.ts'
import { topFolders } from './mlr-bench/layout.ts'
import { openSource, type Source } from './source.ts'
import { type DraftedRun, draftRun, identifyRun, type ImportTarget } from './write-run.ts'

export interface ImportRequest {
  /** Archive (.tar, .tar.gz) or folder. */
  readonly from: string
  readonly logDir: string
  /** Null: whichever layout it has. */
  readonly format: ImportFormat | null
  readonly options: ImportOptions
  readonly versions: ImportTarget['versions']
  readonly signal: AbortSignal
  /** Told what is done now. */
  readonly note: (line: string) => void
}

export interface ImportedRun {
  /** `present`: the same run was imported before, and nothing was changed. */
  readonly status: 'imported' | 'present'
  readonly folder: string
  readonly report: ImportReport
}

export interface ImportResult {
  readonly format: ImportFormat
  readonly runs: readonly ImportedRun[]
  /** Regular files of the source. */
  readonly files: number
  /** What went into no run, and what of a run's files could not be used. */
  readonly skipped: readonly SkippedFile[]
}

/**
 * Brings a foreign source into the log dir, a run at a time: each appears whole or not at all, and one that is there from the
 * same files is left as it is.
 * @throws PrerequisiteError when the source is not there or has no known layout, when nothing can be written to the log dir, and
 *   when it has another run of the same name: then nothing is written
 */
export async function importAll(request: ImportRequest): Promise<ImportResult> {
  const { signal, note } = request
  await prepareLogDir(request.logDir)
  await using opened = await openFrom(request)
  const { source } = opened
  const importer = chooseImporter(source, request.format)
  const content = await importer.list(source, request.options)
  if (content.runs.length === 0)
    throw new PrerequisiteError(`${source.name} holds no runs that can be imported as ${importer.format}`)
  requireDistinct(content)

  const { logDir, versions } = request
  const target: ImportTarget = { logDir, source, createdAt: new Date().toISOString(), versions, signal }
  const identified = []
  for (const run of content.runs) identified.push(await identifyRun(run, target))
  const runs: ImportedRun[] = []
  await using drafts = new AsyncDisposableStack()
  const drafted: DraftedRun[] = []
  for (const one of identified) {
    signal.throwIfAborted()
    const { run, folder, present } = one
    await sweepStaging(folder)
    if (present !== null) {
      note(`${run.id}: there already, from the same files`)
      runs.push({ status: 'present', folder, report: present })
      continue
    }
    note(`${run.id}: ${run.trials.length} trials from ${run.files.length} files`)
    const draft = drafts.use(await draftRun(one, target))
    drafted.push(draft)
    runs.push({ status: 'imported', folder, report: draft.report })
  }
  // once for all runs: what is synced is the whole file system
  await syncTrees(drafted.map(({ draftFolder }) => draftFolder))
  for (const draft of drafted) await draft.keep()
  await syncFolder(resolve(logDir))
  const skipped = [
    ...opened.refused,
    ...content.skipped,
    ...runs.flatMap(({ report }) => report.skipped),
    ...unknownFiles(source, content),
  ]
  return { format: importer.format, runs, files: source.at('').files().length, skipped: withoutRepeats(skipped) }
}

interface OpenedSource extends AsyncDisposable {
  readonly source: Source
  readonly refused: readonly SkippedFile[]
}

/** Opens a folder as it lies there, or an archive unpacked beside the runs; disposing removes what was unpacked. */
async function openFrom({ from, logDir, signal, note }: ImportRequest): Promise<OpenedSource> {
  const path = resolve(from)
  const stats = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) throw new PrerequisiteError(`there is nothing at ${path}: give an archive or a folder`)
    throw error
  })
  if (stats.isDirectory()) {
    const { source, refused } = await openSource(await findRelease(path), basename(path))
    return { source, refused, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  if (!stats.isFile()) throw new PrerequisiteError(`${path} is neither an archive nor a folder`)
  const place = join(resolve(logDir), 'import')
  await sweepStaging(place)
  const staging = await openStaging(place)
  try {
    note(`unpacking ${basename(path)}`)
    const opened = await openArchive(path, join(staging.folder, 'pack'), { name: basename(path), signal })
    return {
      source: opened.source,
      refused: opened.refused,
      async [Symbol.asyncDispose]() {
        opened[Symbol.dispose]()
        await staging[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await staging[Symbol.asyncDispose]()
    throw error
  }
}

/** A folder that holds the release and nothing else stands for it, as an unpacked archive may lie. */
async function findRelease(folder: string): Promise<string> {
  const [only, ...others] = await readdir(folder, { withFileTypes: true })
  if (only === undefined || others.length > 0 || !only.isDirectory()) return folder
  const inner = join(folder, only.name)
  return (await readdir(inner)).some((name) => topFolders.includes(name)) ? inner : folder
}

function chooseImporter(source: Source, format: ImportFormat | null): Importer {
  if (format !== null) return importers[format]
  const found = Object.values(importers).find((importer) => importer.detect(source))
  if (found === undefined)
    throw new PrerequisiteError(
      `${source.name} has none of the layouts that can be imported (${Object.keys(importers).join(', ')}): give the folder that holds the work itself`,
    )
  return found
}

async function prepareLogDir(logDir: string): Promise<void> {
  try {
    await makeFolder(resolve(logDir))
  } catch (cause) {
    throw new PrerequisiteError(`no run can be kept in ${logDir}: choose another --log-dir`, { cause })
  }
}

function requireDistinct({ runs }: SourceContent): void {
  const seen = new Set<string>()
  for (const { id } of runs) {
    // file systems may not tell letter case apart
    if (seen.has(id.toLowerCase())) throw new Error(`two runs of the source would be called ${id}`)
    seen.add(id.toLowerCase())
  }
}

/** Files that no run reads and no importer gave a reason for. */
function unknownFiles(source: Source, { runs, skipped }: SourceContent): SkippedFile[] {
  const known = new Set([...runs.flatMap(({ files }) => files), ...skipped].map(({ path }) => path))
  return source
    .at('')
    .files()
    .filter((path) => !known.has(path))
    .map((path) => ({ path, reason: 'not part of the layout' }))
}

/** A file may be read for several runs. */
function withoutRepeats(skipped: readonly SkippedFile[]): SkippedFile[] {
  return [...new Map(skipped.map((file) => [`${file.path}\n${file.reason}`, file])).values()]
}
