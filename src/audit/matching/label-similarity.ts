import { isAbbreviation } from './abbreviation.ts'
import type { MatrixLine } from './matrix.ts'

/** `labelSimilarity` that remembers: tables repeat their labels. */
export function rememberSimilarity(): (a: MatrixLine, b: MatrixLine) => number {
  const known = new Map<string, Map<string, number>>()
  return (a, b) => {
    const row = known.get(a.key) ?? new Map<string, number>()
    let similarity = row.get(b.key)
    if (similarity === undefined) {
      similarity = labelSimilarity(a, b)
      row.set(b.key, similarity)
      known.set(a.key, row)
    }
    return similarity
  }
}

/** How alike two labels are: 0 for nothing in common, 1 for the same words in any order. Abbreviations count as their words. */
function labelSimilarity(a: MatrixLine, b: MatrixLine): number {
  if (a.joined === '' || b.joined === '') return 0
  if (a.joined === b.joined) return 1
  if (isNameOf(a.words, b.words) || isNameOf(b.words, a.words)) return nameWeight
  if (isAbbreviation(a.joined, b.bare) || isAbbreviation(b.joined, a.bare)) return shortWeight
  const whole = shareOfWords(a.words, b.words)
  if (a.bare.length === a.words.length && b.bare.length === b.words.length) return whole
  return Math.max(whole, bareWeight * shareOfWords(a.bare, b.bare))
}

const shortWeight = 0.8

/** What stands in brackets is mostly a unit or a remark; where labels differ in nothing else, they are a little less alike. */
const bareWeight = 0.9

/** A name with a whole text behind it, as where a table gives the prompt beside the task, is still that name. */
const nameWeight = 0.8
const fewestOfText = 8

function isNameOf(name: readonly string[], label: readonly string[]): boolean {
  return (
    name.length > 0 &&
    label.length >= name.length + fewestOfText &&
    name.every((word, at) => isSameWord(word, label[at] ?? ''))
  )
}

function shareOfWords(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
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
