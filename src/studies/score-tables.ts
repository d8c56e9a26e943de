import { mean, standardDeviations } from '../stats/mean.ts'
import { bootstrapMeans, type BootstrapOptions, type ClusterSums, type Interval } from '../stats/resample.ts'
import { clusterByTask, type MarkedItem, type MarkTable } from './marks.ts'
import { type PaperFigures, roundAsPaper } from './paper-rounding.ts'

/** Marks of several items, 1..10. */
export interface MarkSummary {
  /** Items with a mark. */
  readonly n: number
  readonly mean: number
  readonly standardDeviation: { readonly population: number; readonly sample: number | null }
  readonly min: number
  readonly max: number
  /** Of the mean, 95 %, by resampling tasks. */
  readonly interval: Interval | null
}

export interface DimensionScores {
  /** A dimension of the rubric, or `overall`. */
  readonly dimension: string
  /** Over items of the mean over those judges that marked the item. */
  readonly average: MarkSummary
  /** Items that some judge of the table did not mark. */
  readonly incompleteItems: number
  readonly judges: readonly ({ readonly judge: string } & MarkSummary)[]
  /** The same in the paper's rounding. */
  readonly paper: PaperFigures | null
}

export interface AgentScores {
  readonly agent: string
  readonly run: string
  readonly items: number
  readonly tasks: number
  /** Without those in which the agent has no mark. */
  readonly dimensions: readonly DimensionScores[]
}

/**
 * Every agent's marks in one table, agents and dimensions in the table's order.
 * @param options.ofJudges whether single judges' means get intervals too; default true
 */
export function summariseAgents(
  table: MarkTable,
  { ofJudges = true, ...options }: BootstrapOptions & { readonly ofJudges?: boolean } = {},
): AgentScores[] {
  const own = Map.groupBy(table.items, ({ agent }) => agent)
  const drafts = table.agents.map(({ agent, run }) => {
    const items = own.get(agent) ?? []
    const clusters = clusterByTask(items)
    const dimensions = table.dimensions.map((dimension, index) =>
      gatherDimension(table, { clusters, dimension, index }),
    )
    return { agent, run, items: items.length, tasks: clusters.length, dimensions }
  })
  const columns = drafts.flatMap(({ dimensions }) =>
    dimensions.flatMap(({ average, judges }) => [average, ...(ofJudges ? judges.map(({ given }) => given) : [])]),
  )
  // all at once, which is much faster than one by one
  const intervals = new Map(
    bootstrapMeans(columns, options).map((interval, place) => [columns[place], interval] as const),
  )
  return drafts.map((draft) => ({
    ...draft,
    dimensions: draft.dimensions.flatMap(({ dimension, average, incompleteItems, judges }) => {
      const summary = summariseMarks(average.marks, intervals.get(average) ?? null)
      if (summary === null) return []
      const byJudge = judges.flatMap(({ judge, given }) => {
        const own = summariseMarks(given.marks, intervals.get(given) ?? null)
        return own === null ? [] : [{ judge, ...own }]
      })
      const figures = byJudge.map(({ judge, mean: own, standardDeviation }) => ({
        judge,
        mean: own,
        populationDeviation: standardDeviation.population,
      }))
      return [{ dimension, average: summary, incompleteItems, judges: byJudge, paper: roundAsPaper(figures) }]
    }),
  }))
}

/** The mean over the judges that marked an item; null when none did. */
export function averageMark({ marks }: MarkedItem, dimension: number): number | null {
  let [sum, count] = [0, 0]
  for (const own of marks) {
    const mark = own[dimension] ?? null
    if (mark === null) continue
    sum += mark
    count += 1
  }
  return count === 0 ? null : sum / count
}

/** Marks of one kind, with their sums by task in the order of the tasks' ids; tasks without marks are not in the sums. */
interface GatheredMarks extends ClusterSums {
  readonly marks: readonly number[]
}

interface GatheredDimension {
  readonly dimension: string
  readonly average: GatheredMarks
  readonly incompleteItems: number
  readonly judges: readonly { readonly judge: string; readonly given: GatheredMarks }[]
}

function gatherDimension(
  { judges }: MarkTable,
  of: { clusters: readonly (readonly MarkedItem[])[]; dimension: string; index: number },
): GatheredDimension {
  const { clusters, dimension, index } = of
  let incompleteItems = 0
  for (const items of clusters)
    for (const { marks } of items) if (marks.some((own) => (own[index] ?? null) === null)) incompleteItems += 1
  return {
    dimension,
    average: gatherMarks(clusters, (item) => averageMark(item, index)),
    incompleteItems,
    judges: judges.map((judge, place) => ({
      judge,
      given: gatherMarks(clusters, ({ marks }) => marks[place]?.[index] ?? null),
    })),
  }
}

function gatherMarks(
  clusters: readonly (readonly MarkedItem[])[],
  markOf: (item: MarkedItem) => number | null,
): GatheredMarks {
  const marks: number[] = []
  const [sums, sizes] = [new Float64Array(clusters.length), new Float64Array(clusters.length)]
  let tasks = 0
  for (const items of clusters) {
    const before = marks.length
    let sum = 0
    for (const item of items) {
      const mark = markOf(item)
      if (mark === null) continue
      marks.push(mark)
      sum += mark
    }
    if (marks.length === before) continue
    sums[tasks] = sum
    sizes[tasks] = marks.length - before
    tasks += 1
  }
  return { marks, sums: sums.subarray(0, tasks), sizes: sizes.subarray(0, tasks) }
}

function summariseMarks(marks: readonly number[], interval: Interval | null): MarkSummary | null {
  const average = mean(marks)
  const { population, sample } = standardDeviations(marks)
  if (average === null || population === null) return null
  return {
    n: marks.length,
    mean: average,
    standardDeviation: { population, sample },
    min: marks.reduce((least, mark) => Math.min(least, mark)),
    max: marks.reduce((most, mark) => Math.max(most, mark)),
    interval,
  }
}
