/** What is measured in such words is a value; anything else that is counted names a case. */
const units =
  /^(?:percent|points?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|milliseconds?|tokens?|bytes|bits|params?|parameters?|million|billion|thousand|times|fold|flops)$/i
const counted = /^\d{1,7} (\p{L}[\p{L}-]{2,20})$/u
const fewest = 4

/**
 * Whether the cells of a column are cases named by a count, such as `40 labels` and `80 labels`, and no values: whole numbers in front of one
 * and the same word, each case several times, as where methods and conditions are crossed.
 */
export function areCountedNames(cells: readonly string[]): boolean {
  const names = new Set<string>()
  let filled = 0
  let word: string | null = null
  for (const cell of cells) {
    if (cell === '') continue
    const found = cell.length > 40 ? undefined : counted.exec(cell)?.[1]
    if (found === undefined || (word !== null && found !== word)) return false
    word = found
    filled += 1
    names.add(cell)
  }
  return word !== null && filled >= fewest && names.size >= 2 && names.size * 2 <= filled && !units.test(word)
}
