import { posix } from 'node:path'

const givenFiles = new Set(['task.md', 'idea.md', 'related_work.md', 'proposal.md'])

/** Longer ones exist on no system, and would be walked up for very long. */
const longestPath = 4_096

/**
 * Where an agent worked, by the paths it touched: the folder with the files it was given and read first, or else the lowest one
 * that holds all. Null when there is none, or only the root of everything.
 */
export function guessRoot(touched: readonly string[]): string | null {
  const paths = touched.filter((path) => path.length <= longestPath && posix.isAbsolute(path))
  const given = paths.find((path) => givenFiles.has(posix.basename(path)))
  if (given !== undefined) return posix.dirname(given)
  const [first] = paths
  if (first === undefined) return null
  let root = posix.dirname(first)
  while (root !== '/' && !paths.every((path) => path.startsWith(`${root}/`))) root = posix.dirname(root)
  return root === '/' ? null : root
}
