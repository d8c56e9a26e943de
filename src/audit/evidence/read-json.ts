/** A value of JSON, of one of its dialects, or of what Python prints. */
export type JsonNode =
  | {
      readonly kind: 'object'
      readonly entries: { readonly key: string; readonly value: JsonNode }[]
      readonly line: number
    }
  | { readonly kind: 'array'; readonly items: JsonNode[]; readonly line: number }
  /** `text` as written; `nan`, `None` and the like are words. */
  | JsonLeaf

export interface JsonLeaf {
  readonly kind: 'number' | 'string' | 'word'
  readonly text: string
  readonly line: number
}

export interface JsonReading {
  readonly value: JsonNode
  /** Index behind the value. */
  readonly end: number
  /** Line of its end, from 1. */
  readonly line: number
  /** False where the text breaks off, or goes on as no JSON does: what was read up to there is kept. */
  readonly complete: boolean
}

const deepest = 48
const mostNodes = 400_000
const numberAt = /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4})?(?![\w.])/y
const wordAt = /[-+]?[A-Za-z_][\w.]*/y

interface Open {
  readonly node: Extract<JsonNode, { kind: 'object' | 'array' }>
  readonly closing: string
  key: string | null
}

/**
 * Reads one value: JSON with `NaN` and `-Infinity`, single quotes, `None`, tuples, trailing commas, and `name(…)` around values. One pass,
 * no recursion.
 * @returns null where no object or list begins
 */
export function readJson(text: string, from = 0, firstLine = 1): JsonReading | null {
  let index = from
  let line = firstLine
  let nodes = 0
  let root: JsonNode | null = null
  const stack: Open[] = []
  const stop = (complete: boolean): JsonReading | null =>
    root === null ? null : { value: root, end: index, line, complete }
  const add = (node: JsonNode): boolean => {
    nodes += 1
    const top = stack.at(-1)
    if (top === undefined) root = node
    else if (top.node.kind === 'array') top.node.items.push(node)
    else if (top.key === null) return false
    else {
      top.node.entries.push({ key: top.key, value: node })
      top.key = null
    }
    return nodes < mostNodes
  }
  while (index < text.length) {
    const character = text.charAt(index)
    if (character === '\n') {
      line += 1
      index += 1
    } else if (character <= ' ' || character === ',' || character === '\u00A0') index += 1
    else if (character === '{' || character === '[' || character === '(') {
      if (stack.length >= deepest) return stop(false)
      const node: Open['node'] =
        character === '{' ? { kind: 'object', entries: [], line } : { kind: 'array', items: [], line }
      if (!add(node)) return stop(false)
      stack.push({ node, closing: character === '{' ? '}' : character === '[' ? ']' : ')', key: null })
      index += 1
    } else if (character === '}' || character === ']' || character === ')') {
      if (stack.pop()?.closing !== character) return stop(false)
      index += 1
      if (stack.length === 0) return stop(true)
    } else {
      const top = stack.at(-1)
      if (top === undefined) return stop(false)
      const token = readToken(text, index)
      if (token === null) return stop(false)
      const startLine = line
      index = token.end
      if (token.kind === 'string' && token.text.includes('\n')) line += countLines(token.text)
      // a call's name says nothing: np.float64(0.9), array([0.1, 0.2])
      if (token.kind === 'word' && text.charAt(index) === '(') {
        const scalar = readScalarCall(text, index)
        if (scalar === null) continue
        index = scalar.end
        if (!add({ kind: scalar.kind, text: scalar.text, line: startLine })) return stop(false)
        continue
      }
      const isKey = top.node.kind === 'object' && top.key === null
      if (isKey) {
        while (/\s/.test(text.charAt(index)) && index < text.length) {
          if (text.charAt(index) === '\n') line += 1
          index += 1
        }
        if (text.charAt(index) !== ':') return stop(false)
        index += 1
        top.key = token.text
      } else if (!add({ kind: token.kind, text: token.text, line: startLine })) return stop(false)
    }
  }
  return stop(false)
}

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

interface Token {
  readonly kind: 'number' | 'string' | 'word'
  readonly text: string
  readonly end: number
}

function readToken(text: string, index: number): Token | null {
  const character = text.charAt(index)
  if (character === '"' || character === "'") return readString(text, index, character)
  numberAt.lastIndex = index
  const number = numberAt.exec(text)
  if (number !== null) return { kind: 'number', text: number[0], end: numberAt.lastIndex }
  wordAt.lastIndex = index
  const word = wordAt.exec(text)
  return word === null ? null : { kind: 'word', text: word[0], end: wordAt.lastIndex }
}

/** A number alone in a call's brackets is that number: np.float64(0.9). Null for anything else. */
function readScalarCall(text: string, open: number): Token | null {
  numberAt.lastIndex = open + 1
  const number = numberAt.exec(text)
  if (number === null || text.charAt(numberAt.lastIndex) !== ')') return null
  return { kind: 'number', text: number[0], end: numberAt.lastIndex + 1 }
}

function readString(text: string, start: number, quote: string): Token | null {
  let index = start + 1
  while (index < text.length) {
    const character = text.charAt(index)
    if (character === '\\') index += 2
    else if (character === quote) return { kind: 'string', text: text.slice(start + 1, index), end: index + 1 }
    else index += 1
  }
  return null
}
