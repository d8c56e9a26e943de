import { readWord, type WordReader } from './read-word.ts'

/** One simple command of a shell script. */
export interface ShellCommand {
  /** Quotes taken off, nothing expanded; assignments before the command are no words. */
  readonly words: readonly string[]
  readonly redirects: readonly Redirect[]
  readonly heredoc: Heredoc | null
  /** How it is joined to the one before it. */
  readonly joined: 'pipe' | 'sequence'
  /** Subshells it stands in: a `cd` inside one does not last. */
  readonly depth: number
  readonly background: boolean
  /** From 1, within the script. */
  readonly line: number
}

export interface Redirect {
  readonly operator: '>' | '>>' | '<' | '<<<'
  readonly target: string
}

export interface Heredoc {
  readonly text: string
  /** Of its first line, from 1. */
  readonly line: number
}

interface Building {
  words: string[]
  redirects: Redirect[]
  heredoc: Heredoc | null
  joined: 'pipe' | 'sequence'
  line: number
}

interface Reader extends WordReader {
  readonly commands: ShellCommand[]
  readonly pending: { readonly owner: Building; readonly delimiter: string; readonly stripsTabs: boolean }[]
}

/** A script longer than this is read up to here. */
const mostCharacters = 2_000_000
const mostCommands = 5_000
/** Words that stand before a command and are none. */
const keywords = new Set(['do', 'then', 'else', 'elif', 'if', 'while', 'until', '!', '{', '}', 'done', 'fi', 'esac'])
const assignment = /^[A-Za-z_]\w{0,80}(?:\[[^\]]{0,80}\])?\+?=/

/**
 * Reads a shell script well enough to know what it runs and writes: words, redirections, heredocs, pipes and subshells.
 * Commands inside `$(…)` come behind the others. Broken quoting ends the script where it stands. Never throws; linear.
 */
export function readShell(script: string): ShellCommand[] {
  const commands: ShellCommand[] = []
  let scripts = [script.slice(0, mostCharacters)]
  for (let depth = 0; depth < 3 && scripts.length > 0; depth += 1) {
    const nested: string[] = []
    for (const text of scripts) {
      if (commands.length >= mostCommands) break
      readScript({ text, index: 0, line: 1, commands, nested, pending: [] })
    }
    scripts = nested.slice(0, 100)
  }
  return commands.slice(0, mostCommands)
}

function readScript(reader: Reader): void {
  const { text, commands } = reader
  let depth = 0
  let current = newCommand('sequence', 1)
  const finish = (joined: Building['joined'], background: boolean): void => {
    const words = dropPrefixes(current.words)
    const done = { ...current, words, depth, background }
    // a heredoc's text comes later than its command: the object is kept and filled
    if (words.length > 0 || current.redirects.length > 0) commands.push(Object.assign(current, done))
    current = newCommand(joined, reader.line)
  }
  while (reader.index < text.length && commands.length < mostCommands) {
    const character = text.charAt(reader.index)
    const next = text.charAt(reader.index + 1)
    if (character === '\n') {
      finish('sequence', false)
      reader.index += 1
      reader.line += 1
      readHeredocs(reader)
      current.line = reader.line
    } else if (/\s/.test(character)) reader.index += 1
    else if (character === '\\' && next === '\n') {
      reader.index += 2
      reader.line += 1
    } else if (character === '#') skipComment(reader)
    else if (character === ';') {
      finish('sequence', false)
      reader.index += 1
    } else if (character === '|') {
      const isOr = next === '|'
      finish(isOr ? 'sequence' : 'pipe', false)
      reader.index += isOr || next === '&' ? 2 : 1
    } else if (character === '&' && next === '>') {
      reader.index += 1
      readRedirect(reader, current)
    } else if (character === '&') {
      finish('sequence', next !== '&')
      reader.index += next === '&' ? 2 : 1
    } else if (character === '(' || character === ')') {
      finish('sequence', false)
      depth = Math.max(0, depth + (character === '(' ? 1 : -1))
      reader.index += 1
    } else if (character === '<' || character === '>') readRedirect(reader, current)
    else {
      if (current.words.length === 0) current.line = reader.line
      const word = readWord(reader)
      // the number of a stream belongs to the redirection behind it
      const isStream = /^\d$/.test(word) && /[<>]/.test(text.charAt(reader.index))
      if (!isStream) current.words.push(word)
    }
  }
  finish('sequence', false)
  readHeredocs(reader)
}

function newCommand(joined: Building['joined'], line: number): Building {
  return { words: [], redirects: [], heredoc: null, joined, line }
}

function dropPrefixes(words: readonly string[]): string[] {
  let start = 0
  while (start < words.length && (keywords.has(words[start] ?? '') || assignment.test(words[start] ?? ''))) start += 1
  return words.slice(start)
}

function skipComment(reader: Reader): void {
  const end = reader.text.indexOf('\n', reader.index)
  reader.index = end === -1 ? reader.text.length : end
}

function readRedirect(reader: Reader, current: Building): void {
  const { text } = reader
  const rest = text.slice(reader.index, reader.index + 3)
  if (rest.startsWith('<<<')) {
    reader.index += 3
    current.redirects.push({ operator: '<<<', target: readTarget(reader) })
  } else if (rest.startsWith('<<')) {
    const stripsTabs = rest === '<<-'
    reader.index += stripsTabs ? 3 : 2
    reader.pending.push({ owner: current, delimiter: readTarget(reader), stripsTabs })
  } else if (rest.startsWith('<')) {
    reader.index += rest.startsWith('<&') ? 2 : 1
    current.redirects.push({ operator: '<', target: readTarget(reader) })
  } else {
    const appends = rest.startsWith('>>')
    const merges = rest.startsWith('>&')
    reader.index += appends || merges || rest.startsWith('>|') ? 2 : 1
    const target = readTarget(reader)
    if (!(merges && /^\d|^-$/.test(target))) current.redirects.push({ operator: appends ? '>>' : '>', target })
  }
}

function readTarget(reader: Reader): string {
  while (' \t'.includes(reader.text.charAt(reader.index)) && reader.index < reader.text.length) reader.index += 1
  return reader.index < reader.text.length && !'\n;|&<>()'.includes(reader.text.charAt(reader.index))
    ? readWord(reader)
    : ''
}

function readHeredocs(reader: Reader): void {
  for (const { owner, delimiter, stripsTabs } of reader.pending.splice(0)) {
    const first = reader.line
    const lines: string[] = []
    while (reader.index < reader.text.length) {
      const found = reader.text.indexOf('\n', reader.index)
      const end = found === -1 ? reader.text.length : found
      const raw = reader.text.slice(reader.index, end)
      const line = stripsTabs ? raw.replace(/^\t+/, '') : raw
      reader.index = Math.min(reader.text.length, end + 1)
      reader.line += 1
      if (line.trimEnd() === delimiter) break
      lines.push(line)
    }
    owner.heredoc = { text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, line: first }
  }
}
