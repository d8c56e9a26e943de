import { posix } from 'node:path'

/** Tells which file of the work a command means, from what is known of its folders. */
export interface Places {
  /** Relative to the workspace where the file lies in it; absolute or as written where that cannot be known. */
  resolve(path: string, cwd: string): string
  /** The folder that `cd` leads to. */
  enter(path: string, cwd: string): string
  isKnown(path: string): boolean
  learn(path: string): void
  /** Known files that a word with `*` or `?` stands for; the word's own path where there is none of these. */
  expand(path: string, cwd: string): readonly string[]
}

const mostPaths = 2_000
const mostExpanded = 200
const longestPath = 4_096

/**
 * @param known files of the work and of the session, relative to the workspace
 * @param session its commands, in whose absolute paths the workspace's own place is guessed, and its `outerFolder`
 */
export function openPlaces(
  known: Iterable<string>,
  session: { readonly commands: readonly string[]; readonly outer: string },
): Places {
  const files = new Set<string>()
  const folders = new Set<string>()
  const learn = (path: string): void => {
    files.add(path)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.has(path.slice(0, end))) break
      folders.add(path.slice(0, end))
    }
  }
  for (const path of known) learn(path)
  const root = guessRoot(session.commands, (path) => files.has(path) || folders.has(path))
  const fromRoot = (path: string): string => {
    if (path === root || `${path}/` === session.outer) return '.'
    const inner = root !== null && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
    return session.outer !== '' && inner.startsWith(session.outer) ? inner.slice(session.outer.length) : inner
  }
  const place = (path: string, cwd: string, isThere: (path: string) => boolean): string => {
    if (posix.isAbsolute(path)) return fromRoot(trimEnd(posix.normalize(path)))
    const joined = trimEnd(fromRoot(posix.normalize(posix.join(cwd, path))))
    if (isThere(joined)) return joined
    // where each command starts anew in the workspace, an earlier `cd` means nothing
    const direct = trimEnd(fromRoot(posix.normalize(path)))
    if (isThere(direct)) return direct
    const folder = direct.slice(0, direct.indexOf('/'))
    const isElsewhere = folder !== '' && folders.has(folder) && !folders.has(posix.join(cwd, folder))
    return isElsewhere ? direct : joined
  }
  const resolve: Places['resolve'] = (path, cwd) => place(path, cwd, (at) => files.has(at))
  return {
    resolve,
    enter(path, cwd) {
      const folder = place(path, cwd, (at) => at === '.' || folders.has(at))
      return folder.length > longestPath ? '.' : folder
    },
    isKnown: (path) => files.has(path),
    learn,
    expand(path, cwd) {
      const whole = resolve(path, cwd)
      if (!/[*?]/.test(path) || files.has(whole)) return [whole]
      const found: string[] = []
      for (const file of files) {
        if (found.length < mostExpanded && matchesWildcards(file, whole)) found.push(file)
      }
      return found.length === 0 ? [whole] : found
    },
  }
}

function trimEnd(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** The folder before the known part of the absolute paths that commands name, by majority. */
function guessRoot(commands: readonly string[], isKnown: (path: string) => boolean): string | null {
  const votes = new Map<string, number>()
  let paths = 0
  for (const command of commands) {
    for (const [path] of command.slice(0, 20_000).matchAll(/(?<![\w.~$}-])\/[\w.@+/-]{1,300}/g)) {
      if ((paths += 1) > mostPaths) break
      const parts = path.split('/').filter((part) => part !== '')
      for (let index = 1; index < parts.length; index += 1) {
        const inside = parts.slice(index).join('/')
        if (!isKnown(inside)) continue
        const root = `/${parts.slice(0, index).join('/')}`
        votes.set(root, (votes.get(root) ?? 0) + parts.length - index)
        break
      }
    }
  }
  let best: string | null = null
  for (const [root, count] of votes) if (best === null || count > (votes.get(best) ?? 0)) best = root
  return best
}

/**
 * The folder in which the session ran its work, where the work was kept without it: the paths of the session then begin with it.
 * @returns with a slash at its end; empty where the paths are those of the work
 */
export function outerFolder(files: readonly string[], written: readonly string[]): string {
  const known = new Set(files)
  const votes = new Map<string, number>()
  for (const path of written.slice(0, mostPaths)) {
    const parts = path.split('/')
    // a name alone says little: every folder may have its readme
    for (let index = 0; index < parts.length; index += 1) {
      if (!known.has(parts.slice(index).join('/'))) continue
      const outer = parts.slice(0, index).join('/')
      votes.set(outer, (votes.get(outer) ?? 0) + parts.length - index)
      break
    }
  }
  let best = ''
  for (const [outer, count] of votes) if (count > (votes.get(best) ?? 0)) best = outer
  return best === '' ? '' : `${best}/`
}

/** `*` and `?` stand for nothing beyond a slash. At most as many steps as the product of both lengths. */
function matchesWildcards(path: string, pattern: string): boolean {
  if (pattern.length > 300 || path.length > 1_000) return false
  let [at, star, mark] = [0, -1, 0]
  let index = 0
  while (index < path.length) {
    const wanted = pattern.charAt(at)
    const character = path.charAt(index)
    if (wanted === '*') {
      star = at
      mark = index
      at += 1
    } else if (at < pattern.length && (wanted === character || (wanted === '?' && character !== '/'))) {
      at += 1
      index += 1
    } else if (star !== -1 && path.charAt(mark) !== '/') {
      mark += 1
      index = mark
      at = star + 1
    } else return false
  }
  while (pattern.charAt(at) === '*') at += 1
  return at === pattern.length
}
