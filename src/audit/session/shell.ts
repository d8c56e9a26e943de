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

interface Reader {
  readonly text: string
  index: number
  line: number
  readonly commands: ShellCommand[]
  readonly nested: string[]
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

const plainEnd = /[\s;|&<>()'"\\$`]/g

function readWord(reader: Reader): string {
  const { text } = reader
  const parts: string[] = []
  while (reader.index < text.length) {
    const character = text.charAt(reader.index)
    if (/[\s;|&<>()]/.test(character)) break
    if (character === "'") parts.push(readUntil(reader, "'"))
    else if (character === '"') parts.push(readDoubleQuoted(reader))
    else if (character === '`') {
      const code = readUntil(reader, '`')
      reader.nested.push(code)
      parts.push(`\`${code}\``)
    } else if (character === '$' && text.charAt(reader.index + 1) === '(') parts.push(readSubstitution(reader))
    else if (character === '$' && text.charAt(reader.index + 1) === "'") {
      reader.index += 1
      parts.push(readUntil(reader, "'"))
    } else if (character === '\\') {
      const next = text.charAt(reader.index + 1)
      reader.index += 2
      if (next === '\n') reader.line += 1
      else parts.push(next)
    } else if (character === '$') {
      parts.push('$')
      reader.index += 1
    } else {
      plainEnd.lastIndex = reader.index
      const end = plainEnd.exec(text)?.index ?? text.length
      parts.push(text.slice(reader.index, end))
      reader.index = end
    }
  }
  return parts.join('')
}

function readUntil(reader: Reader, quote: string): string {
  const start = reader.index + 1
  const found = reader.text.indexOf(quote, start)
  const end = found === -1 ? reader.text.length : found
  const inner = reader.text.slice(start, end)
  reader.line += countLines(inner)
  reader.index = end + 1
  return inner
}

function readDoubleQuoted(reader: Reader): string {
  const { text } = reader
  const parts: string[] = []
  let start = reader.index + 1
  let index = start
  while (index < text.length && text.charAt(index) !== '"') {
    const character = text.charAt(index)
    if (character === '\\') {
      const next = text.charAt(index + 1)
      if ('$`"\\\n'.includes(next)) {
        parts.push(text.slice(start, index), next === '\n' ? '' : next)
        start = index + 2
      }
      if (next === '\n') reader.line += 1
      index += 2
    } else {
      if (character === '\n') reader.line += 1
      index += 1
    }
  }
  parts.push(text.slice(start, Math.min(index, text.length)))
  reader.index = index + 1
  const inner = parts.join('')
  if (inner.includes('$(')) collectSubstitutions(inner, reader.nested)
  return inner
}

function collectSubstitutions(text: string, nested: string[]): void {
  let from = 0
  for (let found = 0; found < 20; found += 1) {
    const start = text.indexOf('$(', from)
    if (start === -1) return
    const end = closing(text, start + 2)
    if (text.charAt(start + 2) !== '(') nested.push(text.slice(start + 2, end))
    from = end + 1
  }
}

function readSubstitution(reader: Reader): string {
  const end = closing(reader.text, reader.index + 2)
  const inner = reader.text.slice(reader.index + 2, end)
  // $((1 + 2)) is arithmetic
  if (!inner.startsWith('(')) reader.nested.push(inner)
  reader.line += countLines(inner)
  reader.index = end + 1
  return `$(${inner})`
}

/** Index of the bracket that closes the one before `from`; the end of the text where none does. */
function closing(text: string, from: number): number {
  let depth = 1
  for (let index = from; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth === 0) return index
  }
  return text.length
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

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}
