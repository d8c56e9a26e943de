import { type RankInterval, rankIntervals } from '../stats/rank-intervals.ts'
import type { BootstrapOptions } from '../stats/resample.ts'
import { mean } from '../stats/mean.ts'
import { compareText, type MarkTable } from './marks.ts'

/** Where an agent stands in a table by its mean overall mark. */
export interface AgentRank extends RankInterval {
  readonly agent: string
}

/**
 * Ranks the agents of a table by the mean over items of the mean over judges, overall mark, with 95 % intervals by resampling
 * tasks. Agents need not have done the same tasks; a resample in which one has no mark is undefined.
 * @returns in the table's order; empty for fewer than two agents, or where no judge gives an overall mark
 */
export function rankAgents(table: MarkTable, options?: BootstrapOptions): AgentRank[] {
  const overall = table.dimensions.indexOf('overall')
  if (overall === -1 || table.agents.length < 2) return []
  const tasks = [...new Set(table.items.map(({ task }) => task))].toSorted(compareText)
  const place = new Map(tasks.map((task, index) => [task, index]))
  const scores = new Map(table.agents.map(({ agent }) => [agent, tasks.map((): number[] => [])]))
  for (const { agent, task, marks } of table.items) {
    const score = mean(marks.flatMap((given) => given[overall] ?? []))
    if (score !== null) scores.get(agent)?.[place.get(task) ?? 0]?.push(score)
  }
  const ranks = rankIntervals([...scores.values()], options)
  return [...scores.keys()].flatMap((agent, index) => {
    const rank = ranks[index]
    return rank === undefined ? [] : [{ agent, ...rank }]
  })
}
