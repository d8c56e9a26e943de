import { posix } from 'node:path'

export interface ExpandedLatex {
  readonly text: string
  /** What could not be put in, each a clause. */
  readonly notes: readonly string[]
}

const deepest = 10
const include =
  /\\(?:input|include|subfile)\s*\{([^{}]*)\}|\\input\s+([^\s\\{}%]+)|\\(?:sub)?import\*?\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g
const folderOf = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path))

/**
 * Puts the files in that a LaTeX text includes, as far as they lie in its own folder or below.
 * @param main path of the text within the folder
 * @param read text of a file by its path within the folder; null for none
 * @param mostCharacters of the whole; it stops there
 */
export async function expandInputs(
  main: string,
  read: (path: string) => Promise<string | null>,
  mostCharacters: number,
): Promise<ExpandedLatex | null> {
  const notes = new Set<string>()
  let left = mostCharacters
  const text = await readIn(main, [])
  return text === null ? null : { text, notes: [...notes] }

  async function readIn(path: string, within: readonly string[]): Promise<string | null> {
    const source = await read(path)
    if (source === null) return null
    left -= source.length
    const parts: string[] = []
    for (const line of source.split('\n')) parts.push(await expandLine(line, [...within, path]))
    return parts.join('\n')
  }

  async function expandLine(line: string, within: readonly string[]): Promise<string> {
    const comment = /(?<!\\)%/.exec(line)?.index ?? line.length
    let expanded = ''
    let from = 0
    for (const match of line.slice(0, comment).matchAll(include)) {
      const [all, braced, bare, folder, file] = match
      const name = posix.join(folder ?? '', (braced ?? bare ?? file ?? '').trim())
      expanded += line.slice(from, match.index) + ((await insert(name, within)) ?? '')
      from = match.index + all.length
    }
    return expanded + line.slice(from)
  }

  async function insert(name: string, within: readonly string[]): Promise<string | null> {
    const path = posix.join(folderOf(main), name)
    if (path.startsWith('..') || posix.isAbsolute(name)) return leaveOut('a file outside the folder is not put in')
    if (within.length >= deepest) return leaveOut(`a file included more than ${deepest} deep is not put in`)
    if (left <= 0)
      return leaveOut(`the paper is longer than ${mostCharacters} characters: the rest of its files is left out`)
    const paths = /\.\w+$/.test(path) ? [path, `${path}.tex`] : [`${path}.tex`, path]
    for (const candidate of paths) {
      if (within.includes(candidate)) return leaveOut('a file that includes itself is put in once')
      const text = await readIn(candidate, within)
      if (text !== null) return text
    }
    return leaveOut('a file that the paper includes is missing')
  }

  function leaveOut(note: string): null {
    notes.add(note)
    return null
  }
}
