import { planTrials } from '../pipeline/plan-trials.ts'
import { formatNumberOf } from '../report/format.ts'
import { renderText, type TextStyle } from '../report/table.ts'
import { loadRubric } from '../rubrics/rubric.ts'
import { stageModel } from '../schema/agent-model.ts'
import type { Network, RunConfig, RunnableAgentSpec } from '../schema/config.ts'
import type { Rubric } from '../schema/rubric.ts'
import type { RunRecord } from '../schema/run.ts'
import type { CommandResult } from './context.ts'

interface PlannedCalls {
  readonly agent: string
  readonly stage: string
  readonly model: string
  /** For one trial; an experiment's steps are known only as a bound. */
  readonly perTrial: { readonly least: number; readonly most: number }
  readonly trials: number
}

/** What a run would do: its trials, and the calls by agent and stage, retries not counted. */
export async function describePlan(record: RunRecord, config: RunConfig, style: TextStyle): Promise<CommandResult> {
  const rubrics = (await Promise.all(config.rubrics.map(loadRubric))).map(({ rubric }) => rubric)
  const trials = planTrials(record)
  const calls = config.agents.flatMap((agent) => {
    const count = trials.filter((trial) => trial.agent.name === agent.name).length
    return [...stageCalls(agent, config), ...judgeCalls(agent, config, rubrics)].map((planned) => ({
      ...planned,
      trials: count,
    }))
  })
  const least = calls.reduce((sum, call) => sum + call.perTrial.least * call.trials, 0)
  const most = calls.reduce((sum, call) => sum + call.perTrial.most * call.trials, 0)
  const table = {
    title: `${formatNumberOf(trials.length, 'trial')}: ${[
      formatNumberOf(record.tasks.length, 'task'),
      formatNumberOf(config.agents.length, 'agent'),
      formatNumberOf(config.repeats, 'repeat'),
    ].join(', ')}`,
    columns: ['agent', 'stage', 'model', 'calls'],
    rows: calls.map(({ agent, stage, model, perTrial, trials: count }) => [
      agent,
      stage,
      model,
      range(perTrial.least * count, perTrial.most * count),
    ]),
    notes: [`In all ${range(least, most)} calls. Nothing was called.`],
  }
  const sandbox = config.sandbox
    ? `sandbox: ${config.sandbox.kind}, network: ${describeNetwork(config.sandbox.network)}\n`
    : ''
  const shown = trials.slice(0, mostTrials).map(({ id }) => `  ${id}\n`)
  const more = trials.length > shown.length ? `  … ${trials.length - shown.length} more; all with --json\n` : ''
  return {
    text: `${renderText([table], style)}\n${sandbox}trials:\n${shown.join('')}${more}`,
    json: { trials: trials.map(({ id }) => id), calls, totalCalls: { least, most }, config },
    exitCode: 0,
  }
}

const mostTrials = 20

const range = (least: number, most: number): string => (least === most ? String(least) : `${least} to ${most}`)

function stageCalls(agent: RunnableAgentSpec, { stages }: RunConfig): Omit<PlannedCalls, 'trials'>[] {
  // of an agent that is one program only its work calls a model
  const own = agent.kind === 'command' ? (['experiment'] as const) : stages
  return own.map((stage) => {
    const perTrial = stage === 'experiment' ? { least: 1, most: agent.coder.maxSteps } : { least: 1, most: 1 }
    const by = stage === 'experiment' ? ` by ${agent.coder.kind}` : ''
    return { agent: agent.name, stage: `${stage}${by}`, model: stageModel(agent, stage) ?? '', perTrial }
  })
}

function judgeCalls(
  agent: RunnableAgentSpec,
  { judges, stages }: RunConfig,
  rubrics: readonly Rubric[],
): Omit<PlannedCalls, 'trials'>[] {
  const judged = rubrics.filter(({ subject }) => stages.includes(subject)).map(({ id }) => id)
  return judges.flatMap((judge) => {
    if (judge.kind !== 'model' || judged.length === 0) return []
    const perTrial = { least: judged.length, most: judged.length }
    return { agent: agent.name, stage: `reviews: ${judged.join(', ')}`, model: judge.model.model, perTrial }
  })
}

function describeNetwork(network: Network): string {
  return typeof network === 'string' ? network : `only ${network.allow.join(', ')}`
}
