import type { MatrixLine } from './matrix.ts'

/** What a label that is the same weighs beside one value that is the same. */
const labelWeight = 1.5
/** Labels less alike than this are different ones. */
export const leastAlike = 0.5
/** From here on, labels are the same but for a mark or a unit. */
export const sameLabel = 0.66

export type Similarity = (a: MatrixLine, b: MatrixLine) => number

/** Which line of the evidence stands for each line of the paper. */
export type LineMap = Map<number, number>

/** By `<line of the paper> <line of the evidence>`: how alike the labels are, where they are at all. */
export type Similarities = Map<number, Map<number, number>>

export function similarLines(
  [ours, theirs]: readonly [readonly MatrixLine[], readonly MatrixLine[]],
  { voted, similarity }: { voted: readonly (readonly [number, number])[]; similarity: Similarity },
): Similarities {
  const found: Similarities = new Map()
  const look = (from: number, to: number) => {
    const a = ours[from]
    const b = theirs[to]
    const row = found.get(from) ?? new Map<number, number>()
    if (a === undefined || b === undefined || row.has(to)) return
    row.set(to, similarity(a, b))
    found.set(from, row)
  }
  // A table against a table is small; against a long one only lines that share a value are looked at.
  if (ours.length * theirs.length <= 4_000) {
    for (const from of ours.keys()) for (const to of theirs.keys()) look(from, to)
  } else {
    for (const [from, to] of voted) look(from, to)
  }
  return found
}

/** One to one, the best fitting first: values that are the same, and labels that are alike. */
export function assignLines(
  votes: readonly { from: number; to: number; by: number; weight: number }[],
  labels: Similarities,
): LineMap {
  const scores = new Map<number, Map<number, number>>()
  const add = (from: number, to: number, weight: number) => {
    const row = scores.get(from) ?? new Map<number, number>()
    row.set(to, (row.get(to) ?? 0) + weight)
    scores.set(from, row)
  }
  // A cell votes once for a pair of lines, however often the value stands there.
  const counted = new Set<string>()
  for (const { from, to, by, weight } of votes) {
    const key = `${from} ${to} ${by}`
    if (counted.has(key)) continue
    counted.add(key)
    add(from, to, weight)
  }
  for (const [from, row] of labels) {
    for (const [to, alike] of row) if (alike >= leastAlike) add(from, to, labelWeight * alike)
  }
  const ranked = [...scores].flatMap(([from, row]) => [...row].map(([to, score]) => ({ from, to, score })))
  ranked.sort((a, b) => b.score - a.score || a.from - b.from || a.to - b.to)
  const map: LineMap = new Map()
  const taken = new Set<number>()
  for (const { from, to, score } of ranked) {
    if (score <= 0 || map.has(from) || taken.has(to)) continue
    map.set(from, to)
    taken.add(to)
  }
  return map
}
