import { mean, standardDeviation } from '../stats/mean.ts'
import type { BootstrapOptions, Interval } from '../stats/resample.ts'
import { bootstrapMeans } from '../stats/resample-means.ts'
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

/** Every agent's marks in one table, agents and dimensions in the table's order. */
export function summariseAgents(table: MarkTable, options?: BootstrapOptions): AgentScores[] {
  const own = Map.groupBy(table.items, ({ agent }) => agent)
  const drafts = table.agents.map(({ agent, run }) => {
    const items = own.get(agent) ?? []
    const clusters = clusterByTask(items)
    const dimensions = table.dimensions.map((dimension, index) => gatherMarks(table, { clusters, dimension, index }))
    return { agent, run, items: items.length, tasks: clusters.length, dimensions }
  })
  const columns = drafts.flatMap(({ dimensions }) =>
    dimensions.flatMap(({ average, judges }) => [average, ...judges.map(({ marks }) => marks)]),
  )
  // all at once, which is much faster than one by one
  const intervals = new Map(
    bootstrapMeans(columns, options).map((interval, place) => [columns[place], interval] as const),
  )
  return drafts.map((draft) => ({
    ...draft,
    dimensions: draft.dimensions.flatMap(({ dimension, average, incompleteItems, judges }) => {
      const summary = summariseMarks(average, intervals.get(average) ?? null)
      if (summary === null) return []
      const byJudge = judges.flatMap(({ judge, marks }) => {
        const given = summariseMarks(marks, intervals.get(marks) ?? null)
        return given === null ? [] : [{ judge, ...given }]
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

/** Marks by task, in the order of the tasks' ids; tasks without marks are not here. */
type TaskMarks = readonly (readonly number[])[]

interface GatheredMarks {
  readonly dimension: string
  readonly average: TaskMarks
  readonly incompleteItems: number
  readonly judges: readonly { readonly judge: string; readonly marks: TaskMarks }[]
}

function gatherMarks(
  { judges }: MarkTable,
  of: { clusters: readonly (readonly MarkedItem[])[]; dimension: string; index: number },
): GatheredMarks {
  const { clusters, dimension, index } = of
  const gather = (markOf: (item: MarkedItem) => number | null): TaskMarks =>
    clusters.map((items) => items.map(markOf).filter((mark) => mark !== null)).filter((marks) => marks.length > 0)
  return {
    dimension,
    average: gather((item) => averageMark(item, index)),
    incompleteItems: clusters.flat().filter(({ marks }) => marks.some((own) => (own[index] ?? null) === null)).length,
    judges: judges.map((judge, place) => ({ judge, marks: gather(({ marks }) => marks[place]?.[index] ?? null) })),
  }
}

function summariseMarks(clusters: TaskMarks, interval: Interval | null): MarkSummary | null {
  const marks = clusters.flat()
  const average = mean(marks)
  const population = standardDeviation(marks, { divisor: 'n' })
  if (average === null || population === null) return null
  return {
    n: marks.length,
    mean: average,
    standardDeviation: { population, sample: standardDeviation(marks, { divisor: 'n-1' }) },
    min: marks.reduce((least, mark) => Math.min(least, mark)),
    max: marks.reduce((most, mark) => Math.max(most, mark)),
    interval,
  }
}
