import type { PathIndex } from './path-index.ts'

/**
 * Files of the work that importing `module` from the file `from` runs: the module, and the `__init__` of the packages above it.
 * A module is looked for beside the importer and in the folders above it, then anywhere as the only path that ends with it.
 * @param module as written: `a.b`, `.b`, `..a`
 * @param options.exact leaves the packages above out where the module itself is no file: `from a import name`
 */
export function findModule(
  module: string,
  options: { readonly from: string; readonly paths: PathIndex; readonly exact?: boolean },
): string[] {
  const { from, paths, exact = false } = options
  const dots = /^\.{0,20}/.exec(module)?.[0].length ?? 0
  const names = module
    .slice(dots)
    .split('.')
    .filter((name) => name !== '')
  if (names.length > 20) return []
  const folders = from.split('/').slice(0, -1)
  if (dots > 0) {
    const base = folders.slice(0, Math.max(0, folders.length - (dots - 1)))
    return inFolder(base, names, { paths, exact })
  }
  if (names.length === 0) return []
  for (let depth = folders.length; depth >= 0; depth--) {
    const found = inFolder(folders.slice(0, depth), names, { paths, exact })
    if (found.length > 0) return found
  }
  const tail = names.join('/')
  const hits = [...paths.endingWith(`${tail}.py`), ...paths.endingWith(`${tail}/__init__.py`)]
  return hits.length === 1 ? hits : []
}

function inFolder(
  folder: readonly string[],
  names: readonly string[],
  { paths, exact }: { paths: PathIndex; exact: boolean },
): string[] {
  const found: string[] = []
  for (let length = 1; length <= names.length; length++) {
    const path = [...folder, ...names.slice(0, length)].join('/')
    const isLast = length === names.length
    const hit = [`${path}/__init__.py`, ...(isLast ? [`${path}.py`] : [])].filter((candidate) => paths.has(candidate))
    if (isLast && exact && hit.length === 0) return []
    found.push(...hit)
  }
  return found
}
