import { rubricIds } from '../rubrics/rubric.ts'
import { stageModel } from '../schema/agent-model.ts'
import type { AgentSpec } from '../schema/config.ts'
import type { Review } from '../schema/review.ts'
import type { Stage } from '../schema/stage.ts'
import type { BootstrapOptions } from '../stats/resample.ts'
import { type Drift, measureDrift } from './drift.ts'
import { type LengthBias, lengthBias } from './length-bias.ts'
import { listMarks, tabulateMarks } from './marks.ts'
import { type SelfPreference, selfPreference } from './self-preference.ts'

/** What reviews that are there tell of their judges. */
export interface JudgeBias {
  readonly groups: readonly {
    /** Rubric, and the view where it is not the full one. */
    readonly name: string
    readonly selfPreference: readonly SelfPreference[]
    readonly length: readonly LengthBias[]
  }[]
  readonly drift: readonly Drift[]
}

export interface RunWithReviews {
  readonly run: string
  readonly agents: readonly AgentSpec[]
  readonly reviews: readonly Review[]
}

/** Set beforehand: a quarter of a point moves no conclusion. */
const preferenceThatMatters = 0.25
/** Set beforehand: a correlation below is what is commonly called small. */
const correlationThatMatters = 0.1

/** Self-preference and length by rubric and view, over model judges alone; drift over all judges. */
export function measureBias(runs: readonly RunWithReviews[], bootstrap: BootstrapOptions = {}): JudgeBias {
  const tables = tabulateMarks(
    runs.map(({ run, agents, reviews }) => ({ run, agents: agents.map(({ name }) => name), reviews })),
    'mean',
  ).filter(({ judgeKind }) => judgeKind === 'model')
  const specs = new Map(runs.flatMap(({ run, agents }) => agents.map((agent) => [`${run}\n${agent.name}`, agent])))
  return {
    groups: tables.map((table) => {
      const models = table.agents.map(({ agent, run }) => {
        const name = agent.startsWith(`${run}:`) ? agent.slice(run.length + 1) : agent
        const spec = specs.get(`${run}\n${name}`)
        return [agent, spec === undefined ? null : stageModel(spec, stageOf(table.rubric))] as const
      })
      const overall = table.dimensions.indexOf('overall')
      const lengths = table.items.flatMap(({ task, agent, characters, marks }) =>
        table.judges.flatMap((judge, place) => {
          const score = marks[place]?.[overall] ?? null
          return score === null || characters === null ? [] : [{ task, agent, judge, score, characters }]
        }),
      )
      return {
        name: table.view === 'full' ? table.rubric : `${table.rubric} (${table.view})`,
        selfPreference: selfPreference(listMarks(table), { agentModels: new Map(models), bootstrap }),
        length: lengthBias(lengths, { bootstrap }),
      }
    }),
    drift: measureDrift(
      runs.flatMap(({ run, reviews }) => reviews.map((review) => ({ ...review, trial: withRun(review.trial, run) }))),
      bootstrap,
    ),
  }
}

/** Trials of two runs may share their ids; what they say of the task stays in front. */
const withRun = (trial: string, run: string): string => `${trial}@${run}`

/** What a rubric judges is the work of that stage's model. */
function stageOf(rubric: string): Stage {
  if (!rubricIds.some((id) => id === rubric)) return 'paper'
  return rubric === 'idea' || rubric === 'proposal' || rubric === 'experiment' ? rubric : 'paper'
}

/** A sentence for each judge and rubric, on its own family and on length, and one for each judge that reviewed twice. */
export function describeBias({ groups, drift }: JudgeBias): string[] {
  const overallDrift = drift.filter(({ dimension }) => dimension === 'overall')
  return [
    ...groups.flatMap(({ name, selfPreference: preferences, length }) => [
      ...preferences
        .filter(({ dimension }) => dimension === 'overall')
        .map((row) => `${row.judge}, ${name}: ${describePreference(row)}.`),
      ...length.map((row) => `${row.judge}, ${name}: ${describeLength(row)}.`),
    ]),
    ...(groups.length === 0 ? ['No model has reviewed anything in these runs: nothing can be said of favour.'] : []),
    ...(drift.length === 0
      ? [
          'No judge has reviewed the same text twice: nothing can be said of drift. "mlrbench judge <run> --again" asks once more.',
        ]
      : []),
    ...overallDrift.map((row) => `${row.judge}, ${row.rubric}: ${describeDrift(row)}.`),
  ]
}

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(2)}`
const range = ({ lo, hi }: { lo: number; hi: number }): string => `[${lo.toFixed(2)}, ${hi.toFixed(2)}]`

function describePreference(row: SelfPreference): string {
  const { family, ownAgents, baselineAgents, others, points, interval } = row
  if (family === null) return 'its family is not known, so nothing can be said of self-preference'
  if (others.length === 0)
    return 'no judge of another family marked the same work, so nothing can be said of self-preference'
  if (ownAgents.length === 0) return `none of the work is by a model of its family (${family})`
  if (baselineAgents.length === 0)
    return 'no work is by a model of a family without a judge, so there is nothing to compare its own with'
  if (points === null || interval === null)
    return 'too little was marked by all judges to say anything of self-preference'
  const figures = `${signed(points)} points ${range(interval)} in the overall mark`
  if (interval.lo > -preferenceThatMatters && interval.hi < preferenceThatMatters)
    return `no self-preference that matters: ${figures}`
  if (interval.lo > 0) return `favours work of its own family (${family}) against the other judges' marks: ${figures}`
  if (interval.hi < 0) return `marks work of its own family (${family}) lower than the other judges do: ${figures}`
  return `whether it favours its own family (${family}) cannot be said: ${figures}`
}

function describeLength(row: LengthBias): string {
  const { within, withinInterval, beyondOthers, beyondOthersInterval } = row
  if (within === null || withinInterval === null) return 'lengths or marks do not vary enough to say anything of length'
  const figures = `Spearman ${signed(within)} ${range(withinInterval)} within agents`
  if (
    beyondOthers !== null &&
    beyondOthersInterval !== null &&
    beyondOthersInterval.lo > 0 &&
    beyondOthers >= correlationThatMatters
  )
    return `favours length against the other judges' marks of the same work: ${signed(beyondOthers)} ${range(beyondOthersInterval)} (${figures})`
  if (withinInterval.lo > 0 && within >= correlationThatMatters) {
    if (beyondOthers === null || beyondOthersInterval === null)
      return `marks longer work higher: ${figures}; without another judge it cannot be said whether that work is better`
    return beyondOthersInterval.hi < correlationThatMatters
      ? `marks longer work higher, and so do the other judges: ${figures}`
      : `marks longer work higher: ${figures}; whether more so than the other judges cannot be said: ${signed(beyondOthers)} ${range(beyondOthersInterval)}`
  }
  if (withinInterval.hi < correlationThatMatters) return `does not favour length: ${figures}`
  return `whether it favours length cannot be said: ${figures}`
}

function describeDrift(row: Drift): string {
  const { items, medianDays, meanShift, interval, changedShare } = row
  const when = `${items} reviewed again after ${medianDays < 1 ? 'less than a day' : `${medianDays.toFixed(0)} days`}`
  const shift = `overall ${signed(meanShift)}${interval === null ? '' : ` ${range(interval)}`}, ${Math.round(100 * changedShare)} % changed`
  const moved = interval !== null && (interval.lo > 0 || interval.hi < 0)
  return `${moved ? 'its marks have moved' : 'no drift is seen'}: ${when}, ${shift}`
}
