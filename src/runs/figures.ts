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
/** Providers refuse requests that are larger. */
const largestTotalBytes = 12 * 1024 * 1024

/** How files of each type begin; what begins otherwise is refused by providers, and the whole call with it. */
const signatures: Readonly<Record<string, (start: string) => boolean>> = {
  'image/png': (start) => start.startsWith('\x89PNG\r\n\x1a\n'),
  'image/jpeg': (start) => start.startsWith('\xff\xd8\xff'),
  'image/gif': (start) => start.startsWith('GIF87a') || start.startsWith('GIF89a'),
  'image/webp': (start) => start.startsWith('RIFF') && start.endsWith('WEBP'),
}

/** The figures beside a trial's paper that a model can be shown, sorted by name: at most 20, of at most 4 MiB each and 12 MiB in all. */
export async function readFigures(trialFolder: string): Promise<Figure[]> {
  const folder = join(trialFolder, 'results')
  const figures: Figure[] = []
  let totalBytes = 0
  for (const { path, kind, bytes } of await listFiles(folder)) {
    const mediaType = imageTypes[extname(path).toLowerCase()]
    if (kind !== 'file' || mediaType === undefined || bytes === 0 || bytes > largestFigureBytes) continue
    if (figures.length === mostFigures || totalBytes + bytes > largestTotalBytes) break
    const content = await readFile(join(folder, path))
    if (!signatures[mediaType]?.(content.subarray(0, 12).toString('latin1'))) continue
    totalBytes += bytes
    figures.push({ name: path, base64: content.toString('base64'), mediaType })
  }
  return figures
}
