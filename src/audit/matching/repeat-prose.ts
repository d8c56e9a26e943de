import type { Claim } from '../claims/claim.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { ClaimMatch } from './match.ts'
import { claimPlace } from './match-evidence.ts'

/** Words of one letter or two name nothing. */
const shortestWord = 3
const fewestShared = 2

/**
 * Abstract and conclusion say again what the results section says, in fewer words: a number of the text that is found nowhere, or by accident only, shares the
 * fate of the same number in a sentence with words in common.
 * @param matches of all claims; those of repeated numbers are replaced
 */
export function repeatProse(prose: readonly Claim[], matches: Map<number, ClaimMatch>): void {
  const byText = Map.groupBy(prose, ({ number }) => `${Math.abs(number.value)} ${number.decimals} ${number.unit ?? ''}`)
  for (const group of byText.values()) {
    if (group.length < 2) continue
    const known = group.filter((claim) => {
      const match = matches.get(claim.id)
      return match !== undefined && (match.strength === 'strong' || match.status === 'derived')
    })
    if (known.length === 0) continue
    for (const claim of group) {
      const match = matches.get(claim.id)
      if (match === undefined || (match.status !== 'unfound' && match.strength !== 'blind')) continue
      const words = wordsOf(claim)
      const same = known.find((other) => wordsOf(other).filter((word) => words.includes(word)).length >= fewestShared)
      const found = same === undefined ? undefined : matches.get(same.id)
      if (same === undefined || found === undefined) continue
      const evidence = [claimPlace(same, ''), ...found.evidence].slice(0, 3)
      matches.set(claim.id, { ...found, claim: claim.id, evidence, collision: match.collision })
    }
  }
}

function wordsOf({ where }: Claim): string[] {
  const sentence = where.kind === 'prose' ? where.sentence.slice(0, 4_000) : ''
  return foldWords(sentence).filter((word) => word.length >= shortestWord && !/^\d/.test(word))
}
