import type { Claim } from '../claims/claim.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { ClaimMatch } from './match.ts'
import { claimPlace } from './match-evidence.ts'

/** Words of one letter or two name nothing. */
const shortestWord = 3
const fewestShared = 2
/** Sentences with the same number that are compared. */
const mostKnown = 20

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
    const knownWords = known.slice(0, mostKnown).map((other) => ({ other, words: wordsOf(other) }))
    for (const claim of group) {
      const match = matches.get(claim.id)
      if (match === undefined || (match.status !== 'unfound' && match.strength !== 'blind')) continue
      const words = wordsOf(claim)
      const same = knownWords.find(
        (one) => one.words.filter((word) => words.includes(word)).length >= fewestShared,
      )?.other
      const found = same === undefined ? undefined : matches.get(same.id)
      if (same === undefined || found === undefined) continue
      const evidence = [claimPlace(same, ''), ...found.evidence].slice(0, 3)
      matches.set(claim.id, { ...found, claim: claim.id, evidence, collision: match.collision })
    }
  }
}

function wordsOf({ where }: Claim): string[] {
  const sentence = where.kind === 'prose' ? where.sentence.slice(0, 1_000) : ''
  return foldWords(sentence).filter((word) => word.length >= shortestWord && !/^\d/.test(word))
}
