import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { makeFolder } from '../base/files.ts'
import { hashJson } from '../base/hash.ts'
import { listPrompts, loadPrompt } from '../prompts/prompt.ts'
import { loadRubric } from '../rubrics/rubric.ts'
import { createRun } from '../runs/run-store.ts'
import type { RunConfig } from '../schema/config.ts'
import type { RunRecord } from '../schema/run.ts'
import type { Task } from '../tasks/load-tasks.ts'
import { version } from './context.ts'

/** A new run's record: what it will do, and with which versions of everything. */
export async function describeRun(
  config: RunConfig,
  tasks: readonly Task[],
  name: string | undefined,
): Promise<RunRecord> {
  const createdAt = new Date().toISOString()
  return {
    schema: 'mlrbench/run@1',
    id:
      name ??
      `${createdAt.slice(0, 19).replace('T', '-').replaceAll(':', '')}-${hashJson([config, createdAt]).slice(0, 4)}`,
    createdAt,
    config,
    tasks: tasks.map(({ id, title, source, sha256 }) => ({ id, title, source, sha256 })),
    prompts: Object.fromEntries(
      await Promise.all((await listPrompts()).map(async (id) => [id, (await loadPrompt(id)).hash] as const)),
    ),
    rubrics: Object.fromEntries(
      await Promise.all(config.rubrics.map(async (id) => [id, (await loadRubric(id)).hash] as const)),
    ),
    versions: { mlrbench: version, node: process.version, ai: libraryVersion('ai') },
    git: await readGit(),
    imported: null,
  }
}

/** Makes the run's folder. Throws PrerequisiteError when the log dir cannot be written, or has a run of that name. */
export async function startRun(logDir: string, record: RunRecord, tasks: readonly Task[]): Promise<string> {
  try {
    await makeFolder(logDir)
    await access(logDir, constants.W_OK)
  } catch (cause) {
    throw new PrerequisiteError(`no run can be kept in ${logDir}: ${describeError(cause)}. Choose another --log-dir`, {
      cause,
    })
  }
  return createRun(logDir, record, new Map(tasks.map(({ id, text }) => [id, text])))
}

function libraryVersion(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string }
  return manifest.version
}

const execute = promisify(execFile)

/** Null where there is no git or no checkout. */
async function readGit(): Promise<RunRecord['git']> {
  try {
    const { stdout: commit } = await execute('git', ['rev-parse', 'HEAD'])
    const { stdout: changes } = await execute('git', ['status', '--porcelain'])
    return { commit: commit.trim(), dirty: changes.trim() !== '' }
  } catch {
    return null
  }
}
