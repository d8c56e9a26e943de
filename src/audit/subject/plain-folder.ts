import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../../base/files.ts'

/** Whether a folder below another is there, and is neither a link nor reached through one: a run that came from elsewhere may point anywhere. */
export async function isPlainFolder(base: string, path: string): Promise<boolean> {
  try {
    const real = await realpath(join(base, path))
    return real === join(await realpath(base), path) && (await stat(real)).isDirectory()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
