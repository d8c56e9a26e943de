/** A place in a script that moves on as words are read. */
export interface WordReader {
  readonly text: string
  index: number
  /** From 1. */
  line: number
  /** Scripts inside substitutions, as they are found. */
  readonly nested: string[]
}

const plainEnd = /[\s;|&<>()'"\\$`]/g

/** One word with its quotes taken off; empty where none begins. */
export function readWord(reader: WordReader): string {
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

function readUntil(reader: WordReader, quote: string): string {
  const start = reader.index + 1
  const found = reader.text.indexOf(quote, start)
  const end = found === -1 ? reader.text.length : found
  const inner = reader.text.slice(start, end)
  reader.line += countLines(inner)
  reader.index = end + 1
  return inner
}

function readDoubleQuoted(reader: WordReader): string {
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

function readSubstitution(reader: WordReader): string {
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

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}
