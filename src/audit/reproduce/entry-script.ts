import { posix } from 'node:path'
import { interpretCommand } from '../session/interpret-command.ts'
import { openPlaces } from '../session/places.ts'
import type { AuditFile, AuditSubject } from '../subject/subject.ts'
import { quote } from './port-command.ts'

export interface Entry {
  readonly source: 'readme' | 'name'
  readonly commands: readonly string[]
  /** That the commands run, relative to the workspace. */
  readonly scripts: readonly string[]
}

/** Best first; a run script says how the others are called. */
const names = [
  /^run(?:[_-]?(?:all|experiments?|everything|pipeline|study))?\.sh$/i,
  /^(?:run[_-]?(?:all|experiments?|everything|pipeline|study)|reproduce)\.(?:py|m?js)$/i,
  /^(?:experiments?|main|run)\.(?:py|m?js)$/i,
  /^(?:train[_-]?(?:and[_-]?)?eval(?:uate)?|evaluate)\.py$/i,
]
const interpreters: Readonly<Record<string, string>> = {
  '.py': 'python3',
  '.sh': 'bash',
  '.js': 'node',
  '.mjs': 'node',
}
const mostCommands = 5
const longestReadme = 200_000

/**
 * How a work without a record says it is run: the commands of its readme that run its scripts; else the one script whose name stands out; else
 * the one Python file with a main block.
 * @returns null where nothing stands out
 */
export function findEntry({ files, documents }: AuditSubject): Entry | null {
  const all = [...files, ...documents]
  const told = all
    .filter(({ path }) => /(?:^|\/)readme(?:\.[a-z]+)?$/i.test(path))
    .toSorted((a, b) => depthOf(a.path) - depthOf(b.path))
    .map((readme) => readmeCommands(readme, all))
    .find(({ commands }) => commands.length > 0)
  if (told !== undefined) return { source: 'readme', ...told }
  for (const name of names) {
    const named = all.filter(({ path }) => name.test(posix.basename(path)))
    const depth = Math.min(...named.map(({ path }) => depthOf(path)))
    const highest = named.filter(({ path }) => depthOf(path) === depth)
    if (highest.length === 1 && highest[0] !== undefined) return byName(highest[0].path)
  }
  const main = all.filter(
    ({ path, text }) => path.endsWith('.py') && !/(?:^|\/)tests?[_/]/.test(path) && /^if __name__ ?==/m.test(text),
  )
  return main.length === 1 && main[0] !== undefined ? byName(main[0].path) : null
}

function depthOf(path: string): number {
  return path.split('/').length
}

function byName(path: string): Entry {
  return { source: 'name', commands: [commandOf(path)], scripts: [path] }
}

function commandOf(path: string): string {
  const folder = posix.dirname(path)
  const run = `${interpreters[posix.extname(path).toLowerCase()] ?? 'bash'} ${quote(posix.basename(path))}`
  return folder === '.' ? run : `cd ${quote(folder)} && ${run}`
}

/** Lines of code blocks that run a script there is, in the readme's folder. */
function readmeCommands(readme: AuditFile, files: readonly AuditFile[]): Pick<Entry, 'commands' | 'scripts'> {
  const folder = posix.dirname(readme.path)
  const known = new Set(files.map(({ path }) => path))
  const context = { places: openPlaces(known, { commands: [], outer: '' }), textOf: () => null }
  const commands = new Set<string>()
  const all = new Set<string>()
  let cwd = folder
  let fenced = false
  for (const line of readme.text.slice(0, longestReadme).split(/\r\n|\r|\n/)) {
    if (/^\s{0,8}(?:```|~~~)/.test(line)) {
      fenced = !fenced
      cwd = folder
      continue
    }
    const inline = /`((?:python3?|bash|sh|node) [^`]{1,200})`/.exec(line.slice(0, 2_000))?.[1]
    const command = fenced ? line.trim().replace(/^[$>] /, '') : inline
    if (command === undefined || command === '' || command.length > 500) continue
    const { scripts, cwd: left } = interpretCommand(command, cwd, context)
    const runs = scripts.length > 0 && scripts.every((script) => known.has(script))
    if (runs && commands.size < mostCommands) {
      commands.add(cwd === '.' ? command : `cd ${quote(cwd)} && ${command}`)
      for (const script of scripts) all.add(script)
    }
    if (fenced) cwd = left
  }
  return { commands: [...commands], scripts: [...all] }
}
