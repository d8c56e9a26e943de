import type { Agreement } from '../../src/stats/agreement.ts'
import type { RaterAgreement } from '../../src/studies/human-agreement.ts'
import type { DifferenceTest } from '../../src/studies/published-test.ts'
import type { Validation } from '../../src/studies/validate.ts'

/** `novelty` as the tables of the human study head it. */
const heading = (dimension: string): string => dimension.slice(0, 1).toUpperCase() + dimension.slice(1)

const measures = {
  pearson: 'pearson',
  spearman: 'spearman',
  krippendorff_alpha_interval: 'krippendorffAlpha',
  icc_2_1: 'icc21',
  icc_2_k: 'icc2k',
  icc_3_1: 'icc31',
  qwk: 'weightedKappa',
  bias: 'bias',
  mae: 'meanAbsoluteDifference',
  exact: 'exact',
  within1: 'withinOne',
} as const satisfies Record<string, keyof Agreement>

function byDimension<Own extends { readonly dimension: string }, Value>(
  rows: readonly Own[],
  give: (own: Own) => Value,
  name: (dimension: string) => string = (dimension) => dimension,
): Record<string, Value> {
  return Object.fromEntries(rows.map((own) => [name(own.dimension), give(own)]))
}

function givenRater({ point, intervals, kendallTauB, withinTask }: RaterAgreement) {
  const names = Object.entries(measures)
  return {
    ...Object.fromEntries(names.map(([name, own]) => [name, point[own]])),
    ci95: Object.fromEntries(
      names.map(([name, own]) => {
        const interval = intervals[own]
        // no interval: the measure is undefined in every resample
        return [
          name,
          interval === null
            ? { lo: null, hi: null, undefined: 2_000 }
            : { lo: interval.lo, hi: interval.hi, undefined: interval.undefinedResamples },
        ]
      }),
    ),
    kendall_tau_b: kendallTauB,
    within_task_pairwise: {
      n_pairs: withinTask.pairs,
      concordant: withinTask.concordant,
      llm_ties: withinTask.ties,
      accuracy_half_ties: withinTask.accuracy,
    },
  }
}

/** What `validate --json` says, in the layout of the golden `human_llm_agreement` files. */
export function givenHumanAgreement(validation: Validation, nameJudge: (judge: string) => string) {
  const { agreement, amongHumans, systems, papers, judges } = validation
  const raters = Map.groupBy(agreement, ({ judge }) =>
    judge === 'panel' || judges.length === 1 ? 'llm_avg' : nameJudge(judge),
  )
  return {
    n_papers: papers,
    bootstrap: { B: 2_000, seed: 19_955, unit: 'task' },
    human_vs: Object.fromEntries([...raters].map(([judge, own]) => [judge, byDimension(own, givenRater)])),
    human_human: byDimension(amongHumans, (own) => ({
      krippendorff_alpha_interval: own.krippendorffAlpha,
      n_units_with_2plus: own.papersWithTwo,
      mean_abs_diff_between_reviewers: own.meanDifferenceBetweenReviewers,
      mean_abs_diff_to_llm: own.meanDifferenceToPanel,
      alpha_with_llm_as_extra_rater: own.alphaWithPanel,
    })),
    system_level: byDimension(systems, ({ agents }) => ({
      human: Object.fromEntries(agents.map(({ agent, human }) => [agent, human])),
      llm_avg: Object.fromEntries(agents.map(({ agent, panel }) => [agent, panel])),
    })),
  }
}

function givenTest(test: DifferenceTest) {
  return {
    n1: test.humanPairs,
    n2: test.panelPairs,
    U: test.u,
    z: test.z,
    p: test.p,
    rank_biserial: test.rankBiserial,
    mean1: test.meanHuman,
    mean2: test.meanPanel,
    median1: test.medianHuman,
    median2: test.medianPanel,
  }
}

/** The same in the layout of the golden `human_mann_whitney` files. */
export function givenMannWhitney(validation: Validation) {
  const { publishedTest, mislabelled, means, humanReviews, papers } = validation
  const { published, allPairs, droppedPairs } = publishedTest
  return {
    n_reviews: humanReviews,
    n_papers: papers,
    tables: {
      notebook: byDimension(published, givenTest, heading),
      all_cross_pairs: byDimension(allPairs, givenTest, heading),
    },
    pairs_dropped_by_notebook_rule: droppedPairs.map(({ task, agent, reviewers }) => [task, agent, ...reviewers]),
    relabel_sensitivity: mislabelled.tests.map(({ choice, tests }) => ({
      choice,
      table: byDimension(tests, givenTest, heading),
    })),
    relabel_rows: mislabelled.suspects.map(({ reviewer, task, agent, missing }) => ({
      reviewer,
      from_: [agent, task],
      to: [missing.agent, missing.task],
    })),
    mean_human_over_reviews: byDimension(means, ({ humanOverReviews }) => humanOverReviews, heading),
    mean_human_over_papers: byDimension(means, ({ humanOverPapers }) => humanOverPapers, heading),
    mean_llm_over_papers: byDimension(means, ({ panelOverPapers }) => panelOverPapers, heading),
  }
}
