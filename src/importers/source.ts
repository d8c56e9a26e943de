import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'

/** A folder that is imported: its files by path, read one at a time. All paths are relative to it, with forward slashes. */
export interface Source {
  /** Of the archive or folder, for messages and reports. */
  readonly name: string
  /** The folder in which the layout to be read begins: '' or `a/b`. */
  readonly root: string
  has(path: string): boolean
  /** Length of a file in bytes; null for one that is not there. */
  bytes(path: string): number | null
  /** Content of a file. Rejects for one that is not there. */
  read(path: string): Promise<Buffer>
  /** Content as text, a byte order mark included; bytes that are not UTF-8 become replacement characters. */
  readText(path: string): Promise<string>
  /** SHA-256 of a file's bytes; each file is hashed once. */
  hash(path: string): Promise<string>
  /** Whole paths of the files at any depth below a folder (default: the root), in code-unit order. */
  files(folder?: string): readonly string[]
  /** Names of the folders directly in a folder (default: the root), in code-unit order of their files. */
  folders(folder?: string): readonly string[]
  /** The same source with another root. */
  at(root: string): Source
}

/** Opens a folder for import. What is no regular file is refused and said; links are never followed. */
export async function openSource(
  folder: string,
  name: string,
): Promise<{ source: Source; refused: { readonly path: string; readonly reason: string }[] }> {
  const listed = await listFiles(folder)
  const refused = listed
    .filter(({ kind }) => kind !== 'file')
    .map(({ path, kind }) => ({ path, reason: kind === 'link' ? 'a link, never followed' : 'no regular file' }))
  const sizes = new Map(listed.filter(({ kind }) => kind === 'file').map(({ path, bytes }) => [path, bytes]))
  return { source: makeSource({ name, sizes, read: (path) => readFile(join(folder, path)) }), refused }
}

/** Where a source's files come from. */
export interface SourceFiles {
  readonly name: string
  /** Bytes of every file, by path. */
  readonly sizes: ReadonlyMap<string, number>
  /** Content of a file that is in `sizes`. */
  read(path: string): Promise<Buffer>
}

export function makeSource(files: SourceFiles): Source {
  const paths = [...files.sizes.keys()].toSorted((a, b) => (a < b ? -1 : 1))
  return view({ ...files, paths, hashes: new Map() }, '')
}

interface Contents extends SourceFiles {
  /** Sorted, so that a folder's files stand together. */
  readonly paths: readonly string[]
  /** Filled as files are read. */
  readonly hashes: Map<string, string>
}

function view(contents: Contents, root: string): Source {
  const { name, sizes, paths, hashes } = contents
  const read = async (path: string): Promise<Buffer> => {
    if (!sizes.has(path)) throw new Error(`${name} holds no file ${path}`)
    const bytes = await contents.read(path)
    if (!hashes.has(path)) hashes.set(path, sha256(bytes))
    return bytes
  }
  const files = (below = root): readonly string[] => {
    if (below === '') return paths
    const start = firstFrom(paths, `${below}/`)
    // '0' is what follows '/' in code-unit order
    return paths.slice(start, firstFrom(paths, `${below}0`))
  }
  return {
    name,
    root,
    has: (path) => sizes.has(path),
    bytes: (path) => sizes.get(path) ?? null,
    read,
    readText: async (path) => (await read(path)).toString('utf8'),
    async hash(path) {
      const known = hashes.get(path)
      return known ?? sha256(await read(path))
    },
    files,
    folders(below = root) {
      const length = below === '' ? 0 : below.length + 1
      return [
        ...new Set(
          files(below).flatMap((path) => {
            const end = path.indexOf('/', length)
            return end === -1 ? [] : [path.slice(length, end)]
          }),
        ),
      ]
    },
    at: (other) => view(contents, other),
  }
}

/** Position of the first path that is not before `bound`. */
function firstFrom(paths: readonly string[], bound: string): number {
  let [low, high] = [0, paths.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((paths[middle] ?? '') < bound) low = middle + 1
    else high = middle
  }
  return low
}
