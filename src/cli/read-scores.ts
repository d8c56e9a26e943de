import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { type HumanRow, type JudgeRow, readScoreTable } from '../studies/human-csv.ts'

export interface ScoreFiles {
  readonly humans: readonly HumanRow[]
  readonly judges: readonly JudgeRow[]
  /** Tables of a folder that hold no such marks, with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[]
}

/**
 * Reads marks from CSV: one file, or every table of a folder. Which tables hold people's marks and which judges' is told by their columns.
 * @throws PrerequisiteError when a named file, or every table of the folder, holds none
 */
export async function readScoreFiles(path: string, dimensions: readonly string[]): Promise<ScoreFiles> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new PrerequisiteError(`${path} cannot be read: ${describeError(cause)}`, { cause })
  })
  const files = stats.isDirectory()
    ? (await readdir(path))
        .filter((name) => name.toLowerCase().endsWith('.csv'))
        .toSorted()
        .map((name) => join(path, name))
    : [path]
  const humans: HumanRow[] = []
  const judges: JudgeRow[] = []
  const skipped: { file: string; reason: string }[] = []
  for (const file of files) {
    try {
      const table = readScoreTable(await readFile(file, 'utf8'), dimensions, { source: basename(file) })
      if (table.kind === 'human') humans.push(...table.rows)
      else judges.push(...table.rows)
    } catch (error) {
      if (!stats.isDirectory() || !(error instanceof PrerequisiteError)) throw error
      skipped.push({ file: basename(file), reason: error.message })
    }
  }
  if (humans.length + judges.length === 0)
    throw new PrerequisiteError([`${path} holds no table of marks`, ...skipped.map(({ reason }) => reason)].join('; '))
  return { humans, judges, skipped }
}
