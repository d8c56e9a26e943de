import type { Claim } from '../claims/claim.ts'
import type { Operand } from './derive.ts'
import { derive } from './derive.ts'
import type { ClaimMatch } from './match.ts'
import { derivedMatch } from './match-evidence.ts'

/** What a sentence is computed from stands near it. */
const farthestLines = 12
/** Of more numbers, some two make any third. */
const mostOperands = 8

/** Numbers of the text that nothing holds, and that follow from others of the text that are traced, near them and written alike. */
export function deriveProse(claims: readonly Claim[], matches: Map<number, ClaimMatch>): void {
  const traced = claims.flatMap((claim): Operand[] => {
    const match = matches.get(claim.id)
    const isOperand = match?.status === 'traced' && match.strength === 'strong' && claim.role === 'result'
    return isOperand ? [{ claim, exact: match.exact ?? null, table: -1, row: -1, column: -1 }] : []
  })
  if (traced.length < 2) return
  for (const claim of claims) {
    const match = matches.get(claim.id)
    if (match === undefined || match.status !== 'unfound') continue
    const near = traced.filter(({ claim: other }) => Math.abs(other.line - claim.line) <= farthestLines)
    const lines = [...Map.groupBy(near, ({ claim: { number } }) => `${number.unit ?? ''} ${number.decimals}`).values()]
    const derivation = derive(
      claim,
      lines.map((line) => line.slice(-mostOperands)),
    )
    if (derivation !== null) matches.set(claim.id, derivedMatch(claim, derivation, match.collision))
  }
}
