import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { readFolderSubject } from '../../audit/subject/read-folder.ts'
import { readTrialSubject } from '../../audit/subject/read-trial.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { PrerequisiteError } from '../../base/errors.ts'
import { listFiles, readTextIfPresent } from '../../base/files.ts'
import { listTrials, readRun } from '../../runs/run-store.ts'
import { guessTranscript } from '../../transcripts/guess-transcript.ts'

/** A piece of work to measure the audit on; read when it is its turn. */
export interface BenchInput {
  /** The folder's path with forward slashes, or `<run>:<trial>`: what labels are matched with. */
  readonly name: string
  /** Absolute; null for a trial of the run store. */
  readonly folder: string | null
  /** The trial within the run store; null for a folder. */
  readonly trial: { readonly runFolder: string; readonly id: string } | null
  /** Which coding agent worked, for grouping what is reported and for the baseline that knows nothing else; null where nothing says. */
  readonly coder: string | null
  readonly read: () => Promise<AuditSubject>
}

/**
 * What the command's arguments name: a run of the store by its id or folder stands for all of its trials, any other folder for itself.
 * @throws PrerequisiteError for what is neither, and for a run without trials
 */
export async function findInputs(names: readonly string[], logDir: string): Promise<BenchInput[]> {
  const inputs: BenchInput[] = []
  for (const name of names) {
    const isRun =
      (await readTextIfPresent(join(name, 'run.json'))) !== null ||
      (await readTextIfPresent(join(logDir, name, 'run.json'))) !== null
    inputs.push(...(isRun ? await findTrials(name, logDir) : [await folderInput(name)]))
  }
  const twice = inputs.find(({ name }, index) => inputs.findIndex((other) => other.name === name) < index)
  if (twice !== undefined) throw new PrerequisiteError(`${twice.name} is named twice; each piece of work counts once`)
  return inputs
}

async function findTrials(name: string, logDir: string): Promise<BenchInput[]> {
  const { folder, record } = await readRun(logDir, name)
  const ids = await listTrials(folder)
  if (ids.length === 0) throw new PrerequisiteError(`run ${record.id} has no trials`)
  const agents = new Map(record.config.agents.map((agent) => [agent.name, agent]))
  return ids.map((id) => {
    const agent = agents.get(id.split('/')[1] ?? '')
    return {
      name: `${record.id}:${id}`,
      folder: null,
      trial: { runFolder: folder, id },
      coder: agent === undefined ? null : agent.kind === 'imported' ? agent.system : agent.coder.kind,
      read: () => readTrialSubject(folder, id),
    }
  })
}

async function folderInput(name: string): Promise<BenchInput> {
  const folder = resolve(name)
  return {
    name: folder.replaceAll('\\', '/'),
    folder,
    trial: null,
    coder: await guessCoder(folder),
    read: () => readFolderSubject(folder),
  }
}

/** Larger files are no records of a session that the audit would read. */
const mostBytes = 64 * 2 ** 20

/** Whose record of the session lies in the folder, by the record's own marks. */
async function guessCoder(folder: string): Promise<string | null> {
  for (const { path, kind, bytes } of await listFiles(folder, { mostFiles: 20_000 })) {
    if (kind !== 'file' || path.includes('/') || bytes > mostBytes || !/\.(?:jsonl?|log|txt)$/.test(path)) continue
    const coder = guessTranscript(path, await readFile(join(folder, path), 'utf8'))
    if (coder !== null) return coder
  }
  return null
}

/** How reports name it: the last parts of its path, which tell systems and tasks apart. */
export function shortName(name: string): string {
  const parts = name.split('/')
  return parts.length <= 3 ? name : parts.slice(-3).join('/') || basename(name)
}
