import { mean } from '../stats/mean.ts'
import type { HumanRow, JudgeRow } from './human-csv.ts'
import { compareText } from './marks.ts'

/** One paper with all that people and judges said of it. */
export interface JudgedPaper {
  readonly task: string
  readonly agent: string
  readonly humans: readonly HumanRow[]
  readonly judges: readonly JudgeRow[]
}

export interface MatchedPapers {
  /** With marks from both sides, sorted by task, then agent. */
  readonly papers: readonly JudgedPaper[]
  /** `task/agent` of papers that only one side marked. */
  readonly onlyHumans: readonly string[]
  readonly onlyJudges: readonly string[]
}

/** Puts together what people and judges said of the same paper: the same task and the same agent. */
export function matchPapers(humans: readonly HumanRow[], judges: readonly JudgeRow[]): MatchedPapers {
  const keyOf = ({ task, agent }: { task: string; agent: string }): string => `${task}/${agent}`
  const byHumans = Map.groupBy(humans, keyOf)
  const byJudges = Map.groupBy(judges, keyOf)
  const papers = [...byHumans].flatMap(([key, own]) => {
    const marked = byJudges.get(key)
    const [first] = own
    return marked === undefined || first === undefined
      ? []
      : [{ task: first.task, agent: first.agent, humans: own, judges: marked }]
  })
  const only = (own: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] =>
    [...own.keys()].filter((key) => !other.has(key)).toSorted()
  return {
    papers: papers.toSorted((a, b) => compareText(a.task, b.task) || compareText(a.agent, b.agent)),
    onlyHumans: only(byHumans, byJudges),
    onlyJudges: only(byJudges, byHumans),
  }
}

/** Mean of a paper's human marks; null when no one marked the dimension. */
export function humanMean(paper: JudgedPaper, dimension: string): number | null {
  return mean(humanMarks(paper, dimension))
}

export function humanMarks({ humans }: JudgedPaper, dimension: string): number[] {
  return humans.flatMap(({ scores }) => scores[dimension] ?? [])
}

/** One judge's mark, the mean of its rows; null when it gave none. */
export function judgeMark({ judges }: JudgedPaper, judge: string, dimension: string): number | null {
  return mean(judges.filter((row) => row.judge === judge).flatMap(({ scores }) => scores[dimension] ?? []))
}

/** Mean over the judges of each one's mark; null when none gave one. */
export function panelMark(paper: JudgedPaper, dimension: string): number | null {
  const names = [...new Set(paper.judges.map(({ judge }) => judge))]
  return mean(names.flatMap((judge) => judgeMark(paper, judge, dimension) ?? []))
}
