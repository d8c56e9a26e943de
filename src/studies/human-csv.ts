import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { describeError, PrerequisiteError } from '../base/errors.ts'

/** One person's marks of one paper. A dimension the row leaves empty is not in `scores`. */
export interface HumanRow {
  readonly task: string
  readonly agent: string
  /** Null where the table has no column for it. */
  readonly reviewer: string | null
  /** By dimension id, 1..10. */
  readonly scores: Readonly<Record<string, number>>
}

/** One judge's marks of one paper. */
export interface JudgeRow {
  readonly task: string
  readonly agent: string
  readonly judge: string
  readonly scores: Readonly<Record<string, number>>
}

export type ScoreTable =
  | { readonly kind: 'human'; readonly rows: readonly HumanRow[] }
  | { readonly kind: 'judges'; readonly rows: readonly JudgeRow[] }

/** Headings that mean the same, in lower case; the first one found counts. */
const headings = {
  task: ['task', 'task_id', 'workshop_name', 'workshop'],
  agent: ['agent', 'system', 'model_name'],
  reviewer: ['reviewer', 'reviewer_id', 'annotator', 'annotator_id'],
  judge: ['judge'],
} as const

/**
 * Reads a table of marks: CSV with a heading row, a column for the task, one for the agent, and one for each dimension. With
 * a column for the reviewer it holds human reviews, otherwise marks of judges, all of one judge unless a column names it.
 * @param dimensions ids of the dimensions to look for; headings match them whatever their case
 * @param options.source the file's name, for messages and as the name of a judge that no column names
 * @throws PrerequisiteError for a table without those columns or with two of one name, and for a cell that is no mark from 1 to 10, with
 *   its line
 */
export function readScoreTable(csv: string, dimensions: readonly string[], { source }: { source: string }): ScoreTable {
  const [header, ...records] = parseCsv(csv, source)
  if (header === undefined) throw new PrerequisiteError(`${source} is empty: give a table with a heading row`)
  const names = header.values.map((name) => name.trim().toLowerCase())
  const known = [...Object.values(headings).flat(), ...dimensions.map((dimension) => dimension.toLowerCase())]
  const doubled = known.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (doubled !== undefined)
    throw new PrerequisiteError(`${source} has two columns "${doubled}": which of them counts cannot be told`)
  const column = (kind: keyof typeof headings): number =>
    headings[kind].map((name) => names.indexOf(name)).find((index) => index !== -1) ?? -1
  const [task, agent, reviewer, judge] = [column('task'), column('agent'), column('reviewer'), column('judge')]
  const marked = dimensions.flatMap((dimension) => {
    const index = names.indexOf(dimension.toLowerCase())
    return index === -1 ? [] : [{ dimension, index }]
  })
  if (task === -1 || agent === -1 || marked.length === 0)
    throw new PrerequisiteError(
      `${source} has the columns ${names.join(', ')}; needed are one of ${headings.task.join('|')}, one of ${headings.agent.join('|')}, and at least one dimension of: ${dimensions.join(', ')}${names.length === 1 ? '; columns are separated by commas' : ''}`,
    )
  const read = records.map(({ values, line }) => {
    const cell = (index: number): string => (values[index] ?? '').trim()
    const scores: Record<string, number> = {}
    for (const { dimension, index } of marked) {
      const text = cell(index)
      if (text !== '') scores[dimension] = readMark(text, `${source}, line ${line}, ${dimension}`)
    }
    if (cell(task) === '' || cell(agent) === '')
      throw new PrerequisiteError(`${source}, line ${line}: the task or the agent is missing`)
    return {
      task: cell(task),
      agent: cell(agent),
      reviewer: reviewer === -1 || cell(reviewer) === '' ? null : cell(reviewer),
      judge: judge === -1 ? source : cell(judge),
      scores,
    }
  })
  return reviewer === -1
    ? { kind: 'judges', rows: read.map(({ reviewer: _none, ...row }) => row) }
    : { kind: 'human', rows: read.map(({ judge: _none, ...row }) => row) }
}

/** What the CSV library gives with `info`, which its types do not tell. */
const recordsSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) }))

function parseCsv(csv: string, source: string): { values: string[]; line: number }[] {
  try {
    const records = parse(csv, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
    return recordsSchema.parse(records).map(({ record, info }) => ({ values: record, line: info.lines }))
  } catch (cause) {
    throw new PrerequisiteError(`${source} is no CSV table that can be read: ${describeError(cause)}`, { cause })
  }
}

function readMark(text: string, where: string): number {
  const mark = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || mark < 1 || mark > 10)
    throw new PrerequisiteError(`${where}: "${text}" is no mark from 1 to 10; a cell without a mark is left empty`)
  return mark
}
