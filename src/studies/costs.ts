import { type Stage, stages as allStages } from '../schema/stage.ts'
import type { TrialState } from '../schema/state.ts'
import type { Usage } from '../schema/usage.ts'
import { mean } from '../stats/mean.ts'
import { labelAgents } from './marks.ts'

/** One run with what its trials' events come to. */
export interface CostedRun {
  readonly run: string
  /** The stages its agents were to do. */
  readonly stages: readonly Stage[]
  readonly agents: readonly {
    readonly name: string
    /** `provider/model` behind its coder; null where unknown. */
    readonly coderModel: string | null
  }[]
  readonly trials: readonly {
    readonly id: string
    readonly task: string
    readonly agent: string
    readonly state: TrialState
  }[]
}

/** Dollars and what else a coder reports. Null: not known, or not done; a sum with something unknown in it is unknown. */
export interface CostFigures {
  readonly stages: Readonly<Partial<Record<Stage, number | null>>>
  /** All stages but the experiment. */
  readonly writingUsd: number | null
  readonly codingUsd: number | null
  /** Of the whole trial: also what a source tells of the trial alone, and not by stage. */
  readonly totalUsd: number | null
  /** As the coder reports its sessions. */
  readonly sessionDurationMs: number | null
  readonly sessionTokens: number | null
}

export interface AgentCosts {
  readonly agent: string
  readonly run: string
  /** Every trial with a stage begun, sorted as the run has them. */
  readonly trials: readonly (CostFigures & {
    readonly trial: string
    readonly task: string
    readonly complete: boolean
  })[]
  /** Means over the complete trials: those in which every stage of the run is done. Null without one. */
  readonly means: (CostFigures & { readonly trials: number }) | null
  /** Means over the complete trials whose coder's calls are known. Null without one. */
  readonly coderCalls: CoderCalls | null
  /** A sentence on what these costs leave out; null where nothing is known to be. */
  readonly caveat: string | null
}

/** Tokens of a coder's calls, means over trials. */
export interface CoderCalls {
  readonly trials: number
  readonly calls: number
  /** Input that no cache held. */
  readonly inputTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly cacheReadTokens: number | null
  readonly outputTokens: number | null
  /** Trials whose calls neither read from nor wrote to a cache. */
  readonly trialsWithoutCache: number
  /** Trials whose calls report fewer than 100 tokens of input each, cached ones included: less than any coder's own prompt. */
  readonly trialsWithoutInput: number
  /** What the output alone costs at list prices. */
  readonly outputOnlyUsd: number | null
}

/** Dollars for so many output tokens of a model (`provider/model`); null where the price is not known. */
export type PriceOutput = (model: string, outputTokens: number) => number | null

/** What the agents' work cost, by trial and stage; the judges' costs are not in it. Agents without a stage begun are left out. */
export function summariseCosts(runs: readonly CostedRun[], priceOutput: PriceOutput): AgentCosts[] {
  const label = labelAgents(runs.map(({ run, agents }) => ({ run, agents: agents.map(({ name }) => name) })))
  return runs.flatMap(({ run, stages, agents, trials }) => {
    const byAgent = Map.groupBy(trials, ({ agent }) => agent)
    return agents.flatMap(({ name, coderModel }) => {
      const begun = (byAgent.get(name) ?? []).filter(({ state }) => Object.keys(state.stages).length > 0)
      if (begun.length === 0) return []
      const costed = begun.map(({ id, task, state }) => ({
        figures: { trial: id, task, complete: stages.every((stage) => state.stages[stage]?.status === 'done') },
        costs: costsOf(state),
        state,
      }))
      const complete = costed.filter(({ figures }) => figures.complete)
      const coderCalls = summariseCalls(
        complete.map(({ state }) => state),
        (tokens) => (coderModel === null ? null : priceOutput(coderModel, tokens)),
      )
      return [
        {
          agent: label(run, name),
          run,
          trials: costed.map(({ figures, costs }) => ({ ...figures, ...costs })),
          means:
            complete.length === 0
              ? null
              : { trials: complete.length, ...meanCosts(complete.map(({ costs }) => costs)) },
          coderCalls,
          caveat: coderCalls === null ? null : caveatOf(coderCalls),
        },
      ]
    })
  })
}

function costsOf({ stages, spending, spendingByStage, sessionsByStage }: TrialState): CostFigures {
  const begun = allStages.filter((stage) => stages[stage] !== undefined)
  const costOf = (stage: Stage): number | null => {
    const own = spendingByStage[stage]
    // a stage of which no call is known was not done for nothing
    const untold = own === undefined || (own.calls === 0 && own.costUsd === 0)
    return untold ? null : own.costUsd
  }
  const costs = Object.fromEntries(begun.map((stage) => [stage, costOf(stage)]))
  const sum = (chosen: readonly Stage[]): number | null =>
    chosen.length === 0 ? null : sumKnown(chosen.map((stage) => costs[stage] ?? null))
  const session = sessionsByStage.experiment
  return {
    stages: costs,
    writingUsd: sum(begun.filter((stage) => stage !== 'experiment')),
    codingUsd: costs['experiment'] ?? null,
    totalUsd: begun.every((stage) => costs[stage] === null) ? null : spending.costUsd,
    sessionDurationMs: session?.durationMs ?? null,
    sessionTokens: session?.totalTokens ?? null,
  }
}

function meanCosts(costs: readonly CostFigures[]): CostFigures {
  const average = (pick: (own: CostFigures) => number | null): number | null => meanKnown(costs.map(pick))
  const begun = allStages.filter((stage) => costs.some(({ stages }) => stages[stage] !== undefined))
  return {
    stages: Object.fromEntries(begun.map((stage) => [stage, average(({ stages }) => stages[stage] ?? null)])),
    writingUsd: average(({ writingUsd }) => writingUsd),
    codingUsd: average(({ codingUsd }) => codingUsd),
    totalUsd: average(({ totalUsd }) => totalUsd),
    sessionDurationMs: average(({ sessionDurationMs }) => sessionDurationMs),
    sessionTokens: average(({ sessionTokens }) => sessionTokens),
  }
}

function summariseCalls(states: readonly TrialState[], price: (tokens: number) => number | null): CoderCalls | null {
  const called = states.flatMap(({ spendingByStage: { experiment } }) =>
    experiment === undefined || experiment.calls === 0 ? [] : [experiment],
  )
  if (called.length === 0) return null
  const average = (pick: (usage: Usage) => number | null): number | null =>
    meanKnown(called.map(({ usage }) => pick(usage)))
  const outputTokens = average((usage) => usage.outputTokens)
  return {
    trials: called.length,
    calls: mean(called.map(({ calls }) => calls)) ?? 0,
    inputTokens: average(({ inputTokens, cachedReadTokens, cachedWriteTokens }) =>
      inputTokens === null || cachedReadTokens === null || cachedWriteTokens === null
        ? null
        : inputTokens - cachedReadTokens - cachedWriteTokens,
    ),
    cacheWriteTokens: average((usage) => usage.cachedWriteTokens),
    cacheReadTokens: average((usage) => usage.cachedReadTokens),
    outputTokens,
    trialsWithoutCache: called.filter(({ usage }) => usage.cachedReadTokens === 0 && usage.cachedWriteTokens === 0)
      .length,
    trialsWithoutInput: called.filter(
      ({ usage, calls }) => usage.inputTokens !== null && usage.inputTokens < calls * leastInputTokens,
    ).length,
    outputOnlyUsd: outputTokens === null ? null : price(outputTokens),
  }
}

const leastInputTokens = 100

function caveatOf({ trials, trialsWithoutInput, calls, inputTokens }: CoderCalls): string | null {
  if (trialsWithoutInput === 0) return null
  const perCall = inputTokens === null ? '' : ` (${(inputTokens / calls).toFixed(0)} outside caches on average)`
  return (
    `In ${trialsWithoutInput} of ${trials} trials the coder's calls report almost no input tokens${perCall}, which no coder ` +
    'can work with: costs there are of the output alone, and not like for like with those of agents whose input was counted.'
  )
}

const sumKnown = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum: number | null, value) => (sum === null || value === null ? null : sum + value), 0)

/** Null as soon as one value is unknown, and without values. */
const meanKnown = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length < values.length ? null : mean(known)
}
