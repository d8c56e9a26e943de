import { mean } from '../stats/mean.ts'
import { type BootstrapOptions, bootstrapStatistic, type Interval } from '../stats/resample.ts'
import { clusterByTask, compareText, groupItems, type Mark } from './marks.ts'
import { modelFamily } from './model-family.ts'

/** Whether one judge marks the work of its own family higher than the other judges do, in one dimension. */
export interface SelfPreference {
  readonly judge: string
  readonly dimension: string
  /** Null for a judge of unknown family, which has no own work. */
  readonly family: string | null
  /** The judges of other families it is held against. */
  readonly others: readonly string[]
  /** Artefacts that all of them marked. */
  readonly items: number
  /** Mean of (its mark − the mean mark of the others), in points, by agent. */
  readonly gapByAgent: Readonly<Record<string, number>>
  /** Agents on models of the judge's family. */
  readonly ownAgents: readonly string[]
  /** Agents on models of no judge's family. */
  readonly baselineAgents: readonly string[]
  /** Mean of the baseline agents' gaps; null without any. */
  readonly baseline: number | null
  /** Mean gap of its own agents − baseline, in points; above 0 it favours its own. Null where one side has no agent. */
  readonly points: number | null
  /** 95 %, resampling tasks; null where not asked for, or undefined. */
  readonly interval: Interval | null
}

export interface SelfPreferenceOptions {
  /** The model behind each agent; null or missing: unknown, and then the agent is on neither side. */
  readonly agentModels: ReadonlyMap<string, string | null>
  /** Absent: no intervals. */
  readonly bootstrap?: BootstrapOptions
}

/**
 * Self-preference against the other judges' marks: a judge's gap to the others on texts by its own family, less its gap on texts
 * by models of no judge's family. What all judges see alike, such as the quality of the work, cancels; so does a judge's general
 * severity. One family's texts may still suit its judge for reasons of its own, so this is a difference, not a motive.
 * @returns a row for each judge and dimension, both in code-unit order
 */
export function selfPreference(marks: readonly Mark[], options: SelfPreferenceOptions): SelfPreference[] {
  const judges = [...new Set(marks.map(({ judge }) => judge))].toSorted(compareText)
  const families = new Map(judges.map((judge) => [judge, modelFamily(judge)]))
  const dimensions = [...Map.groupBy(marks, ({ dimension }) => dimension)].toSorted(([a], [b]) => compareText(a, b))
  return judges.flatMap((judge) =>
    dimensions.map(([dimension, own]) => ({ judge, dimension, ...measure(judge, own, { families, options }) })),
  )
}

interface Gap {
  readonly task: string
  readonly agent: string
  readonly gap: number
}

function measure(
  judge: string,
  marks: readonly Mark[],
  { families, options }: { families: ReadonlyMap<string, string | null>; options: SelfPreferenceOptions },
): Omit<SelfPreference, 'judge' | 'dimension'> {
  const family = families.get(judge) ?? null
  const others = [...families].flatMap(([other, its]) =>
    other !== judge && (its === null || its !== family) ? [other] : [],
  )
  const gaps = groupItems(marks).flatMap(({ task, agent, marks: byJudge }): Gap[] => {
    const mark = byJudge.get(judge)
    const held = others.flatMap((other) => byJudge.get(other) ?? [])
    const middle = mean(held)
    if (mark === undefined || middle === null || held.length < others.length) return []
    return [{ task, agent, gap: mark - middle }]
  })
  const agents = [...new Set(gaps.map(({ agent }) => agent))].toSorted(compareText)
  const familyOf = (agent: string): string | null => {
    const model = options.agentModels.get(agent) ?? null
    return model === null ? null : modelFamily(model)
  }
  const judged = new Set(families.values())
  const ownAgents = agents.filter((agent) => family !== null && familyOf(agent) === family)
  const baselineAgents = agents.filter((agent) => familyOf(agent) !== null && !judged.has(familyOf(agent)))
  const difference = (own: readonly Gap[]): number | null =>
    subtract(meanOfAgents(own, ownAgents), meanOfAgents(own, baselineAgents))
  const points = difference(gaps)
  return {
    family,
    others,
    items: gaps.length,
    gapByAgent: Object.fromEntries(agents.map((agent) => [agent, meanOfAgents(gaps, [agent]) ?? Number.NaN])),
    ownAgents,
    baselineAgents,
    baseline: meanOfAgents(gaps, baselineAgents),
    points,
    interval:
      points === null || options.bootstrap === undefined
        ? null
        : bootstrapStatistic(clusterByTask(gaps), difference, options.bootstrap),
  }
}

/** Mean of the agents' mean gaps, each agent counting once; null when one has none. */
function meanOfAgents(gaps: readonly Gap[], agents: readonly string[]): number | null {
  const sums = new Map(agents.map((agent) => [agent, { sum: 0, count: 0 }]))
  for (const { agent, gap } of gaps) {
    const own = sums.get(agent)
    if (own === undefined) continue
    own.sum += gap
    own.count += 1
  }
  const means = [...sums.values()].map(({ sum, count }) => sum / count)
  return means.some(Number.isNaN) ? null : mean(means)
}

function subtract(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b
}
