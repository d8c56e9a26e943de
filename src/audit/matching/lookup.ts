import type { Claim } from '../claims/claim.ts'
import type { EvidenceKind, EvidenceNumber, EvidencePool, EvidenceSource } from '../evidence/evidence.ts'
import type { ClaimContext } from './context.ts'
import { sharedContext, weighWords } from './context.ts'
import type { Scale } from './rounding.ts'
import { compareRounded, isPlausibleScale, reachOf, scales } from './rounding.ts'
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

/** Evidence of one value that is looked at for one claim, on each scale; of more, as many are spread over all. */
const mostLooked = 1_000
const mostKept = 16

const kindScore: Record<EvidenceKind, number> = { process: 0.8, config: 0.3, typed: 0.2, literal: 0.1, plan: 0 }

export function openLookup(pool: EvidencePool): Lookup {
  const { numbers } = pool
  const index = indexValues(numbers.map((number) => number.number.value))
  const groupOf = groupByWords(numbers)
  const weightOf = weighWords(numbers)
  /** By context and group of words: numbers of one key in a long list share theirs. */
  const shares = new WeakMap<ClaimContext, Map<number, number>>()

  function sharesOf(context: ClaimContext): (place: number) => number {
    let known = shares.get(context)
    if (known === undefined) shares.set(context, (known = new Map()))
    const own = known
    return (place) => {
      const group = groupOf[place] ?? 0
      let shared = own.get(group)
      if (shared === undefined) {
        shared = sharedContext(context, numbers[place]?.words ?? [], weightOf)
        own.set(group, shared)
      }
      return shared
    }
  }

  /** A document is never evidence for itself. */
  function sourceFor(claim: Claim, place: number): EvidenceSource | null {
    const source = pool.sources[numbers[place]?.source ?? -1]
    return source === undefined || source.path === claim.path ? null : source
  }

  function holds(claim: Claim, place: number, scale: Scale): boolean {
    const found = numbers[place]?.number
    return (
      found !== undefined &&
      isPlausibleScale(claim.number, found.value, scale) &&
      compareRounded(claim.number, found, scale) === 'same'
    )
  }

  return {
    find(claim, context) {
      const stated = Math.abs(claim.number.value)
      const reach = reachOf(claim.number)
      if (!Number.isFinite(stated) || Number.isNaN(reach)) return []
      const wide = reach * (1 + 1e-6) + stated * 1e-9
      const hits: Hit[] = []
      const sharedWith = sharesOf(context)
      for (const scale of scales) {
        for (const place of index.within([(stated - wide) / scale, (stated + wide) / scale], mostLooked)) {
          const source = sourceFor(claim, place)
          const evidence = numbers[place]
          if (source === null || evidence === undefined || !holds(claim, place, scale)) continue
          const shared = sharedWith(place)
          const precision = evidence.number.decimals > claim.number.decimals ? 0.2 : 0
          const byForm = precision + (scale === 1 ? 0.1 : 0) + (source.isDocument ? 0 : 0.1)
          keepBest(hits, { evidence, kind: source.kind, shared, score: shared + kindScore[source.kind] + byForm })
        }
      }
      return hits
    },
    collision: (claim) => index.coverage(claim.number.value, claim.number.decimals),
    collisionAmong(claim, context, { shared }) {
      const window = valuesAround(claim.number.value, claim.number.decimals)
      if (window === null) return 0
      const { low, high, unit } = window
      const taken = new Set<number>()
      const sharedWith = sharesOf(context)
      for (const scale of scales) {
        const range = [((low - 0.5) * unit) / scale, ((high + 0.5) * unit) / scale] as const
        for (const place of index.within(range, mostLooked)) {
          if (sharedWith(place) < shared - 1e-9 || sourceFor(claim, place) === null) continue
          const cell = Math.round((Math.abs(numbers[place]?.number.value ?? 0) * scale) / unit)
          if (cell >= low && cell <= high) taken.add(cell)
        }
      }
      return taken.size / (high - low + 1)
    },
  }
}

/** Puts a hit in its place among the best ones, the first of equals first. */
function keepBest(hits: Hit[], hit: Hit): void {
  let at = hits.length
  while (at > 0 && (hits[at - 1]?.score ?? 0) < hit.score) at -= 1
  if (at >= mostKept) return
  hits.splice(at, 0, hit)
  if (hits.length > mostKept) hits.pop()
}

/** For each number which group of the same words it belongs to. */
function groupByWords(numbers: readonly EvidenceNumber[]): Int32Array {
  const groups = new Map<string, number>()
  return Int32Array.from(numbers, ({ words }) => {
    const key = words.join(' ')
    const known = groups.get(key)
    if (known !== undefined) return known
    groups.set(key, groups.size)
    return groups.size - 1
  })
}
