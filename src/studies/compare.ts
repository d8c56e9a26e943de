import { cliffsDelta } from '../stats/effect.ts'
import { type Equivalence, tost } from '../stats/equivalence.ts'
import { mean } from '../stats/mean.ts'
import { benjaminiHochberg, holm } from '../stats/multiple.ts'
import { pairedPermutationTest } from '../stats/permutation.ts'
import { bootstrapMean, type BootstrapOptions, type Interval } from '../stats/resample.ts'
import { wilcoxonSignedRank } from '../stats/wilcoxon.ts'
import type { MarkedItem, MarkTable } from './marks.ts'

/** One agent against another in one dimension, paired by task. */
export interface PairedComparison {
  readonly rubric: string
  readonly view: MarkTable['view']
  readonly judgeKind: MarkTable['judgeKind']
  readonly dimension: string
  /** Tasks both did, and that some judge marked for both. */
  readonly tasks: number
  readonly meanFirst: number
  readonly meanSecond: number
  /** Mean over tasks of first minus second, in points. */
  readonly difference: number
  /** 95 %, by resampling tasks. */
  readonly interval: Interval | null
  /** Two-sided, by flipping the signs of whole tasks. */
  readonly p: number
  /** Adjusted over all comparisons made at once. */
  readonly pHolm: number
  readonly pBenjaminiHochberg: number
  /** Two-sided Wilcoxon signed-rank test over tasks, which looks at ranks alone; null when no task differs. */
  readonly pWilcoxon: number | null
  /** Chance that a task's mean of the first is above one of the second, less the reverse, -1..1; tasks are not paired here. */
  readonly cliffsDelta: number | null
  /** Whether the difference is shown to lie within the margin, by two one-sided t-tests over tasks. */
  readonly equivalence: Equivalence
  /** Tasks on which the first is above, level with, and below the second. */
  readonly wins: number
  readonly ties: number
  readonly losses: number
  /** The differences themselves, sorted by task. */
  readonly byTask: readonly { readonly task: string; readonly difference: number }[]
}

export interface AgentComparison {
  readonly first: string
  readonly second: string
  readonly comparisons: readonly PairedComparison[]
  /** Tasks that only one of the two did, by rubric and view: they count nowhere. */
  readonly unpaired: readonly {
    readonly rubric: string
    readonly view: string
    readonly onlyFirst: readonly string[]
    readonly onlySecond: readonly string[]
  }[]
}

/** Points by which two agents may differ and still count as the same. */
export const defaultMargin = 0.5

/**
 * Compares two agents of these tables. For each task and judge the marks of both are subtracted, so that a judge who marks
 * high counts for both alike; the differences are averaged over judges, repeats and then tasks. P-values are adjusted over all
 * dimensions and rubrics.
 * @param options.margin of equivalence, in points; default 0.5. Set it before you look
 */
export function compareAgents(
  tables: readonly MarkTable[],
  agents: { readonly first: string; readonly second: string },
  options: BootstrapOptions & { readonly margin?: number } = {},
): AgentComparison {
  const compared: Omit<PairedComparison, 'pHolm' | 'pBenjaminiHochberg'>[] = []
  const unpaired: AgentComparison['unpaired'][number][] = []
  for (const table of tables) {
    const [first, second] = [itemsByTask(table, agents.first), itemsByTask(table, agents.second)]
    if (first.size === 0 || second.size === 0) continue
    const only = (own: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] =>
      [...own.keys()].filter((task) => !other.has(task))
    const { rubric, view, judgeKind } = table
    unpaired.push({ rubric, view, onlyFirst: only(first, second), onlySecond: only(second, first) })
    for (const [index, dimension] of table.dimensions.entries()) {
      const pairs = [...first].flatMap(([task, own]) => pairTask(table, { task, index }, [own, second.get(task) ?? []]))
      if (pairs.length === 0) continue
      const differences = pairs.map(({ difference }) => difference)
      const clusters = differences.map((difference) => [difference])
      compared.push({
        rubric,
        view,
        judgeKind,
        dimension,
        tasks: pairs.length,
        meanFirst: mean(pairs.map((pair) => pair.first)) ?? Number.NaN,
        meanSecond: mean(pairs.map((pair) => pair.second)) ?? Number.NaN,
        difference: mean(differences) ?? Number.NaN,
        interval: bootstrapMean(clusters, options),
        p: pairedPermutationTest(clusters, { seed: options.seed }).p ?? Number.NaN,
        pWilcoxon: wilcoxonSignedRank(differences).p,
        cliffsDelta: cliffsDelta(
          pairs.map((pair) => pair.first),
          pairs.map((pair) => pair.second),
        ),
        equivalence: tost(differences, { margin: options.margin ?? defaultMargin }),
        wins: differences.filter((difference) => difference > 0).length,
        ties: differences.filter((difference) => difference === 0).length,
        losses: differences.filter((difference) => difference < 0).length,
        byTask: pairs.map(({ task, difference }) => ({ task, difference })),
      })
    }
  }
  const pValues = compared.map(({ p }) => p)
  const [byHolm, byRate] = [holm(pValues), benjaminiHochberg(pValues)]
  return {
    ...agents,
    unpaired,
    comparisons: compared.map((comparison, index) => ({
      ...comparison,
      pHolm: byHolm[index] ?? Number.NaN,
      pBenjaminiHochberg: byRate[index] ?? Number.NaN,
    })),
  }
}

function itemsByTask({ items }: MarkTable, agent: string): Map<string, MarkedItem[]> {
  return Map.groupBy(
    items.filter((item) => item.agent === agent),
    ({ task }) => task,
  )
}

interface TaskPair {
  readonly task: string
  readonly first: number
  readonly second: number
  readonly difference: number
}

/** Means of the two over the judges that marked both; none when no judge did. */
function pairTask(
  { judges }: MarkTable,
  { task, index }: { task: string; index: number },
  [first, second]: readonly [readonly MarkedItem[], readonly MarkedItem[]],
): TaskPair[] {
  const markOf = (items: readonly MarkedItem[], judge: number): number | null =>
    mean(items.flatMap(({ marks }) => marks[judge]?.[index] ?? []))
  const both = judges.flatMap((_name, judge) => {
    const [a, b] = [markOf(first, judge), markOf(second, judge)]
    return a === null || b === null ? [] : [{ a, b }]
  })
  const [a, b] = [mean(both.map((pair) => pair.a)), mean(both.map((pair) => pair.b))]
  return a === null || b === null ? [] : [{ task, first: a, second: b, difference: a - b }]
}
