import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing, readTextIfPresent } from '../base/files.ts'
import { hashJson, sha256 } from '../base/hash.ts'
import { recordedConfigSchema } from '../schema/config.ts'
import { type RunRecord, runRecordSchema, type TaskReference } from '../schema/run.ts'
import { loadCatalogue } from '../tasks/catalogue.ts'
import { titleOf } from '../tasks/task-title.ts'
import { type DraftFolder, openDraft } from './draft-folder.ts'
import { countNotes, type ImportReport, importReportSchema } from './import-report.ts'
import type { ImportNote, SkippedFile, SourceRun, SourceTask } from './importer.ts'
import type { Source } from './source.ts'
import { contentOf, type WrittenTrial, writeTrial } from './write-trial.ts'

export interface ImportTarget {
  readonly logDir: string
  readonly source: Source
  /** ISO 8601: the time of the import, the same for all its runs. */
  readonly createdAt: string
  /** Of this program and what it runs on. */
  readonly versions: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

export interface IdentifiedRun {
  readonly run: SourceRun
  readonly folder: string
  /** Over paths and contents of all files that are read for the run. */
  readonly sha256: string
  /** The report of the same run's earlier import; null when it is not there yet. */
  readonly present: ImportReport | null
}

/**
 * Hashes what a run is made of, and looks whether it is there already.
 * @throws PrerequisiteError when the log dir has another run of that name
 */
export async function identifyRun(run: SourceRun, { logDir, source }: ImportTarget): Promise<IdentifiedRun> {
  const hashes: [path: string, sha256: string][] = []
  const names = [...new Set(run.files.map(({ path }) => path))].toSorted()
  for (const path of names) hashes.push([path, await source.hash(path)])
  const identity = hashJson({ format: run.format, files: hashes })
  const folder = resolve(logDir, run.id)
  const text = await readTextIfPresent(join(folder, 'run.json'))
  if (text === null) {
    if (await isThere(folder))
      throw new PrerequisiteError(`${folder} is there and is no run: move it away, or give the new runs a --prefix`)
    return { run, folder, sha256: identity, present: null }
  }
  if (runRecordSchema.safeParse(JSON.parse(text)).data?.imported?.sha256 !== identity)
    throw new PrerequisiteError(
      `there is another run "${run.id}" in ${logDir}: import into another --log-dir, or give the new runs a --prefix`,
    )
  const report = await readTextIfPresent(join(folder, 'import.json'))
  if (report === null) throw new Error(`${folder} has no import.json any more: remove the run, and import it again`)
  return { run, folder, sha256: identity, present: importReportSchema.parse(JSON.parse(report)) }
}

/** Trials read at once: each may hold a transcript of some megabytes. */
const readingConcurrency = 8

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false
      throw error
    },
  )
}

/** A run that is written, and not yet in its place. Disposing removes it unless it was kept. */
export interface DraftedRun extends AsyncDisposable {
  readonly draftFolder: string
  /** What was read, made of it and left out, as `import.json` keeps it. */
  readonly report: ImportReport
  /** Puts it in its place. @throws PrerequisiteError when something of that name has come meanwhile */
  keep(): Promise<void>
}

/** Writes a run beside its place, whole: killed at any moment, there is the whole run or none. */
export async function draftRun(identified: IdentifiedRun, target: ImportTarget): Promise<DraftedRun> {
  const { folder } = identified
  const draft = await openDraft(folder)
  try {
    return {
      draftFolder: draft.folder,
      report: await fillDraft(draft, identified, target),
      async keep() {
        await draft.keep().catch((error: unknown) => {
          const code = error instanceof Error && 'code' in error ? String(error.code) : ''
          if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) throw error
          throw new PrerequisiteError(`${folder} came while the run was written: import again to see what is there`)
        })
      },
      [Symbol.asyncDispose]: () => draft[Symbol.asyncDispose](),
    }
  } catch (error) {
    await draft[Symbol.asyncDispose]()
    throw error
  }
}

async function fillDraft(
  draft: DraftFolder,
  { run, sha256: identity }: IdentifiedRun,
  target: ImportTarget,
): Promise<ImportReport> {
  const { source, createdAt } = target
  const tasks = await writeTasks(run.tasks, draft, source)
  for (const path of run.kept) draft.write(`source/${path}`, await source.read(path))

  const written: WrittenTrial[] = []
  const skipped: SkippedFile[] = []
  const notes: ImportNote[] = []
  await forEachBounded(
    run.trials,
    async (entry) => {
      const task = tasks.get(entry.task)
      const agent = run.agents.find(({ name }) => name === entry.agent)
      if (task === undefined || agent === undefined)
        throw new Error(`run ${run.id} has no task ${entry.task} or no agent ${entry.agent}`)
      const trial = await entry.read()
      const id = `${entry.task}/${entry.agent}/${entry.repeat}`
      written.push(await writeTrial(trial, { id, task, agent, repeat: entry.repeat }, { draft, source, createdAt }))
      skipped.push(...trial.skipped)
      notes.push(...trial.notes)
    },
    { concurrency: readingConcurrency, signal: target.signal },
  )

  const record = describeRun(run, [...tasks.values()], { identity, ...target })
  draft.writeJson('run.json', record)
  const sum = (count: (trial: WrittenTrial) => number): number => written.reduce((total, one) => total + count(one), 0)
  const report: ImportReport = {
    schema: 'mlrbench/import@1',
    run: run.id,
    format: run.format,
    sha256: identity,
    counts: {
      agents: run.agents.length,
      tasks: tasks.size,
      trials: written.length,
      artefacts: sum(({ artefacts }) => artefacts),
      events: sum(({ events }) => events),
      reviews: sum(({ reviews }) => reviews),
      humanReviews: sum(({ humanReviews }) => humanReviews),
    },
    read: countKinds(run, skipped),
    skipped: skipped.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    notes: countNotes(notes),
  }
  draft.writeJson('import.json', importReportSchema.parse(report))
  return report
}

async function writeTasks(
  tasks: readonly SourceTask[],
  draft: DraftFolder,
  source: Source,
): Promise<Map<string, TaskReference>> {
  const known = new Map(loadCatalogue().tasks.map((task) => [task.id, task.sha256]))
  const references = new Map<string, TaskReference>()
  for (const { id, text } of tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (text === null) {
      references.set(id, { id, title: id, source: 'unknown', sha256: null })
      continue
    }
    const bytes = await contentOf(text, source)
    draft.write(`tasks/${id}.md`, bytes)
    const hash = sha256(bytes)
    const title = titleOf(bytes.toString('utf8')) ?? id
    references.set(id, { id, title, source: known.get(id) === hash ? 'mlr-bench' : 'folder', sha256: hash })
  }
  return references
}

function describeRun(
  run: SourceRun,
  tasks: TaskReference[],
  options: { identity: string; createdAt: string; versions: ImportTarget['versions'] },
): RunRecord {
  const repeats = Math.max(1, ...run.trials.map(({ repeat }) => repeat))
  return runRecordSchema.parse({
    schema: 'mlrbench/run@1',
    id: run.id,
    createdAt: options.createdAt,
    config: recordedConfigSchema.parse({ agents: run.agents, stages: run.stages, repeats }),
    tasks,
    prompts: {},
    rubrics: {},
    versions: options.versions,
    git: null,
    imported: {
      format: run.format,
      sha256: options.identity,
      trials: run.trials.map(({ task, agent, repeat }) => `${task}/${agent}/${repeat}`).toSorted(),
    },
  })
}

/** Files of the run by kind; one that was skipped is counted with its reason instead. */
function countKinds(run: SourceRun, skipped: readonly SkippedFile[]): Record<string, number> {
  const left = new Set(skipped.map(({ path }) => path))
  const kinds = new Map<string, number>()
  for (const { path, kind } of run.files) if (!left.has(path)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  return Object.fromEntries([...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
