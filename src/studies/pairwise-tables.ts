import type { Comparison, PairwiseTable } from '../schema/study.ts'
import { bradleyTerry } from '../stats/bradley-terry.ts'
import { mean } from '../stats/mean.ts'
import { type BootstrapOptions, bootstrapMean } from '../stats/resample.ts'
import { clusterByTask, compareText } from './marks.ts'

/** A comparison with the agents as the table names them, `a` before `b` in code-unit order. */
interface Outcome {
  readonly task: string
  readonly a: string
  readonly b: string
  readonly winner: 'a' | 'b' | 'tie'
  /** Whether `a` was shown first. */
  readonly isForward: boolean
  /** The same for the two orders of one pair of works, judge and repeat. */
  readonly pair: string
}

/**
 * Win rates, strengths and order flips, for each judge and, where there are several, for all together.
 * @param nameOf an agent's name in the tables
 */
export function tabulateComparisons(
  comparisons: readonly Comparison[],
  nameOf: (run: string, agent: string) => string,
  bootstrap: BootstrapOptions = {},
): PairwiseTable[] {
  const judges = [...new Set(comparisons.map(({ judge }) => judge.name))].toSorted(compareText)
  const of = (own: readonly Comparison[], judge: string | null): PairwiseTable =>
    tabulate(
      own.map((comparison) => toOutcome(comparison, nameOf)),
      { judge, bootstrap },
    )
  const single = judges.map((judge) =>
    of(
      comparisons.filter((comparison) => comparison.judge.name === judge),
      judge,
    ),
  )
  return judges.length < 2 ? single : [...single, of(comparisons, null)]
}

function toOutcome(comparison: Comparison, nameOf: (run: string, agent: string) => string): Outcome {
  const { first, second, winner, task, judge, repeat } = comparison
  const [one, two] = [nameOf(first.run, first.agent), nameOf(second.run, second.agent)]
  const isForward = one < two
  const works = [`${first.run}:${first.trial}`, `${second.run}:${second.trial}`].toSorted(compareText)
  return {
    task,
    a: isForward ? one : two,
    b: isForward ? two : one,
    winner: winner === 'tie' ? 'tie' : (winner === 'first') === isForward ? 'a' : 'b',
    isForward,
    pair: JSON.stringify([...works, judge.name, repeat]),
  }
}

function tabulate(
  outcomes: readonly Outcome[],
  { judge, bootstrap }: { judge: string | null; bootstrap: BootstrapOptions },
): PairwiseTable {
  const fitted = bradleyTerry(
    outcomes.map(({ a, b, winner, task }) => ({ a, b, winner, cluster: task })),
    bootstrap,
  )
  return {
    judge,
    comparisons: outcomes.length,
    winRates: winRates(outcomes, bootstrap),
    strengths: fitted.strengths.map(({ name, ...strength }) => ({ agent: name, ...strength })),
    tiePropensity: fitted.tiePropensity,
    noStrengths: fitted.reason,
    orderFlips: orderFlips(outcomes, bootstrap),
  }
}

const pointsOf = ({ winner }: Outcome): number => (winner === 'a' ? 1 : winner === 'tie' ? 0.5 : 0)

function winRates(outcomes: readonly Outcome[], bootstrap: BootstrapOptions): PairwiseTable['winRates'] {
  const byAgents = Map.groupBy(outcomes, ({ a, b }) => JSON.stringify([a, b]))
  return [...byAgents]
    .toSorted(([x], [y]) => compareText(x, y))
    .flatMap(([, own]) => {
      const rate = mean(own.map(pointsOf))
      const [first] = own
      if (first === undefined || rate === null) return []
      const count = (winner: Outcome['winner']): number => own.filter((outcome) => outcome.winner === winner).length
      const clusters = clusterByTask(own).map((cluster) => cluster.map(pointsOf))
      return [
        {
          a: first.a,
          b: first.b,
          comparisons: own.length,
          tasks: clusters.length,
          wins: count('a'),
          ties: count('tie'),
          losses: count('b'),
          rate,
          interval: bootstrapMean(clusters, bootstrap),
        },
      ]
    })
}

function orderFlips(outcomes: readonly Outcome[], bootstrap: BootstrapOptions): PairwiseTable['orderFlips'] {
  const pairs = [...Map.groupBy(outcomes, ({ pair }) => pair).values()].flatMap((own) => {
    const forward = own.find(({ isForward }) => isForward)
    const backward = own.find(({ isForward }) => !isForward)
    return forward && backward ? [{ task: forward.task, one: forward.winner, other: backward.winner }] : []
  })
  const isFlip = ({ one, other }: (typeof pairs)[number]): number => (one === other ? 0 : 1)
  const isReversal = ({ one, other }: (typeof pairs)[number]): number =>
    one !== other && one !== 'tie' && other !== 'tie' ? 1 : 0
  const placed = outcomes.map(({ winner, isForward }) =>
    winner === 'tie' ? 0 : (winner === 'a') === isForward ? 1 : -1,
  )
  return {
    pairs: pairs.length,
    rate: mean(pairs.map(isFlip)),
    interval: bootstrapMean(
      clusterByTask(pairs).map((cluster) => cluster.map(isFlip)),
      bootstrap,
    ),
    reversedRate: mean(pairs.map(isReversal)),
    firstPreference: mean(placed),
  }
}
