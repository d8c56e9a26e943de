import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { listFiles } from '../base/files.ts'

export interface Figure {
  /** Relative to the paper, as the paper names it. */
  readonly name: string
  readonly base64: string
  readonly mediaType: string
}

const imageTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}
const mostFigures = 20
const largestFigureBytes = 4 * 1024 * 1024

/** The figures beside a trial's paper that a model can be shown, sorted by name: at most 20, of at most 4 MiB each. */
export async function readFigures(trialFolder: string): Promise<Figure[]> {
  const folder = join(trialFolder, 'results')
  const figures: Figure[] = []
  for (const { path, kind, bytes } of await listFiles(folder)) {
    const mediaType = imageTypes[extname(path).toLowerCase()]
    if (kind !== 'file' || mediaType === undefined || bytes === 0 || bytes > largestFigureBytes) continue
    if (figures.length === mostFigures) break
    figures.push({ name: path, base64: (await readFile(join(folder, path))).toString('base64'), mediaType })
  }
  return figures
}
