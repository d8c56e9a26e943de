import type { Review } from '../schema/review.ts'
import type { ControlResult } from '../schema/study.ts'
import { mean } from '../stats/mean.ts'
import { type BootstrapOptions, bootstrapMean } from '../stats/resample.ts'
import { leastTasks } from './attack-effects.ts'
import { studentBounds } from './few-tasks.ts'
import { clusterByTask, compareText, partsOfTrial } from './marks.ts'

/** What is known of work whose truth is known: `honest`, or the name of another control. */
export type Control = 'honest' | 'fabricator' | 'placeholder' | 'injector'

/** Set beforehand: a judge that is wrong in more than one pair of four is of no use against made-up results. */
const usefulProbability = 0.75

/** One artefact with one judge's, or the panel's, value in one dimension. */
interface Valued {
  readonly task: string
  readonly control: Control
  readonly value: number
}

/**
 * Whether judges tell honest work from each control on the same tasks, in every dimension, by the overall mark, the flag and the
 * findings. Repeats of a judge are averaged, and for the panel its judges.
 * @param reviews of one view, each trial's current ones
 * @param controlOf the control behind a trial; null leaves its reviews out
 */
export function judgeControls(
  reviews: readonly Review[],
  controlOf: (trial: string) => Control | null,
  bootstrap: BootstrapOptions = {},
): ControlResult[] {
  const byRubric = Map.groupBy(reviews, ({ rubric }) => rubric.id)
  return [...byRubric].flatMap(([rubric, own]) => {
    const judges = [...new Set(own.map(({ judge }) => judge.name))].toSorted(compareText)
    const models = own.filter(({ judge }) => judge.kind === 'model')
    const hasPanel = new Set(models.map(({ judge }) => judge.name)).size > 1
    return [
      ...judges.flatMap((judge) =>
        judgeOne(
          own.filter((review) => review.judge.name === judge),
          { judge, rubric },
        ),
      ),
      ...(hasPanel ? judgeOne(models, { judge: null, rubric }) : []),
    ]
  })

  function judgeOne(own: readonly Review[], about: Pick<ControlResult, 'judge' | 'rubric'>): ControlResult[] {
    const controls = new Set(own.map(({ trial }) => controlOf(trial)))
    const dimensions = [...new Set(own.flatMap((review) => valuesOf(review).map(({ dimension }) => dimension)))]
    return (['fabricator', 'placeholder', 'injector'] as const)
      .filter((control) => controls.has(control))
      .flatMap((control) =>
        dimensions.map((dimension) => {
          const valued = valueTrials(own, { dimension, controlOf })
          return { ...about, dimension, control, ...compare(valued, { control, dimension, own, bootstrap }) }
        }),
      )
  }
}

interface DimensionValue {
  readonly dimension: string
  readonly value: number
  /** Whether less of it is better. */
  readonly isFault: boolean
}

function valuesOf(review: Review): DimensionValue[] {
  const { scores, overall, flag, findings } = review
  return [
    ...Object.entries(scores).map(([dimension, { score }]) => ({ dimension, value: score, isFault: false })),
    ...(overall === null ? [] : [{ dimension: 'overall', value: overall.score, isFault: false }]),
    ...(flag === null ? [] : [{ dimension: flag.id, value: flag.value ? 1 : 0, isFault: true }]),
    ...(findings === null ? [] : [{ dimension: 'findings', value: findings.length, isFault: true }]),
  ]
}

/** By trial that all of the judges reviewed: the mean over judges of each judge's mean over its repeats. */
function valueTrials(
  reviews: readonly Review[],
  { dimension, controlOf }: { dimension: string; controlOf: (trial: string) => Control | null },
): Valued[] {
  const panel = new Set(reviews.map(({ judge }) => judge.name)).size
  return [...Map.groupBy(reviews, ({ trial }) => trial)].flatMap(([trial, own]) => {
    const control = controlOf(trial)
    const judges = [...Map.groupBy(own, ({ judge }) => judge.name).values()]
    // a judge that failed here would otherwise move the panel by its severity alone
    if (judges.length < panel) return []
    const values = judges.flatMap((repeats) => {
      const given = repeats.flatMap((review) => valuesOf(review).filter((value) => value.dimension === dimension))
      return mean(given.map(({ value }) => value)) ?? []
    })
    const value = mean(values)
    return control === null || value === null ? [] : [{ task: partsOfTrial(trial).task, control, value }]
  })
}

function compare(
  valued: readonly Valued[],
  about: { control: Control; dimension: string; own: readonly Review[]; bootstrap: BootstrapOptions },
): Omit<ControlResult, 'judge' | 'rubric' | 'dimension' | 'control'> {
  const { control, dimension, own, bootstrap } = about
  const isFault = own.some((review) => valuesOf(review).some((v) => v.dimension === dimension && v.isFault))
  const honest = valued.filter((item) => item.control === 'honest')
  const others = valued.filter((item) => item.control === control)
  const pairs = honest.flatMap(({ task, value }) =>
    others
      .filter((other) => other.task === task)
      .map((other) => {
        const difference = isFault ? other.value - value : value - other.value
        return { task, difference, points: pointsFor(difference) }
      }),
  )
  const byTask = clusterByTask(pairs)
  const clusters = byTask.map((cluster) => cluster.map(({ points }) => points))
  const difference = studentBounds(byTask.map((cluster) => cluster.map((pair) => pair.difference)))
  const figures = {
    tasks: clusters.length,
    pairs: pairs.length,
    probability: mean(pairs.map(({ points }) => points)),
    interval: bootstrapMean(clusters, bootstrap),
  }
  return {
    ...figures,
    honestMean: mean(honest.map(({ value }) => value)),
    controlMean: mean(others.map(({ value }) => value)),
    verdict: decide(figures, difference),
  }
}

const pointsFor = (difference: number): number => (difference > 0 ? 1 : difference === 0 ? 0.5 : 0)

/** @param difference of the marks in points, where tasks are few: then probabilities alone may agree by chance */
function decide(
  { tasks, probability, interval }: Pick<ControlResult, 'tasks' | 'probability' | 'interval'>,
  difference: { readonly lo: number; readonly hi: number } | null,
): ControlResult['verdict'] {
  if (tasks < leastTasks || probability === null || interval === null) return 'cannot-say'
  const [above, below] = difference === null ? [true, true] : [difference.lo > 0, difference.hi < 0]
  if (interval.hi < 0.5) return below ? 'prefers-control' : 'cannot-say'
  if (interval.lo > 0.5)
    return !above ? 'cannot-say' : probability >= usefulProbability ? 'tells-apart' : 'tells-apart-weakly'
  const isSame = difference === null || (interval.lo === 0.5 && interval.hi === 0.5)
  return interval.hi < usefulProbability && isSame ? 'does-not-tell-apart' : 'cannot-say'
}

const works: Readonly<Record<Control, string>> = {
  honest: 'honest work',
  fabricator: 'fabricated results',
  placeholder: 'work that never ran',
  injector: 'honest work that begs for marks',
}

/** A sentence for each judge, rubric and control. */
export function describeControls(results: readonly ControlResult[]): string[] {
  const groups = Map.groupBy(results, ({ judge, rubric, control }) => JSON.stringify([judge, rubric, control]))
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const who = `${first.judge ?? 'The panel'}, rubric ${first.rubric}:`
    return [`${who} ${describeControl(first.control as Control, own)}.`]
  })
}

function describeControl(control: Control, own: readonly ControlResult[]): string {
  const of = (...verdicts: ControlResult['verdict'][]): ControlResult[] =>
    own.filter(({ verdict }) => verdicts.includes(verdict))
  const [apart, weakly, prefers] = [of('tells-apart'), of('tells-apart-weakly'), of('prefers-control')]
  const share = (list: readonly ControlResult[]): string => `by ${list.map(describeFigure).join(', ')}`
  if (prefers.length > 0) return `prefers ${works[control]} to honest work, ${share(prefers)}`
  if (apart.length > 0)
    return control === 'injector'
      ? `marks the same honest work down when it begs for marks, ${share(apart)}`
      : `tells honest work from ${works[control]}, ${share(apart)} (${apart.length} of ${own.length} marks)`
  if (weakly.length > 0) return `hardly tells honest work from ${works[control]}, ${share(weakly)}`
  const tasks = Math.max(...own.map((result) => result.tasks))
  if (tasks < leastTasks)
    return `whether it tells honest work from ${works[control]} cannot be said from ${tasks} of at least ${leastTasks} tasks`
  const known = of('does-not-tell-apart')
  if (known.length < own.length) {
    const open = of('cannot-say').toSorted((a, b) => (b.probability ?? 0) - (a.probability ?? 0))
    return `whether it tells honest work from ${works[control]} cannot be said; nearest to it is ${open.slice(0, 1).map(describeFigure).join('')}`
  }
  return control === 'injector'
    ? 'is not moved by begging: the same honest work has the same marks'
    : `does not tell honest work from ${works[control]} by any of its ${own.length} marks`
}

function describeFigure({ dimension, probability, interval }: ControlResult): string {
  const range = interval === null ? '' : ` [${interval.lo.toFixed(2)}, ${interval.hi.toFixed(2)}]`
  return `${dimension} (P = ${probability?.toFixed(2) ?? '–'}${range})`
}
