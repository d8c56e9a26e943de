import type { HumanRow } from './human-csv.ts'
import { compareText } from './marks.ts'

/** A row that seems to stand under the wrong paper, and the paper it seems to belong to. */
export interface SuspectRow {
  readonly reviewer: string
  readonly task: string
  readonly agent: string
  /** The two rows of this reviewer for this paper, as indices into the table. */
  readonly rows: readonly [number, number]
  /** The one paper that this reviewer lacks. */
  readonly missing: { readonly task: string; readonly agent: string }
}

/**
 * Rows that are probably mislabelled: a reviewer has two rows for one paper, and none for exactly one paper of a task whose
 * other papers the same reviewer marked. This is inference from the design of a study in which reviewers mark all papers of a
 * task, and not a fact.
 */
export function findSuspectRows(rows: readonly HumanRow[]): SuspectRow[] {
  const papersByTask = Map.groupBy(unique(rows.map(({ task, agent }) => ({ task, agent }))), ({ task }) => task)
  const indexed = rows.map((row, index) => ({ ...row, index }))
  const byReviewer = Map.groupBy(indexed, ({ reviewer }) => reviewer)
  const reviewers = [...byReviewer].toSorted(([a], [b]) => compareText(a ?? '', b ?? ''))
  return reviewers.flatMap(([reviewer, own]) => {
    if (reviewer === null) return []
    const marked = Map.groupBy(own, keyOf)
    const doubled = [...marked.values()].filter(({ length }) => length === 2)
    const tasks = new Set(own.map(({ task }) => task))
    const missing = [...tasks].flatMap((task) =>
      (papersByTask.get(task) ?? []).filter((paper) => !marked.has(keyOf(paper))),
    )
    const [first, second] = doubled[0] ?? []
    const [lacking] = missing
    if (doubled.length !== 1 || missing.length !== 1 || !first || !second || !lacking) return []
    const { task, agent } = first
    return [{ reviewer, task, agent, rows: [first.index, second.index] as const, missing: lacking }]
  })
}

/** Every way to move one of the two rows of each suspect to the paper it seems to belong to: 2 to the power of their number. */
export function relabelings(
  rows: readonly HumanRow[],
  suspects: readonly SuspectRow[],
): { readonly choice: readonly (0 | 1)[]; readonly rows: HumanRow[] }[] {
  return Array.from({ length: 2 ** suspects.length }, (_, number) => {
    const choice = suspects.map((_suspect, index): 0 | 1 => ((number >> (suspects.length - 1 - index)) & 1 ? 1 : 0))
    const moved = new Map(suspects.map((suspect, index) => [suspect.rows[choice[index] ?? 0], suspect.missing]))
    return { choice, rows: rows.map((row, index) => ({ ...row, ...moved.get(index) })) }
  })
}

const keyOf = ({ task, agent }: { task: string; agent: string }): string => `${task}/${agent}`

function unique<Paper extends { task: string; agent: string }>(papers: readonly Paper[]): Paper[] {
  return [...new Map(papers.map((paper) => [keyOf(paper), paper])).values()]
}
