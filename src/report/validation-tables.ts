import type { Agreement } from '../stats/agreement.ts'
import type { Interval } from '../stats/resample.ts'
import type { RaterAgreement } from '../studies/human-agreement.ts'
import type { DifferenceTest } from '../studies/published-test.ts'
import type { Validation } from '../studies/validate.ts'
import { formatNumberOf } from './format.ts'
import type { Table } from './table.ts'

/** The verdicts, and the numbers they rest on. */
export function validationTables(validation: Validation): Table[] {
  return [agreementTable(validation), peopleTable(validation), testTable(validation)]
}

function agreementTable({ agreement, papers, tasks, humanReviews, reviewers, margin }: Validation): Table {
  return {
    title: `Judges against people: ${formatNumberOf(papers, 'paper')} on ${formatNumberOf(tasks, 'task')}, ${formatNumberOf(humanReviews, 'human review')} by ${formatNumberOf(reviewers, 'reviewer')}`,
    columns: ['dimension', 'judge', 'Spearman', 'alpha', 'ICC(2,1)', 'bias', 'within 1'],
    rows: [...agreement]
      .toSorted((a, b) => order(agreement, a) - order(agreement, b))
      .map((own) => [
        own.dimension,
        own.judge,
        ...(['spearman', 'krippendorffAlpha', 'icc21', 'bias', 'withinOne'] as const).map((name) =>
          withInterval(own, name),
        ),
      ]),
    notes: [
      '95 % intervals in brackets, by resampling whole tasks (2,000 resamples). Bias: judge minus people, in points of the scale 1 to 10.',
      `Equivalence was asked for within ±${margin}; margins are set before looking.`,
    ],
  }
}

/** By dimension, then as they come: single judges, then the panel. */
function order(all: readonly RaterAgreement[], own: RaterAgreement): number {
  const dimensions = [...new Set(all.map(({ dimension }) => dimension))]
  return dimensions.indexOf(own.dimension) * all.length + all.indexOf(own)
}

function withInterval({ point, intervals }: RaterAgreement, name: keyof Agreement): string | null {
  return formatEstimate(point[name], intervals[name])
}

/** `0.42 [0.10, 0.68]`; null for what is not defined. */
export function formatEstimate(value: number | null, interval: Interval | null): string | null {
  if (value === null) return null
  return interval === null
    ? formatNumber(value)
    : `${formatNumber(value)} [${formatNumber(interval.lo)}, ${formatNumber(interval.hi)}]`
}

const formatNumber = (value: number): string => value.toFixed(2).replace(/^-0\.00$/, '0.00')

function peopleTable({ amongHumans, means }: Validation): Table {
  return {
    title: 'People among themselves',
    columns: [
      'dimension',
      'alpha',
      'alpha with panel',
      'ICC(1,1)',
      'apart from each other',
      'apart from panel',
      'mean, people',
      'mean, panel',
    ],
    rows: amongHumans.map((own, index) =>
      [
        own.krippendorffAlpha,
        own.alphaWithPanel,
        own.icc11,
        own.meanDifferenceBetweenReviewers,
        own.meanDifferenceToPanel,
        means[index]?.humanOverPapers ?? null,
        means[index]?.panelOverPapers ?? null,
      ].reduce<(string | null)[]>(
        (row, value) => [...row, value === null ? null : formatNumber(value)],
        [own.dimension],
      ),
    ),
    notes: [
      `Alpha over the ${amongHumans[0]?.papersWithTwo ?? 0} papers with two or more reviews; an alpha that falls with the panel says that it is not one of them.`,
      'Apart: mean absolute difference in points, of two reviewers of a paper, and of a reviewer and the panel.',
    ],
  }
}

function testTable({ publishedTest }: Validation): Table {
  const row = (rule: string, test: DifferenceTest): (string | null)[] => [
    test.dimension,
    rule,
    String(test.humanPairs),
    String(test.panelPairs),
    test.u === null ? null : String(test.u),
    test.p === null ? null : test.p.toFixed(4),
    test.rankBiserial === null ? null : formatNumber(test.rankBiserial),
    test.detectableEffect === null ? null : formatNumber(test.detectableEffect),
  ]
  return {
    title: 'The published test: do reviewers differ from each other as much as from the judges?',
    columns: ['dimension', 'pairs', 'n people', 'n judges', 'U', 'p', 'effect', 'detectable'],
    rows: publishedTest.published.flatMap((test, index) => {
      const all = publishedTest.allPairs[index]
      return [row('as published', test), ...(all === undefined ? [] : [row('all', all)])]
    }),
    notes: [explainTest(publishedTest)],
  }
}

/** Why a large p is no agreement, in words. */
function explainTest({ published, droppedPairs }: Validation['publishedTest']): string {
  const smallest = published.flatMap(({ p }) => p ?? []).toSorted((a, b) => a - b)[0]
  const detectable = published.flatMap(({ detectableEffect }) => detectableEffect ?? []).toSorted((a, b) => a - b)[0]
  if (smallest === undefined || detectable === undefined)
    return 'The published test needs two reviewers of some paper; nothing can be said.'
  const outcome =
    smallest >= 0.05
      ? `No p is below 0.05 (the smallest is ${smallest.toFixed(4)}), which is no agreement`
      : `The smallest p is ${smallest.toFixed(4)}`
  const dropped =
    droppedPairs.length === 0
      ? ''
      : ` The published rule drops ${formatNumberOf(droppedPairs.length, 'pair')} of reviewers with unequal numbers of rows.`
  return `${outcome}: the test compares the sizes of differences, not who is right about which paper, it treats pairs that share a reviewer as independent, and samples of this size mostly miss effects below ${formatNumber(detectable)}.${dropped}`
}
