import { posix } from 'node:path'
import { printedText } from './printed-text.ts'
import type { Places } from './places.ts'
import { findProgram } from './program.ts'
import { readShell, type ShellCommand } from './shell.ts'

/** What a command does to files and which code it runs. */
export interface CommandMeaning {
  runs: boolean
  scripts: string[]
  inlineCode: string[]
  typed: { path: string | null; text: string; line: number }[]
  shows: string[]
  background: boolean
}

export interface CommandContext {
  readonly places: Places
  /** Text of a script of the work or of the session; null where it is not known. */
  readonly textOf: (path: string) => string | null
}

/** Shell scripts that call shell scripts, and so on. */
const deepestScript = 3
const mostRead = 200

/**
 * @param cwd folder in which the command starts, relative to the workspace
 * @returns also the folder in which it ends
 */
export function interpretCommand(
  script: string,
  cwd: string,
  context: CommandContext,
): CommandMeaning & { readonly cwd: string } {
  const meaning: CommandMeaning = { runs: false, scripts: [], inlineCode: [], typed: [], shows: [], background: false }
  const end = interpret(script, { cwd, depth: 0, context, meaning, read: new Set() })
  return {
    ...meaning,
    scripts: [...new Set(meaning.scripts)],
    shows: [...new Set(meaning.shows)],
    cwd: end,
  }
}

interface Visit {
  readonly cwd: string
  readonly depth: number
  readonly context: CommandContext
  readonly meaning: CommandMeaning
  readonly read: Set<string>
}

function interpret(script: string, visit: Visit): string {
  const folders = [visit.cwd]
  /** What the last command writes to the next one's input, where the agent typed it. */
  let piped: { text: string; line: number } | null = null
  for (const command of readShell(script)) {
    folders.length = Math.min(folders.length, command.depth + 1)
    while (folders.length <= command.depth) folders.push(folders.at(-1) ?? visit.cwd)
    const cwd = folders.at(-1) ?? visit.cwd
    const input = command.joined === 'pipe' ? piped : null
    if (command.words[0] === 'cd' || command.words[0] === 'pushd') {
      const target = command.words.slice(1).find((word) => !/^-./.test(word))
      if (target !== undefined && target !== '-') folders[folders.length - 1] = visit.context.places.enter(target, cwd)
      piped = null
    } else piped = interpretOne(command, { ...visit, cwd }, input)
  }
  return folders[0] ?? visit.cwd
}

type Piped = { text: string; line: number } | null

function interpretOne(command: ShellCommand, visit: Visit, input: Piped): Piped {
  const { meaning, context, cwd } = visit
  const hereString = command.redirects.find(({ operator }) => operator === '<<<')
  const given =
    command.heredoc ?? (hereString === undefined ? input : { text: `${hereString.target}\n`, line: command.line })
  const program = findProgram(command.words, (module) => findModule(module, visit))
  const into = command.redirects.find(({ operator, target }) => operator.startsWith('>') && isFile(target))?.target
  const typeInto = (text: string, { path, line }: { path: string | null; line: number }): void => {
    if (text.trim() !== '')
      meaning.typed.push({ path: path === null ? null : context.places.resolve(path, cwd), text, line })
  }
  switch (program.kind) {
    case 'python':
    case 'script': {
      meaning.runs ||= program.runs
      if (program.code !== null) meaning.inlineCode.push(program.code)
      else if (program.script !== null) addScript(program.script, visit)
      else if (program.readsInput && given !== null) {
        meaning.inlineCode.push(given.text)
        meaning.runs = true
      }
      meaning.background ||= command.background
      return null
    }
    case 'shell': {
      const code = program.code ?? (program.script === null && given !== null ? given.text : null)
      if (code !== null && visit.depth < deepestScript) interpret(code, { ...visit, depth: visit.depth + 1 })
      else if (program.script !== null) addScript(program.script, visit)
      meaning.background ||= command.background
      return null
    }
    case 'measures':
      meaning.runs = true
      meaning.background ||= command.background
      return null
    case 'prints': {
      const printed = { text: printedText(command.words), line: command.line }
      typeInto(printed.text, { path: into ?? null, line: printed.line })
      return into === undefined ? printed : null
    }
    case 'copies-input': {
      const files = program.files
      if (command.heredoc === null && input === null && hereString === undefined) {
        if (into === undefined && !program.writes) show(files, visit)
        return null
      }
      if (given === null) return null
      const target = into ?? (program.writes ? files[0] : undefined) ?? null
      // what only passes through was told of where it was typed
      if (target !== null || command.heredoc !== null) typeInto(given.text, { path: target, line: given.line })
      return into === undefined ? given : null
    }
    case 'shows':
      if (into === undefined) show(program.files, visit)
      return null
    case 'edits':
      for (const file of program.files) typeInto(program.typed, { path: file, line: command.line })
      return null
    case 'other':
      return null
  }
}

function isFile(target: string): boolean {
  return target !== '' && !target.startsWith('/dev/') && !/^&?\d$/.test(target)
}

function show(files: readonly string[], { meaning, context, cwd }: Visit): void {
  for (const file of files) {
    if (meaning.shows.length < mostRead) meaning.shows.push(...context.places.expand(file, cwd))
  }
}

function addScript(written: string, visit: Visit): void {
  const { meaning, context, cwd, read } = visit
  const path = context.places.resolve(written, cwd)
  meaning.runs = true
  meaning.scripts.push(path)
  const isShell = /\.(?:ba|z)?sh$/.test(path)
  if (!isShell || visit.depth >= deepestScript || read.has(path) || read.size >= mostRead) return
  read.add(path)
  const text = context.textOf(path)
  if (text === null) return
  const own: CommandMeaning = { runs: false, scripts: [], inlineCode: [], typed: [], shows: [], background: false }
  // "$(dirname "$0")" and the like stand for the script's own folder; else it runs where it was called
  const folder = /dirname|BASH_SOURCE/.test(text) ? posix.dirname(path) : cwd
  interpret(text, { ...visit, cwd: folder, depth: visit.depth + 1, meaning: own })
  meaning.scripts.push(...own.scripts)
  meaning.inlineCode.push(...own.inlineCode)
  // its heredocs and echoes were typed with the script, and told of there
}

/** The file of `python -m pkg.mod`; null where the work has none of that name. */
function findModule(module: string, { context, cwd }: Visit): string | null {
  const base = module.replaceAll('.', '/')
  for (const path of [`${base}.py`, `${base}/__main__.py`]) {
    if (context.places.isKnown(context.places.resolve(path, cwd))) return path
  }
  return null
}
