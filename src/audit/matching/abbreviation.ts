/** Longer words are names of their own. */
const longestAbbreviation = 16

/** `logreg` is `logistic regression`, and `rf` is `random forest`: beginnings of all words of the name, in their order and nothing else. */
export function isAbbreviation(short: string, name: readonly string[]): boolean {
  if (name.length < 2 || short.length < name.length || short.length > longestAbbreviation) return false
  /** Lengths of `short` that the words up to here can make. */
  let reached = new Set([0])
  for (const word of name) {
    const next = new Set<number>()
    for (const from of reached) {
      for (let length = 1; length <= word.length && word[length - 1] === short[from + length - 1]; length += 1)
        next.add(from + length)
    }
    if (next.size === 0) return false
    reached = next
  }
  return reached.has(short.length)
}
