import { agreementWithIntervals, type Agreement, type Pair } from '../stats/agreement.ts'
import { krippendorffAlpha } from '../stats/alpha.ts'
import { kendallTauB } from '../stats/correlation.ts'
import { icc } from '../stats/icc.ts'
import { mean } from '../stats/mean.ts'
import type { BootstrapOptions, Interval } from '../stats/resample.ts'
import { humanMarks, humanMean, type JudgedPaper, judgeMark, panelMark } from './papers.ts'
import { clusterByTask } from './marks.ts'

/** The panel as a rater of its own: the mean over its judges. */
export const panelName = 'panel'

export interface RaterAgreement {
  /** A judge, or `panel`. */
  readonly judge: string
  readonly dimension: string
  readonly papers: number
  readonly tasks: number
  /** `bias` is the judge minus the humans' mean, in points. */
  readonly point: Agreement
  readonly intervals: Readonly<Record<keyof Agreement, Interval | null>>
  readonly kendallTauB: number | null
  readonly withinTask: WithinTaskPairs
}

/** Of two papers on one task that people marked differently: whether the judge puts them in the same order. */
export interface WithinTaskPairs {
  readonly pairs: number
  readonly concordant: number
  /** Pairs the judge marks alike; each counts one half. */
  readonly ties: number
  /** 0..1; null for no pairs. */
  readonly accuracy: number | null
}

/** How one judge, or the panel, agrees with the mean of the people who marked the same papers, with cluster-bootstrap intervals over tasks. */
export function agreeWithHumans(
  papers: readonly JudgedPaper[],
  rater: { readonly judge: string; readonly dimension: string },
  options?: BootstrapOptions,
): RaterAgreement {
  const { judge, dimension } = rater
  const markOf = (paper: JudgedPaper): number | null =>
    judge === panelName ? panelMark(paper, dimension) : judgeMark(paper, judge, dimension)
  const marked = papers.flatMap((paper) => {
    const [given, human] = [markOf(paper), humanMean(paper, dimension)]
    return given === null || human === null ? [] : [{ task: paper.task, pair: [given, human] as const satisfies Pair }]
  })
  const clusters = clusterByTask(marked).map((own) => own.map(({ pair }) => pair))
  return {
    judge,
    dimension,
    papers: marked.length,
    tasks: clusters.length,
    ...agreementWithIntervals(clusters, options),
    kendallTauB: kendallTauB(
      marked.map(({ pair }) => pair[0]),
      marked.map(({ pair }) => pair[1]),
    ),
    withinTask: compareWithinTasks(clusters),
  }
}

function compareWithinTasks(clusters: readonly (readonly Pair[])[]): WithinTaskPairs {
  let [pairs, concordant, ties] = [0, 0, 0]
  for (const cluster of clusters) {
    for (const [index, first] of cluster.entries()) {
      for (const second of cluster.slice(index + 1)) {
        if (first[1] === second[1]) continue
        pairs += 1
        if (first[0] === second[0]) ties += 1
        else if (first[0] > second[0] === first[1] > second[1]) concordant += 1
      }
    }
  }
  return { pairs, concordant, ties, accuracy: pairs === 0 ? null : (concordant + ties / 2) / pairs }
}

/** How far people agree with each other: the yardstick for a judge that is to stand in for one of them. */
export interface HumanHumanAgreement {
  readonly dimension: string
  /** Interval alpha over papers with two or more rows; the same person twice counts as two raters. */
  readonly krippendorffAlpha: number | null
  readonly papersWithTwo: number
  /**
   * ICC(1,1) and ICC(1,k), other raters for each paper, over the papers with exactly two rows: the reliability of one
   * reviewer, and of the mean of two.
   */
  readonly icc11: number | null
  readonly icc1k: number | null
  /** Points between the rows of two reviewers of one paper. */
  readonly meanDifferenceBetweenReviewers: number | null
  /** Points between each row and the panel. */
  readonly meanDifferenceToPanel: number | null
  /** Alpha with the panel as one more rater of every paper: lower means that it is not one of them. */
  readonly alphaWithPanel: number | null
}

export function agreeAmongHumans(papers: readonly JudgedPaper[], dimension: string): HumanHumanAgreement {
  const rows = papers.map((paper) => humanMarks(paper, dimension))
  const pairs = rows.filter(({ length }) => length === 2)
  return {
    dimension,
    icc11: icc(pairs, 'ICC(1,1)'),
    icc1k: icc(pairs, 'ICC(1,k)'),
    krippendorffAlpha: krippendorffAlpha(rows, { metric: 'interval' }),
    papersWithTwo: rows.filter(({ length }) => length > 1).length,
    meanDifferenceBetweenReviewers: mean(differencesBetweenReviewers(papers, dimension)),
    meanDifferenceToPanel: mean(differencesToPanel(papers, dimension)),
    alphaWithPanel: krippendorffAlpha(
      papers.map((paper, index) => {
        const panel = panelMark(paper, dimension)
        return [...(rows[index] ?? []), ...(panel === null ? [] : [panel])]
      }),
      { metric: 'interval' },
    ),
  }
}

/** Absolute differences of every pair of rows by different reviewers of one paper. */
export function differencesBetweenReviewers(papers: readonly JudgedPaper[], dimension: string): number[] {
  return papers.flatMap(({ humans }) =>
    humans.flatMap((first, index) =>
      humans.slice(index + 1).flatMap((second) => {
        const [a, b] = [first.scores[dimension], second.scores[dimension]]
        const samePerson = first.reviewer !== null && first.reviewer === second.reviewer
        return samePerson || a === undefined || b === undefined ? [] : [Math.abs(a - b)]
      }),
    ),
  )
}

/** Absolute differences between every row and the panel's mark of its paper. */
export function differencesToPanel(papers: readonly JudgedPaper[], dimension: string): number[] {
  return papers.flatMap((paper) => {
    const panel = panelMark(paper, dimension)
    return panel === null ? [] : humanMarks(paper, dimension).map((mark) => Math.abs(mark - panel))
  })
}
