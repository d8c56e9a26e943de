import type { Definition, Scope } from './latex-nodes.ts'

const longestBody = 5_000
const heads =
  /\\(?:(?:re|provide)?newcommand|DeclareRobustCommand)\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))\s*(?:\[(\d)\])?\s*(?:\[([^\]\n]{0,200})\])?\s*\{|\\def\s*\\([A-Za-z]+)((?:#\d){0,9})\{/g

/** The macros that a paper defines for itself; the last definition of a name counts. */
export function findDefinitions(source: string): Map<string, Definition> {
  const definitions = new Map<string, Definition>()
  for (const match of source.matchAll(heads)) {
    const [all, braced, bare, count, initial, plain, places] = match
    const start = match.index + all.length
    const body = untilClosingBrace(source.slice(start, start + longestBody))
    const name = braced ?? bare ?? plain
    if (body === null || name === undefined) continue
    const parameters = plain === undefined ? Number(count ?? 0) : (places ?? '').length / 2
    definitions.set(name, { parameters, initial: initial ?? null, body })
  }
  return definitions
}

const mostUnfoldedCharacters = 250_000

/** Whether the paper may still unfold a definition into so many characters; if so, they count as spent. */
export function spendOnUnfolding({ unfolded }: Scope, characters: number): boolean {
  if (unfolded.characters + characters > mostUnfoldedCharacters) return false
  unfolded.characters += characters
  return true
}

/** Null when the brace that is open at the start is not closed within the text. */
export function untilClosingBrace(text: string): string | null {
  let depth = 1
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character === '\\') index += 1
    else if (character === '{') depth += 1
    else if (character === '}') depth -= 1
    if (depth === 0) return text.slice(0, index)
  }
  return null
}
