import type { Claim } from '../claims/claim.ts'
import type { EvidenceKind, EvidenceNumber, EvidencePool } from '../evidence/evidence.ts'
import type { ClaimContext } from './context.ts'
import { sharedContext, weighWords } from './context.ts'
import { compareRounded, isPlausibleScale, reachOf, scales } from './rounding.ts'
import type { ValueIndex } from './value-index.ts'
import { indexValues, valuesAround } from './value-index.ts'

/** Evidence that holds the value of a claim. */
export interface Hit {
  readonly evidence: EvidenceNumber
  readonly kind: EvidenceKind
  /** What it shares with the claim, see `sharedContext`. */
  readonly shared: number
  /** For the order of hits: higher is better. */
  readonly score: number
}

export interface Lookup {
  /** All evidence that holds the claim's value, the best first, at most 16. */
  find(claim: Claim, context: ClaimContext): Hit[]
  /** Chance that a number like this is met by accident anywhere in the evidence: 0..1. */
  collision(claim: Claim): number
  /** The same chance among the evidence alone that shares as much with the claim as a hit, or more: 0..1. */
  collisionAmong(claim: Claim, context: ClaimContext, hit: Hit): number
}

/** Evidence of one value that is looked at for one claim: more of it says nothing new. */
const mostLooked = 2_000
const mostKept = 16

const kindScore: Record<EvidenceKind, number> = { process: 0.8, config: 0.3, typed: 0.2, literal: 0.1, plan: 0 }

/** Evidence that shares its words, such as the values of one key in a long list. */
interface WordGroup {
  readonly words: readonly string[]
  /** Path of the report that they stand in; null for other evidence. */
  readonly report: string | null
  /** Their sizes. */
  readonly values: readonly number[]
}

export function openLookup(pool: EvidencePool): Lookup {
  const { numbers } = pool
  const index: ValueIndex = indexValues(numbers.map((number) => number.number.value))
  const weightOf = weighWords(numbers)
  let groups: WordGroup[] | null = null
  return {
    find(claim, context) {
      const stated = Math.abs(claim.number.value)
      const reach = reachOf(claim.number)
      if (!Number.isFinite(stated) || Number.isNaN(reach)) return []
      const wide = reach * (1 + 1e-6) + stated * 1e-9
      const hits: Hit[] = []
      for (const scale of scales) {
        for (const place of index.within([(stated - wide) / scale, (stated + wide) / scale], mostLooked)) {
          const evidence = numbers[place]
          const source = evidence === undefined ? undefined : pool.sources[evidence.source]
          // A document is never evidence for itself.
          if (evidence === undefined || source === undefined || source.path === claim.path) continue
          if (!isPlausibleScale(claim.number, evidence.number.value, scale)) continue
          if (compareRounded(claim.number, evidence.number, scale) !== 'same') continue
          const shared = sharedContext(context, evidence.words, weightOf)
          const precision = evidence.number.decimals > claim.number.decimals ? 0.2 : 0
          const score =
            shared + kindScore[source.kind] + precision + (scale === 1 ? 0.1 : 0) + (source.isDocument ? 0 : 0.1)
          hits.push({ evidence, kind: source.kind, shared, score })
        }
      }
      return hits.sort((a, b) => b.score - a.score).slice(0, mostKept)
    },
    collision: (claim) => index.coverage(claim.number.value, claim.number.decimals),
    collisionAmong(claim, context, { shared }) {
      groups ??= groupByWords(pool)
      const window = valuesAround(claim.number.value, claim.number.decimals)
      if (window === null) return 0
      const { low, high, unit } = window
      const taken = new Set<number>()
      for (const group of groups) {
        if (group.report === claim.path || sharedContext(context, group.words, weightOf) < shared - 1e-9) continue
        for (const value of group.values) {
          for (const scale of scales) {
            const cell = Math.round((value * scale) / unit)
            if (cell >= low && cell <= high) taken.add(cell)
          }
        }
        if (taken.size > high - low) return 1
      }
      return taken.size / (high - low + 1)
    },
  }
}

function groupByWords(pool: EvidencePool): WordGroup[] {
  const byWords = new Map<string, { words: readonly string[]; report: string | null; values: number[] }>()
  for (const { words, source, number } of pool.numbers) {
    const from = pool.sources[source]
    const report = from?.isDocument ? from.path : null
    const key = `${report ?? ''} ${words.join(' ')}`
    const group = byWords.get(key)
    const value = Math.abs(number.value)
    if (group === undefined) byWords.set(key, { words, report, values: [value] })
    else group.values.push(value)
  }
  return [...byWords.values()]
}
