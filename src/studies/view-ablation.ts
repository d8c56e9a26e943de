import { mean } from '../stats/mean.ts'
import { type BootstrapOptions, bootstrapMean, type Interval } from '../stats/resample.ts'
import { clusterByTask, type MarkedItem, type MarkTable } from './marks.ts'

/** Marks of the same things in the full view and in another one. */
export interface ViewDifference {
  readonly items: number
  readonly fullMean: number
  readonly otherMean: number
  /** Other view minus full view, in points. */
  readonly difference: number
  /** 95 %, by resampling tasks. */
  readonly interval: Interval | null
}

/** What taking something out of a judge's sight does to one agent's marks. */
export interface ViewAblation {
  readonly rubric: string
  readonly judgeKind: MarkTable['judgeKind']
  readonly view: MarkTable['view']
  readonly agent: string
  readonly run: string
  /** Trials with marks in both views, sorted by task. */
  readonly trials: readonly string[]
  readonly dimensions: readonly {
    readonly dimension: string
    /** Of each item the mean over the judges that marked it in both views. */
    readonly average: ViewDifference
    readonly judges: readonly ({ readonly judge: string } & ViewDifference)[]
  }[]
}

/** Compares every other view with the full one, over the things that were judged in both, by the judges that judged both. */
export function ablateViews(tables: readonly MarkTable[], options?: BootstrapOptions): ViewAblation[] {
  return tables
    .filter(({ view }) => view !== 'full')
    .flatMap((other) => {
      const full = tables.find(
        ({ rubric, judgeKind, view }) => view === 'full' && rubric === other.rubric && judgeKind === other.judgeKind,
      )
      return full === undefined
        ? []
        : other.agents.flatMap((agent) => ablateAgent({ full, other }, agent, options) ?? [])
    })
}

interface Views {
  readonly full: MarkTable
  readonly other: MarkTable
}

function ablateAgent(
  { full, other }: Views,
  { agent, run }: MarkTable['agents'][number],
  options: BootstrapOptions | undefined,
): ViewAblation | null {
  const seenWhole = new Map(full.items.filter((item) => item.agent === agent).map((item) => [item.trial, item]))
  const both = other.items.flatMap((item) => {
    const whole = seenWhole.get(item.trial)
    return item.agent === agent && whole !== undefined ? [{ task: item.task, whole, item }] : []
  })
  if (both.length === 0) return null
  const judges = other.judges.filter((judge) => full.judges.includes(judge))
  const markOf = (table: MarkTable, item: MarkedItem, of: { judge: string; dimension: string }): number | null =>
    item.marks[table.judges.indexOf(of.judge)]?.[table.dimensions.indexOf(of.dimension)] ?? null
  const dimensions = other.dimensions.flatMap((dimension) => {
    const byJudge = judges.map((judge) =>
      both.map(({ task, whole, item }): ItemMarks | null => {
        const [a, b] = [markOf(full, whole, { judge, dimension }), markOf(other, item, { judge, dimension })]
        return a === null || b === null ? null : { task, full: a, other: b }
      }),
    )
    const averages = both.flatMap(({ task }, index): ItemMarks[] => {
      const own = byJudge.flatMap((marks) => marks[index] ?? [])
      const [a, b] = [mean(own.map((marks) => marks.full)), mean(own.map((marks) => marks.other))]
      return a === null || b === null ? [] : [{ task, full: a, other: b }]
    })
    const average = compareViews(averages, options)
    if (average === null) return []
    const own = judges.flatMap((judge, place) => {
      const difference = compareViews(
        (byJudge[place] ?? []).filter((marks) => marks !== null),
        options,
      )
      return difference === null ? [] : [{ judge, ...difference }]
    })
    return [{ dimension, average, judges: own }]
  })
  const { rubric, judgeKind, view } = other
  return { rubric, judgeKind, view, agent, run, trials: both.map(({ item }) => item.trial), dimensions }
}

interface ItemMarks {
  readonly task: string
  readonly full: number
  readonly other: number
}

function compareViews(items: readonly ItemMarks[], options: BootstrapOptions | undefined): ViewDifference | null {
  const [fullMean, otherMean] = [mean(items.map(({ full }) => full)), mean(items.map(({ other }) => other))]
  if (fullMean === null || otherMean === null) return null
  const clusters = clusterByTask(items).map((own) => own.map(({ full, other }) => other - full))
  return {
    items: items.length,
    fullMean,
    otherMean,
    difference: otherMean - fullMean,
    interval: bootstrapMean(clusters, options),
  }
}
