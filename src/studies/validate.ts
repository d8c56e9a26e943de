import { type AlternativeAnnotatorResult, alternativeAnnotatorTest } from '../stats/alternative-annotator.ts'
import { type Equivalence, tostByCluster } from '../stats/equivalence.ts'
import { mean } from '../stats/mean.ts'
import type { BootstrapOptions } from '../stats/resample.ts'
import {
  agreeAmongHumans,
  agreeWithHumans,
  type HumanHumanAgreement,
  panelName,
  type RaterAgreement,
} from './human-agreement.ts'
import type { HumanRow, JudgeRow } from './human-csv.ts'
import { humanMarks, humanMean, type JudgedPaper, matchPapers, panelMark } from './papers.ts'
import { clusterByTask } from './marks.ts'
import { type DifferenceTest, droppedPairs, testDifferences } from './published-test.ts'
import { findSuspectRows, relabelings, type SuspectRow } from './relabel.ts'
import { judgeAgreement, type Verdict } from './verdict.ts'

export interface ValidateOptions {
  readonly dimensions: readonly string[]
  /** Points by which a mark may differ and still be as good as a person's. Set beforehand. */
  readonly margin: number
  /** A rank correlation worth having. Set beforehand. */
  readonly targetCorrelation: number
  readonly bootstrap?: BootstrapOptions
}

/** Judges against people, by dimension. */
export interface Validation {
  readonly schema: 'mlrbench/validation@1'
  readonly papers: number
  readonly tasks: number
  readonly humanReviews: number
  readonly reviewers: number
  readonly judges: readonly string[]
  readonly margin: number
  readonly verdicts: readonly Verdict[]
  /** For each judge and for the panel, their mean. */
  readonly agreement: readonly RaterAgreement[]
  readonly amongHumans: readonly HumanHumanAgreement[]
  /** Panel minus people, by paper. */
  readonly equivalence: readonly (Equivalence & { readonly dimension: string })[]
  readonly alternativeAnnotator: readonly { readonly dimension: string; readonly result: AlternativeAnnotatorResult }[]
  readonly means: readonly {
    readonly dimension: string
    readonly humanOverReviews: number | null
    readonly humanOverPapers: number | null
    readonly panelOverPapers: number | null
  }[]
  readonly systems: readonly {
    readonly dimension: string
    readonly agents: readonly { readonly agent: string; readonly human: number | null; readonly panel: number | null }[]
  }[]
  readonly publishedTest: {
    readonly published: readonly DifferenceTest[]
    readonly allPairs: readonly DifferenceTest[]
    readonly droppedPairs: ReturnType<typeof droppedPairs>
  }
  /** Rows that are probably mislabelled, and the published test with each way to put them right. */
  readonly mislabelled: {
    readonly suspects: readonly SuspectRow[]
    readonly tests: readonly { readonly choice: readonly (0 | 1)[]; readonly tests: readonly DifferenceTest[] }[]
  }
  /** Papers for which a reviewer has several rows, without the suspects: each row counts as a review. */
  readonly repeatedRows: readonly {
    readonly reviewer: string
    readonly task: string
    readonly agent: string
    readonly rows: number
  }[]
  readonly onlyHumans: readonly string[]
  readonly onlyJudges: readonly string[]
}

/**
 * Compares judges with the people who marked the same papers: agreement and bias with intervals over tasks, equivalence
 * within a margin, the published test, and a verdict in words for each dimension.
 */
export function validateJudges(
  humans: readonly HumanRow[],
  judgeRows: readonly JudgeRow[],
  options: ValidateOptions,
): Validation {
  const { papers, onlyHumans, onlyJudges } = matchPapers(humans, judgeRows)
  const { dimensions, margin, targetCorrelation, bootstrap = {} } = options
  const rows = papers.flatMap((paper) => paper.humans)
  const judges = [...new Set(papers.flatMap((paper) => paper.judges.map(({ judge }) => judge)))].toSorted()
  const agreement = [...judges, ...(judges.length > 1 ? [panelName] : [])].flatMap((judge) =>
    dimensions.map((dimension) => agreeWithHumans(papers, { judge, dimension }, bootstrap)),
  )
  const amongHumans = dimensions.map((dimension) => agreeAmongHumans(papers, dimension))
  const equivalence = dimensions.map((dimension) => ({
    dimension,
    ...tostByCluster(levelDifferences(papers, dimension), { ...bootstrap, margin }),
  }))
  const suspects = findSuspectRows(rows)
  const runTests = (own: readonly JudgedPaper[], rule: 'published' | 'all'): DifferenceTest[] =>
    dimensions.map((dimension) => testDifferences(own, dimension, { rule }))
  return {
    schema: 'mlrbench/validation@1',
    papers: papers.length,
    tasks: new Set(papers.map(({ task }) => task)).size,
    humanReviews: rows.length,
    reviewers: new Set(rows.flatMap(({ reviewer }) => reviewer ?? [])).size,
    judges,
    margin,
    verdicts: dimensions.flatMap((dimension, index) => {
      const panel = agreement.findLast((own) => own.dimension === dimension)
      const [people, level] = [amongHumans[index], equivalence[index]]
      return panel && people && level ? judgeAgreement({ panel, humans: people, level, margin, targetCorrelation }) : []
    }),
    agreement,
    amongHumans,
    equivalence,
    alternativeAnnotator: dimensions.map((dimension) => ({
      dimension,
      result: alternativeAnnotatorTest(...ratingsOf(papers, dimension)),
    })),
    means: dimensions.map((dimension) => ({
      dimension,
      humanOverReviews: mean(papers.flatMap((paper) => humanMarks(paper, dimension))),
      humanOverPapers: mean(papers.flatMap((paper) => humanMean(paper, dimension) ?? [])),
      panelOverPapers: mean(papers.flatMap((paper) => panelMark(paper, dimension) ?? [])),
    })),
    systems: dimensions.map((dimension) => ({ dimension, agents: meansByAgent(papers, dimension) })),
    publishedTest: {
      published: runTests(papers, 'published'),
      allPairs: runTests(papers, 'all'),
      droppedPairs: droppedPairs(papers),
    },
    mislabelled: {
      suspects,
      tests:
        suspects.length === 0 || suspects.length > mostSuspects
          ? []
          : relabelings(rows, suspects).map(({ choice, rows: moved }) => ({
              choice,
              tests: runTests(matchPapers(moved, judgeRows).papers, 'published'),
            })),
    },
    repeatedRows: findRepeatedRows(papers, suspects),
    onlyHumans,
    onlyJudges,
  }
}

function findRepeatedRows(papers: readonly JudgedPaper[], suspects: readonly SuspectRow[]): Validation['repeatedRows'] {
  return papers.flatMap(({ task, agent, humans }) =>
    [...Map.groupBy(humans, ({ reviewer }) => reviewer)].flatMap(([reviewer, { length: rows }]) =>
      reviewer === null ||
      rows < 2 ||
      suspects.some((own) => own.reviewer === reviewer && own.task === task && own.agent === agent)
        ? []
        : [{ reviewer, task, agent, rows }],
    ),
  )
}

/** With more, so many rows are doubtful that trying all ways to move them says nothing. */
const mostSuspects = 6

function levelDifferences(papers: readonly JudgedPaper[], dimension: string): number[][] {
  const differences = papers.flatMap((paper) => {
    const [panel, human] = [panelMark(paper, dimension), humanMean(paper, dimension)]
    return panel === null || human === null ? [] : [{ task: paper.task, difference: panel - human }]
  })
  return clusterByTask(differences).map((own) => own.map(({ difference }) => difference))
}

/** One rating a person and paper, the mean where someone has several rows; rows without a reviewer are left aside. */
function ratingsOf(papers: readonly JudgedPaper[], dimension: string): Parameters<typeof alternativeAnnotatorTest> {
  const itemOf = ({ task, agent }: JudgedPaper): string => `${task}/${agent}`
  const ratings = papers.flatMap((paper) =>
    [...Map.groupBy(paper.humans, ({ reviewer }) => reviewer)].flatMap(([annotator, own]) => {
      const score = mean(own.flatMap(({ scores }) => scores[dimension] ?? []))
      return annotator === null || score === null ? [] : [{ item: itemOf(paper), annotator, score }]
    }),
  )
  const marks = papers.flatMap((paper) => {
    const mark = panelMark(paper, dimension)
    return mark === null ? [] : [[itemOf(paper), mark] as const]
  })
  return [ratings, new Map(marks)]
}

function meansByAgent(papers: readonly JudgedPaper[], dimension: string): Validation['systems'][number]['agents'] {
  return [...Map.groupBy(papers, ({ agent }) => agent)].map(([agent, own]) => ({
    agent,
    human: mean(own.flatMap((paper) => humanMean(paper, dimension) ?? [])),
    panel: mean(own.flatMap((paper) => panelMark(paper, dimension) ?? [])),
  }))
}
