import { type Agreement, agreementWithIntervals, type Pair } from '../stats/agreement.ts'
import { kendallTauB, pearson, spearman } from '../stats/correlation.ts'
import type { BootstrapOptions, Interval } from '../stats/resample.ts'
import { clusterByTask, type MarkedItem, type MarkTable } from './marks.ts'

/** How two judges agree over the items that both marked. */
export interface JudgeAgreement {
  readonly dimension: string
  /** In alphabetical order; the bias is the first minus the second. */
  readonly judges: readonly [first: string, second: string]
  readonly items: number
  readonly tasks: number
  readonly means: readonly [first: number, second: number]
  readonly point: Agreement
  /** 95 %, by resampling tasks; null also for a measure whose interval was not asked for. */
  readonly intervals: Readonly<Record<keyof Agreement, Interval | null>>
  /** Between the judges' means for each agent; null for fewer than three agents. */
  readonly systemLevel: {
    readonly systems: number
    readonly pearson: number | null
    readonly spearman: number | null
    readonly kendallTauB: number | null
  } | null
}

export interface JudgeAgreementOptions extends BootstrapOptions {
  /** The measures to give intervals; default: all. */
  readonly measures?: readonly (keyof Agreement)[]
}

/** Each pair of judges of a table in each dimension; pairs without a common item are left out. */
export function agreeAmongJudges(table: MarkTable, options?: JudgeAgreementOptions): JudgeAgreement[] {
  const clusters = clusterByTask(table.items)
  return table.dimensions.flatMap((dimension, index) =>
    table.judges.flatMap((first, x) =>
      table.judges.slice(x + 1).flatMap((second, offset) => {
        const { pairs, byAgent } = pairMarks(clusters, { index, x, y: x + 1 + offset })
        const all = sumPairs(pairs)
        if (all.items === 0) return []
        return [
          {
            dimension,
            judges: [first, second] as const,
            items: all.items,
            tasks: pairs.length,
            means: meansOf(all),
            ...agreementWithIntervals(pairs, options),
            systemLevel: agreeOnSystems(byAgent),
          },
        ]
      }),
    ),
  )
}

interface PairSums {
  items: number
  first: number
  second: number
}

/** Marks of the items that two judges both marked, by task, and their sums by agent. */
function pairMarks(
  clusters: readonly (readonly MarkedItem[])[],
  { index, x, y }: { readonly index: number; readonly x: number; readonly y: number },
): { readonly pairs: Pair[][]; readonly byAgent: Map<string, PairSums> } {
  const pairs: Pair[][] = []
  const byAgent = new Map<string, PairSums>()
  for (const items of clusters) {
    const own: Pair[] = []
    for (const { agent, marks } of items) {
      const first = marks[x]?.[index] ?? null
      const second = marks[y]?.[index] ?? null
      if (first === null || second === null) continue
      own.push([first, second])
      let sums = byAgent.get(agent)
      if (sums === undefined) byAgent.set(agent, (sums = { items: 0, first: 0, second: 0 }))
      addPair(sums, first, second)
    }
    if (own.length > 0) pairs.push(own)
  }
  return { pairs, byAgent }
}

function sumPairs(clusters: readonly (readonly Pair[])[]): PairSums {
  const sums = { items: 0, first: 0, second: 0 }
  for (const pairs of clusters) for (const [first, second] of pairs) addPair(sums, first, second)
  return sums
}

function addPair(sums: PairSums, first: number, second: number): void {
  sums.items += 1
  sums.first += first
  sums.second += second
}

const meansOf = ({ items, first, second }: PairSums): [number, number] => [first / items, second / items]

function agreeOnSystems(byAgent: ReadonlyMap<string, PairSums>): JudgeAgreement['systemLevel'] {
  const means = [...byAgent.values()].map(meansOf)
  if (means.length < 3) return null
  const [x, y] = [means.map(([first]) => first), means.map(([, second]) => second)]
  return { systems: means.length, pearson: pearson(x, y), spearman: spearman(x, y), kendallTauB: kendallTauB(x, y) }
}
