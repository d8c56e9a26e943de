import { squash } from './squash.ts'

/** A thing of the field that papers name, and what shows it in code. */
export interface Thing {
  readonly name: string
  /** How papers write it; `-` stands for a hyphen, a blank or nothing. Capitals count where `exact`. */
  readonly said: readonly string[]
  /** What of code, commands or data shows it, as `squash` leaves it; its name counts in any case. */
  readonly shown: readonly string[]
  readonly exact?: boolean
}

/**
 * Reads lines of `name | other spellings | what shows it in code`; the last two may be missing. A `=` before the name: capitals count.
 */
export function readThings(table: string): Thing[] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [first = '', said = '', shown = ''] = line.split('|').map((part) => part.trim())
      const exact = first.startsWith('=')
      const name = exact ? first.slice(1) : first
      const list = (part: string) => part.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
      return { name, said: [name, ...list(said)], shown: [name, ...list(said), ...list(shown)], exact }
    })
}

const longestText = 4_000

/** Finds things in a text, each once, in the order of the table. Only the first 4,000 characters are read. */
export function thingFinder(things: readonly Thing[]): (text: string) => Thing[] {
  const byBeginning = new Map<string, { thing: Thing; pattern: RegExp }[]>()
  for (const thing of things) {
    for (const spelling of thing.said) {
      const beginning = squash(spelling).slice(0, 2)
      const patterns = byBeginning.get(beginning) ?? []
      patterns.push({ thing, pattern: patternOf(spelling, thing.exact === true) })
      byBeginning.set(beginning, patterns)
    }
  }
  return (text) => {
    const found = new Set<Thing>()
    for (const word of text.slice(0, longestText).matchAll(/(?<![\w-])[A-Za-z0-9]/g)) {
      const at = word.index
      const beginning = squash(text.slice(at, at + 4)).slice(0, 2)
      for (const { thing, pattern } of byBeginning.get(beginning) ?? []) {
        pattern.lastIndex = at
        if (pattern.test(text)) found.add(thing)
      }
    }
    return found.size < 2 ? [...found] : things.filter((thing) => found.has(thing))
  }
}

/** Sticky; a spelling ends where a word does, and what is only like the thing is not it. */
function patternOf(spelling: string, exact: boolean): RegExp {
  const parts = spelling.split(/[- ]/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(
    `${parts.join('[ _-]?')}(?![A-Za-z0-9]|[-_ ](?:like|style|inspired|based tokenizer)\\b)`,
    exact ? 'y' : 'iy',
  )
}
