import { listAt } from '../../base/list-at.ts'
/** Paths of the work's code, found by the whole path or by how it ends. */
export interface PathIndex {
  readonly paths: readonly string[]
  has(path: string): boolean
  /** Paths that are `tail` or end with `/tail`. */
  endingWith(tail: string): readonly string[]
}

export function indexPaths(paths: readonly string[]): PathIndex {
  const all = new Set(paths)
  const byName = new Map<string, string[]>()
  for (const path of paths) {
    const name = baseName(path)
    listAt(byName, name).push(path)
  }
  return {
    paths,
    has: (path) => all.has(path),
    endingWith: (tail) =>
      (byName.get(baseName(tail)) ?? []).filter((path) => path === tail || path.endsWith(`/${tail}`)),
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
