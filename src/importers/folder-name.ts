import { posix } from 'node:path'

const longestName = 100

/** A valid name for a task, agent or run, made of what a file or folder is called. */
export function nameOf(path: string): string {
  const name = posix
    .basename(path)
    .normalize('NFKD')
    .replaceAll(/\p{Mark}+/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, longestName)
    .replace(/[-._]+$/, '')
  return name === '' ? 'unnamed' : name
}

/** The name, or with the first number that makes it a new one. */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`
    const candidate = `${name.slice(0, longestName - suffix.length)}${suffix}`
    if (!taken.has(candidate)) return candidate
  }
}
