import { claimWords } from '../claims/claim-words.ts'
import type { Claim, ClaimTable } from '../claims/claim.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import { reachOf } from './rounding.ts'
import { indexValues } from './value-index.ts'

/** Numbers of fewer digits lie near to some mean or other. */
const fewestDigits = 4
const mostLooked = 200

/**
 * Whether a number misses a mean or a spread of the evidence by less than a unit of its last digit, under a word of its own: who averages
 * values that were rounded before gets there.
 */
export function openRoundedMeans(pool: EvidencePool): (claim: Claim, tables: readonly ClaimTable[]) => boolean {
  const means = pool.numbers.filter(
    ({ statistic, source }) =>
      (statistic === 'mean' || statistic === 'std') && pool.sources[source]?.kind === 'process',
  )
  const index = indexValues(means.map(({ number }) => number.value))
  return (claim, tables) => {
    const { significant, value, decimals, isApproximate } = claim.number
    const unit = reachOf(claim.number) * (isApproximate ? 1 : 2)
    if (significant < fewestDigits || decimals < 1 || Number.isNaN(unit)) return false
    const words = claimWords(claim, tables)
    const stated = Math.abs(value)
    return index
      .within([stated - unit, stated + unit], mostLooked)
      .some((place) => means[place]?.words.some((word) => words.includes(word)) ?? false)
  }
}
