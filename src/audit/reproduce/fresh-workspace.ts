import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { listFiles } from '../../base/files.ts'

export interface FreshWorkspace extends AsyncDisposable {
  readonly folder: string
  /** Paths that were copied. */
  readonly given: ReadonlySet<string>
  readonly notes: readonly string[]
}

const mostFiles = 50_000

/** A work that cannot be copied whole: what runs in it would not be what ran then. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

/**
 * A new temporary folder with the files of a work, but for those that are to be made anew. Links are left out, and so is compiled code, which
 * may be of another source than lies beside it. The folders of what was left out are there.
 * @param options.withhold paths, relative to `from`, that are not copied
 * @param options.mostBytes of all files together
 * @throws TooLargeError beyond that, or beyond 50,000 files
 */
export async function openFreshWorkspace(
  from: string,
  options: { readonly withhold: (path: string) => boolean; readonly mostBytes: number },
): Promise<FreshWorkspace> {
  const listed = await listFiles(from, { mostFiles })
  if (listed.length >= mostFiles) throw new TooLargeError(`it has more than ${mostFiles} files`)
  const kept = listed.filter(({ path }) => !/(?:^|\/)(?:\.git|__pycache__)\//.test(path))
  const files = kept.filter(({ path, kind }) => kind === 'file' && !options.withhold(path))
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (bytes > options.mostBytes)
    throw new TooLargeError(`its ${bytes} bytes are more than the ${options.mostBytes} that a workspace may have`)
  const others = kept.filter(({ kind }) => kind !== 'file').map(({ path }) => path)
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mlrbench-reproduce-')))
  try {
    for (const parent of new Set(kept.map(({ path }) => dirname(path))))
      await mkdir(join(folder, parent), { recursive: true })
    for (const { path } of files) await copyPlain(join(from, path), join(folder, path))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    given: new Set(files.map(({ path }) => path)),
    notes:
      others.length === 0
        ? []
        : [
            `not copied, since links are not followed and only files can be: ${others.slice(0, 5).join(', ')}${others.length > 5 ? ` and ${others.length - 5} more` : ''}`,
          ],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function copyPlain(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  // archives lose the mode of scripts; nothing becomes someone else's
  await chmod(to, 0o755)
}
