import { posix } from 'node:path'
import { isCodePath } from '../evidence/text-kinds.ts'
import type { AuditFile } from '../subject/subject.ts'

/** Code beyond this is not looked through: each file is searched for the names of all others. */
const mostFiles = 100
const longestText = 100_000
const shortestName = 3

export interface CodeReach {
  /** Whether a script, or code that it names or imports, names a file. A guess: names may be built while it runs. */
  names(script: string, path: string): boolean
}

/** What code of a work names, as far as its text shows. */
export function openCodeReach(files: readonly AuditFile[]): CodeReach {
  const code = files
    .filter(({ path }) => isCodePath(path))
    .slice(0, mostFiles)
    .map(({ path, text }) => ({ path, text: text.slice(0, longestText), stem: stemOf(path) }))
  const byPath = new Map(code.map((file) => [file.path, file]))
  const reached = new Map<string, readonly string[]>()
  return {
    names(script, path) {
      const texts = reached.get(script) ?? reach(script)
      reached.set(script, texts)
      return texts.some((text) => text.includes(posix.basename(path)))
    },
  }

  function reach(script: string): string[] {
    const seen = new Set([script])
    const texts: string[] = []
    // the set grows while it is walked
    for (const path of seen) {
      const text = byPath.get(path)?.text
      if (text === undefined) continue
      texts.push(text)
      for (const other of code)
        if (!seen.has(other.path) && other.stem.length >= shortestName && text.includes(other.stem))
          seen.add(other.path)
    }
    return texts
  }
}

function stemOf(path: string): string {
  return posix.basename(path, posix.extname(path))
}
