import { extname, join } from 'node:path'
import { isMissing, listFiles } from '../../base/files.ts'
import { readBounded } from './read-bounded.ts'
import type { AuditFile, AuditSubject } from './subject.ts'

type LeftOut = AuditSubject['leftOut'][number]

/** A paper may have 5 MB; a log that is longer says nothing more in its middle. */
const largestFileBytes = 8 * 1024 * 1024
const largestTotalBytes = 96 * 1024 * 1024
const mostFiles = 20_000

const skippedFolders =
  /(?:^|\/)(?:\.git|\.cache|node_modules|__pycache__|\.venv|venv|site-packages|\.ipynb_checkpoints)\//
const binary = new Set(
  '.png .jpg .jpeg .gif .webp .svg .eps .ps .bmp .tif .tiff .ico .pt .pth .bin .safetensors .ckpt .pkl .pickle .joblib .npy .npz .h5 .hdf5 .parquet .arrow .feather .onnx .zip .gz .tgz .bz2 .xz .tar .7z .so .o .pyc .whl .mp3 .mp4 .wav .avi .ttf .woff .woff2 .db .sqlite .docx .xlsx .pptx'.split(
    ' ',
  ),
)

/**
 * Every text below a folder, sorted by path; bytes that are neither UTF-8 nor UTF-16 with its mark become replacement marks. Links are never followed. What is not read is
 * named, but for figures, models and archives, and what packages and version control leave.
 */
export async function readTexts(folder: string): Promise<{ files: AuditFile[]; leftOut: LeftOut[] }> {
  const files: AuditFile[] = []
  const leftOut: LeftOut[] = []
  let total = 0
  const listed = await listFiles(folder, { mostFiles })
  for (const { path, kind, bytes } of listed) {
    if (skippedFolders.test(path) || binary.has(extname(path).toLowerCase())) continue
    const leave = (reason: string): void => void leftOut.push({ path, bytes, reason })
    if (kind !== 'file') leave(kind === 'link' ? 'a link, which is not followed' : 'no regular file')
    else if (path.endsWith('.pdf')) continue
    else if (bytes > largestFileBytes) leave(`larger than ${largestFileBytes / 1024 ** 2} MiB`)
    else if (total + bytes > largestTotalBytes) leave(`beyond ${largestTotalBytes / 1024 ** 2} MiB of text`)
    else {
      const content = await readBounded(join(folder, path), largestFileBytes).catch(whyUnread)
      const text = typeof content === 'string' ? null : decode(content)
      if (typeof content === 'string') leave(content)
      else if (text === null) leave('binary, whatever its name says')
      else {
        files.push({ path, text })
        total += content.length
      }
    }
  }
  if (listed.length === mostFiles)
    leftOut.push({ path: '.', bytes: 0, reason: `only the first ${mostFiles} files and folders were listed` })
  return { files, leftOut }
}

/** One text of a folder, by its name; null where there is none, or it is a link, no text, or too large. */
export async function readOneText(folder: string, path: string): Promise<string | null> {
  const content = await readBounded(join(folder, path), largestFileBytes).catch(whyUnread)
  return typeof content === 'string' ? null : decode(content)
}

/** UTF-8, or what a byte order mark announces: shells of Windows write UTF-16. Null for what is no text. */
function decode(content: Buffer): string | null {
  const isLittle = content[0] === 0xff && content[1] === 0xfe
  if (isLittle || (content[0] === 0xfe && content[1] === 0xff))
    return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(content)
  return content.subarray(0, 8_192).includes(0) ? null : content.toString('utf8').replace(/^\uFEFF/, '')
}

/** What became of a file since it was listed, or who may read it, is no fault of ours. */
function whyUnread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read'
  if (code === 'EISDIR') return 'no regular file'
  if (code === 'ELOOP' || isMissing(error)) return 'gone since it was listed'
  throw error
}
