import type { Claim } from '../claims/claim.ts'
import type { Operand } from './derive.ts'
import { derive } from './derive.ts'
import type { ClaimMatch } from './match.ts'
import { derivedMatch } from './match-evidence.ts'

/** What a sentence is computed from stands near it. */
const farthestLines = 12
/** Of more numbers, some two make any third. */
const mostOperands = 8
/** A number that other evidence holds by accident is more easily made by accident too: what it is computed from stands beside it. */
const farthestCharacters = 300

/**
 * Numbers of the text that nothing holds, or by accident only, and that follow from others of the text that are traced, near them and written
 * alike.
 * @param claims of one document's text, in reading order
 */
export function deriveProse(claims: readonly Claim[], matches: Map<number, ClaimMatch>): void {
  const traced = claims.flatMap((claim): Operand[] => {
    const match = matches.get(claim.id)
    const isOperand = match?.status === 'traced' && match.strength === 'strong' && claim.role === 'result'
    return isOperand ? [{ claim, exact: match.exact ?? null, table: -1, row: -1, column: -1 }] : []
  })
  if (traced.length < 2) return
  for (const claim of claims) {
    const match = matches.get(claim.id)
    if (match === undefined || (match.status !== 'unfound' && match.strength !== 'blind')) continue
    const beside = pairsBeside(claim, traced)
    const derivation =
      match.status === 'unfound'
        ? derive(claim, [...beside, ...linesNear(claim, traced)])
        : derive(claim, beside, { isTold: true })
    if (derivation !== null) matches.set(claim.id, derivedMatch(claim, derivation, match.collision))
  }
}

function linesNear(claim: Claim, traced: readonly Operand[]): Operand[][] {
  const near = traced.filter(({ claim: other }) => Math.abs(other.line - claim.line) <= farthestLines)
  return writtenAlike(near).map((line) => line.slice(-mostOperands))
}

/** The two right before a number, the two right behind it, and the two around it. */
function pairsBeside(claim: Claim, traced: readonly Operand[]): Operand[][] {
  const near = traced.filter(
    ({ claim: other }) => other.end > claim.start - farthestCharacters && other.start < claim.end + farthestCharacters,
  )
  return writtenAlike(near)
    .flatMap((line) => {
      const before = line.filter(({ claim: other }) => other.end <= claim.start)
      const behind = line.filter(({ claim: other }) => other.start >= claim.end)
      return [before.slice(-2), [...before.slice(-1), ...behind.slice(0, 1)], behind.slice(0, 2)]
    })
    .filter(({ length }) => length === 2)
}

function writtenAlike(operands: readonly Operand[]): Operand[][] {
  return [...Map.groupBy(operands, ({ claim: { number } }) => `${number.unit ?? ''} ${number.decimals}`).values()]
}
