import { type Agreement, agreementWithIntervals, type Pair } from '../stats/agreement.ts'
import { kendallTauB, pearson, spearman } from '../stats/correlation.ts'
import { mean } from '../stats/mean.ts'
import type { BootstrapOptions, Interval } from '../stats/resample.ts'
import { clusterByTask, type MarkTable } from './marks.ts'

/** How two judges agree over the items that both marked. */
export interface JudgeAgreement {
  readonly dimension: string
  /** In alphabetical order; the bias is the first minus the second. */
  readonly judges: readonly [first: string, second: string]
  readonly items: number
  readonly tasks: number
  readonly means: readonly [first: number, second: number]
  readonly point: Agreement
  /** 95 %, by resampling tasks. */
  readonly intervals: Readonly<Record<keyof Agreement, Interval | null>>
  /** Between the judges' means for each agent; null for fewer than three agents. */
  readonly systemLevel: {
    readonly systems: number
    readonly pearson: number | null
    readonly spearman: number | null
    readonly kendallTauB: number | null
  } | null
}

/** Each pair of judges of a table in each dimension; pairs without a common item are left out. */
export function agreeAmongJudges(table: MarkTable, options?: BootstrapOptions): JudgeAgreement[] {
  const clusters = clusterByTask(table.items)
  return table.dimensions.flatMap((dimension, index) =>
    table.judges.flatMap((first, x) =>
      table.judges.slice(x + 1).flatMap((second, offset) => {
        const y = x + 1 + offset
        const marked = clusters
          .map((items) =>
            items.flatMap(({ agent, marks }) => {
              const [a, b] = [marks[x]?.[index] ?? null, marks[y]?.[index] ?? null]
              return a === null || b === null ? [] : [{ agent, pair: [a, b] as const satisfies Pair }]
            }),
          )
          .filter(({ length }) => length > 0)
        const pairs = marked.flat()
        const means = meansOf(pairs)
        if (means === null) return []
        return [
          {
            dimension,
            judges: [first, second] as const,
            items: pairs.length,
            tasks: marked.length,
            means,
            ...agreementWithIntervals(
              marked.map((items) => items.map(({ pair }) => pair)),
              options,
            ),
            systemLevel: agreeOnSystems(pairs),
          },
        ]
      }),
    ),
  )
}

interface AgentPair {
  readonly agent: string
  readonly pair: Pair
}

function meansOf(pairs: readonly AgentPair[]): [number, number] | null {
  const [x, y] = [mean(pairs.map(({ pair }) => pair[0])), mean(pairs.map(({ pair }) => pair[1]))]
  return x === null || y === null ? null : [x, y]
}

function agreeOnSystems(pairs: readonly AgentPair[]): JudgeAgreement['systemLevel'] {
  const means = [...Map.groupBy(pairs, ({ agent }) => agent).values()].flatMap((own) => {
    const both = meansOf(own)
    return both === null ? [] : [both]
  })
  if (means.length < 3) return null
  const [x, y] = [means.map(([first]) => first), means.map(([, second]) => second)]
  return { systems: means.length, pearson: pearson(x, y), spearman: spearman(x, y), kendallTauB: kendallTauB(x, y) }
}
