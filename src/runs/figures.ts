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
/** Forms of figures that no provider takes. */
const otherTypes = new Set(['.svg', '.pdf', '.eps', '.ps', '.tif', '.tiff', '.bmp'])
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

interface FigureFiles {
  readonly figures: Figure[]
  /** The others, with why they cannot be shown; paths relative to the paper. */
  readonly leftOut: { readonly name: string; readonly bytes: number; readonly reason: string }[]
}

/** The figures beside a trial's paper that a model can be shown, sorted by name: at most 20, of at most 4 MiB each and 12 MiB in all. */
export async function readFigures(trialFolder: string): Promise<Figure[]> {
  return (await listFigures(trialFolder)).figures
}

/** `readFigures`, with those that it leaves out. */
export async function listFigures(trialFolder: string): Promise<FigureFiles> {
  const folder = join(trialFolder, 'results')
  const found: FigureFiles = { figures: [], leftOut: [] }
  let totalBytes = 0
  for (const { path, kind, bytes } of await listFiles(folder)) {
    const type = extname(path).toLowerCase()
    const mediaType = imageTypes[type]
    if ((mediaType === undefined && !otherTypes.has(type)) || path === 'paper.pdf') continue
    const leaveOut = (reason: string): void => void found.leftOut.push({ name: path, bytes, reason })
    if (kind !== 'file') leaveOut('no regular file')
    else if (mediaType === undefined) leaveOut('not in a form that models are shown')
    else if (bytes === 0) leaveOut('empty')
    else if (bytes > largestFigureBytes) leaveOut('larger than 4 MiB')
    else if (found.figures.length === mostFigures) leaveOut('20 figures are shown at most')
    else if (totalBytes + bytes > largestTotalBytes) leaveOut('12 MiB of figures are shown at most')
    else {
      const content = await readFile(join(folder, path))
      if (!signatures[mediaType]?.(content.subarray(0, 12).toString('latin1'))) {
        leaveOut('not what its name says')
        continue
      }
      totalBytes += bytes
      found.figures.push({ name: path, base64: content.toString('base64'), mediaType })
    }
  }
  return found
}
