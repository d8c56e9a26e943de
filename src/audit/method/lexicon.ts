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

/** Finds things in a sentence, each once; a longer name hides a shorter one inside of it. */
export function thingFinder(things: readonly Thing[]): (sentence: string) => Thing[] {
  const patterns = things.map((thing) => ({ thing, pattern: patternOf(thing) }))
  return (sentence) => {
    const text = sentence.slice(0, 4_000)
    return patterns.filter(({ pattern }) => pattern.test(text)).map(({ thing }) => thing)
  }
}

function patternOf({ said, exact }: Thing): RegExp {
  const spellings = said.map((one) =>
    one
      .split('-')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '[ _-]?'))
      .join('[ _-]?'),
  )
  return new RegExp(`(?<![\\w-])(?:${spellings.join('|')})(?![A-Za-z0-9]|[-_ ](?:like|style|inspired|based tokenizer)\\b)`, exact === true ? '' : 'i')
}
