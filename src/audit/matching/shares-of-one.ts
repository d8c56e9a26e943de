import type { Claim } from '../claims/claim.ts'

const fewestShares = 3
/** Numbers of one line; more are a series. */
const mostShares = 12
const noise = 1e-9

/**
 * Ids of numbers of the text that are given in brackets, one behind each name of a line, and make 1 or 100 % together: `accuracy (0.3), size (0.5),
 * recall (0.2)`. They are weights that were chosen, and no measurement.
 * @param claims of one document
 */
export function sharesOfOne(claims: readonly Claim[]): ReadonlySet<number> {
  const lines = Map.groupBy(
    claims.filter(({ where }) => where.kind === 'prose'),
    ({ line }) => line,
  )
  const shares = new Set<number>()
  for (const group of lines.values()) {
    if (group.length < fewestShares || group.length > mostShares) continue
    if (!group.every((claim) => isBracketed(claim) && claim.number.value > 0)) continue
    const sum = group.reduce((total, { number }) => total + number.value, 0)
    const isPercent = group.every(({ number }) => number.unit === '%')
    if (Math.abs(sum - (isPercent ? 100 : 1)) <= noise * (isPercent ? 100 : 1))
      for (const { id } of group) shares.add(id)
  }
  return shares
}

function isBracketed({ where, number }: Claim): boolean {
  if (where.kind !== 'prose') return false
  return where.sentence.includes(`(${number.text})`) || where.sentence.includes(`(${number.text}%)`)
}
