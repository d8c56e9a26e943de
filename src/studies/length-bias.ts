import { pearson, spearman } from '../stats/correlation.ts'
import { mean } from '../stats/mean.ts'
import { type BootstrapOptions, bootstrapStatistic, type Interval } from '../stats/resample.ts'
import { clusterByTask, compareText, groupItems, type Mark } from './marks.ts'

/** An overall mark with the length of what was marked. */
export interface LengthMark extends Omit<Mark, 'dimension'> {
  /** Unicode code points of the subject. */
  readonly characters: number
}

/** How one judge's overall marks go with length. Correlations are null where lengths or marks do not vary. */
export interface LengthBias {
  readonly judge: string
  readonly items: number
  /** Over all items: who writes longer may also write better, so read the figures within agents. */
  readonly spearman: number | null
  readonly pearson: number | null
  /** Among the texts of one agent, by agent. */
  readonly spearmanByAgent: Readonly<Record<string, number | null>>
  /** Mean of those that are defined. */
  readonly within: number | null
  /** 95 %, resampling tasks; null where not asked for, or undefined. */
  readonly withinInterval: Interval | null
  /**
   * The same for (its mark − the mean mark of the other judges): what it gives to length beyond what they give. Null with one
   * judge, or where the difference does not vary.
   */
  readonly beyondOthers: number | null
  readonly beyondOthersInterval: Interval | null
}

/**
 * Spearman and Pearson correlation of the length of a text with its overall mark, pooled and within each agent. Length may
 * come with quality: only `beyondOthers` holds a judge against others who read the same texts.
 * @returns a row for each judge, in code-unit order
 */
export function lengthBias(
  marks: readonly LengthMark[],
  options: { readonly bootstrap?: BootstrapOptions } = {},
): LengthBias[] {
  const lengths = new Map(marks.map(({ task, agent, characters }) => [JSON.stringify([task, agent]), characters]))
  const items = groupItems(marks.map((mark) => ({ ...mark, dimension: 'overall' })))
  const judges = [...new Set(marks.map(({ judge }) => judge))].toSorted(compareText)
  return judges.map((judge) => {
    const points = items.flatMap(({ task, agent, marks: byJudge }): Point[] => {
      const score = byJudge.get(judge)
      const characters = lengths.get(JSON.stringify([task, agent]))
      if (score === undefined || characters === undefined) return []
      const others = mean(judges.flatMap((other) => (other === judge ? [] : (byJudge.get(other) ?? []))))
      return [{ task, agent, characters, score, difference: others === null ? null : score - others }]
    })
    const compared = points.flatMap((point) => (point.difference === null ? [] : { ...point, score: point.difference }))
    const byAgent = correlateByAgent(points)
    return {
      judge,
      items: points.length,
      spearman: spearman(points.map(charactersOf), points.map(scoreOf)),
      pearson: pearson(points.map(charactersOf), points.map(scoreOf)),
      spearmanByAgent: Object.fromEntries([...byAgent].toSorted(([a], [b]) => compareText(a, b))),
      within: correlateWithin(points),
      withinInterval: intervalOf(points, options.bootstrap),
      beyondOthers: correlateWithin(compared),
      beyondOthersInterval: intervalOf(compared, options.bootstrap),
    }
  })
}

interface Point {
  readonly task: string
  readonly agent: string
  readonly characters: number
  readonly score: number
  /** To the mean of the other judges. */
  readonly difference: number | null
}

const charactersOf = ({ characters }: Point): number => characters
const scoreOf = ({ score }: Point): number => score

function correlateByAgent(points: readonly Point[]): Map<string, number | null> {
  const byAgent = Map.groupBy(points, ({ agent }) => agent)
  return new Map([...byAgent].map(([agent, own]) => [agent, spearman(own.map(charactersOf), own.map(scoreOf))]))
}

function correlateWithin(points: readonly Point[]): number | null {
  return mean([...correlateByAgent(points).values()].filter((value) => value !== null))
}

function intervalOf(points: readonly Point[], bootstrap: BootstrapOptions | undefined): Interval | null {
  if (bootstrap === undefined) return null
  return bootstrapStatistic(clusterByTask(points), correlateWithin, bootstrap)
}
