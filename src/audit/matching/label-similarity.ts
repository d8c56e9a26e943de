import type { MatrixLine } from './matrix.ts'

/** How alike two labels are: 0 for nothing in common, 1 for the same words in any order. Abbreviations count as their words. */
export function labelSimilarity(a: MatrixLine, b: MatrixLine): number {
  if (a.joined === '' || b.joined === '') return 0
  if (a.joined === b.joined) return 1
  const [short, long] = a.words.length <= b.words.length ? [a.words, b.words] : [b.words, a.words]
  // Labels of dozens of words are sentences; their first words say enough.
  const candidates = long.slice(0, 24)
  let shared = 0
  for (const word of short.slice(0, 24)) if (candidates.some((other) => isSameWord(word, other))) shared += 1
  return shared / (short.length + long.length - shared)
}

/** `mem` is `memory`, but `top1` is not `top10`: one word begins with the other, of three letters or more and without digits. */
function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  return short.length >= 3 && long.startsWith(short) && !/\d/.test(long)
}
