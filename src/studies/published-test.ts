import { mannWhitneyU } from '../stats/mann-whitney.ts'
import { mean, median } from '../stats/mean.ts'
import { differencesBetweenReviewers, differencesToPanel } from './human-agreement.ts'
import type { HumanRow } from './human-csv.ts'
import type { JudgedPaper } from './papers.ts'

/**
 * The published comparison of judges with people (arXiv 2505.19955, section 4.3): absolute differences between two reviewers
 * of a paper against those between a reviewer and the judges' mean, by a two-sided Mann-Whitney U test with tie and
 * continuity corrections. A large p says only that the test saw no difference.
 */
export interface DifferenceTest {
  readonly dimension: string
  /** Differences between reviewers. */
  readonly humanPairs: number
  /** Differences between a reviewer and the panel. */
  readonly panelPairs: number
  /** Of the differences between reviewers; null where a sample is empty. */
  readonly u: number | null
  readonly z: number | null
  readonly p: number | null
  readonly rankBiserial: number | null
  readonly meanHuman: number | null
  readonly meanPanel: number | null
  readonly medianHuman: number | null
  readonly medianPanel: number | null
  /**
   * The smallest rank-biserial effect that samples of this size would show at 5 % in four of five cases, were all differences
   * independent (Noether 1987).
   */
  readonly detectableEffect: number | null
}

/**
 * @param rule which differences between reviewers count. `published`: of each pair of reviewers, row by row, and none where
 * one of the two has more rows than the other, as the released notebook does; `all`: every two rows by different reviewers
 */
export function testDifferences(
  papers: readonly JudgedPaper[],
  dimension: string,
  { rule }: { rule: 'published' | 'all' },
): DifferenceTest {
  const counted = rule === 'all' ? papers : papers.map((paper) => ({ ...paper, humans: pairedRows(paper) }))
  const between = differencesBetweenReviewers(counted, dimension)
  const toPanel = differencesToPanel(papers, dimension)
  const test =
    between.length === 0 || toPanel.length === 0 ? null : mannWhitneyU(between, toPanel, { method: 'asymptotic' })
  return {
    dimension,
    humanPairs: between.length,
    panelPairs: toPanel.length,
    u: test?.u ?? null,
    z: test?.z ?? null,
    p: test?.p ?? null,
    rankBiserial: test?.rankBiserial ?? null,
    meanHuman: mean(between),
    meanPanel: mean(toPanel),
    medianHuman: median(between),
    medianPanel: median(toPanel),
    detectableEffect: test === null ? null : detectableEffect(between.length, toPanel.length),
  }
}

/** Rows of reviewers who have as many rows for the paper as every other one of its reviewers. */
function pairedRows({ humans }: JudgedPaper): readonly HumanRow[] {
  const rowsByReviewer = Map.groupBy(humans, ({ reviewer }) => reviewer)
  const counts = new Set([...rowsByReviewer.values()].map(({ length }) => length))
  return counts.size > 1 ? [] : humans
}

/** Pairs of reviewers that the published rule drops. */
export function droppedPairs(
  papers: readonly JudgedPaper[],
): { readonly task: string; readonly agent: string; readonly reviewers: readonly string[] }[] {
  return papers.flatMap((paper) => {
    const reviewers = [...new Set(paper.humans.map(({ reviewer }) => reviewer ?? '?'))].toSorted()
    return reviewers.length > 1 && pairedRows(paper).length === 0
      ? [{ task: paper.task, agent: paper.agent, reviewers }]
      : []
  })
}

const quantile975 = 1.959963984540054
const quantile80 = 0.8416212335729143

function detectableEffect(first: number, second: number): number {
  return Math.min(1, 2 * (quantile975 + quantile80) * Math.sqrt((first + second + 1) / (12 * first * second)))
}
