import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { describeError } from '../../base/errors.ts'
import { nameSchema } from '../../schema/config.ts'
import { artefactPaths } from '../../schema/stage.ts'
import type { ReadFile, SkippedFile, SourceHumanReview } from '../importer.ts'
import type { Source } from '../source.ts'
import { endToEndSystems } from './coders.ts'
import { folders, inRoot, runNames } from './layout.ts'

/** One row of a table, with the trial it is about. */
interface HumanRow {
  /** Name of the run, prefix included. */
  readonly run: string
  readonly agent: string
  readonly task: string
  readonly review: SourceHumanReview
}

export interface HumanTables {
  readonly rows: readonly HumanRow[]
  /** Rows that cannot be used, and tables that hold nothing new. */
  readonly skipped: readonly SkippedFile[]
  /** The tables, for the runs that keep them. */
  readonly files: readonly ReadFile[]
}

/** The run that holds a system's papers. The labels call the systems otherwise; both worked with o4-mini. */
const systems: Readonly<Record<string, { readonly run: string; readonly agent: string }>> = {
  ...Object.fromEntries(Object.keys(endToEndSystems).map((agent) => [agent, { run: runNames.endToEnd(agent), agent }])),
  'MLR Agent': { run: runNames.endToEnd('o4-mini'), agent: 'o4-mini' },
  'AI Scientist V2': { run: 'ai-scientist-v2-o4-mini', agent: 'o4-mini' },
}

const reviewTable = 'human_review.csv'
const labelTable = 'Hallucination Check.csv'
/** Means of the judges' reviews, and those means beside the human rows. */
const derivedTables = ['llm_judge.csv', 'merge_data.csv']

const dimensions = { Novelty: 'novelty', Clarity: 'clarity', Soundness: 'soundness', Significance: 'significance' }
const labels = {
  is_Faked_Experimental_Result: 'faked-result',
  is_Hallucinated_Methodology: 'hallucinated-methodology',
  is_Incorrect_Citation: 'nonexistent-citation',
  is_Mathematical_Error: 'mathematical-error',
}

/** Reads `human_eval/`: marks and labels that people gave to papers. A row that does not fit exactly is skipped, never guessed. */
export async function readHumanTables(source: Source, prefix: string): Promise<HumanTables> {
  const rows: HumanRow[] = []
  const skipped: SkippedFile[] = []
  const files: ReadFile[] = []
  for (const [name, readRow] of [
    [reviewTable, readMarks],
    [labelTable, readLabels],
  ] as const) {
    const path = inRoot(source, `${folders.humans}/${name}`)
    if (!source.has(path)) continue
    const table = parseTable(await source.readText(path))
    if (typeof table === 'string') {
      skipped.push({ path, reason: `a table that cannot be read: ${table}` })
      continue
    }
    files.push({ path, kind: 'table of human reviews' })
    const sha256 = await source.hash(path)
    for (const { line, record } of table) {
      const read = readRow(record, { path, line, sha256 })
      if ('reason' in read)
        skipped.push({ path: `${path}, line ${line}`, reason: `a row that cannot be used: ${read.reason}` })
      else rows.push({ ...read, run: `${prefix}${read.run}` })
    }
  }
  for (const name of derivedTables) {
    const path = inRoot(source, `${folders.humans}/${name}`)
    if (source.has(path)) files.push({ path, kind: 'derived table, kept and not taken for reviews' })
  }
  return { rows, skipped, files }
}

type Cells = Readonly<Record<string, string>>

/** Rows by column, with the line of the file; or why the text is no table. */
function parseTable(text: string): { line: number; record: Cells }[] | string {
  try {
    const rows = parse(text, { columns: true, info: true, bom: true, trim: true, skip_empty_lines: true })
    return tableSchema.parse(rows).map(({ record, info }) => ({ line: info.lines, record }))
  } catch (error) {
    return describeError(error)
  }
}
const tableSchema = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.int().positive() }) }),
)

type Place = SourceHumanReview['imported']

function readMarks(cells: Cells, imported: Place): HumanRow | { reason: string } {
  const { model_name: name = '', workshop_name: task = '', reviewer_id: reviewer = '' } = cells
  const system = systems[name]
  if (system === undefined) return { reason: `no system is called "${name}"` }
  if (!nameSchema.safeParse(task).success) return { reason: `"${task}" is no task` }
  const scores: Record<string, number> = {}
  for (const [column, id] of Object.entries(dimensions)) {
    const mark = markIn(cells[column])
    if (mark === undefined) return { reason: `${column} is no mark from 1 to 10` }
    if (mark !== null) scores[id] = mark
  }
  const overall = markIn(cells['Overall'])
  if (overall === undefined) return { reason: 'Overall is no mark from 1 to 10' }
  return { ...system, task, review: { ...base('end-to-end', imported), reviewer: reviewer || null, scores, overall } }
}

/** Null for an empty cell, undefined for what is no mark. */
function markIn(cell: string | undefined): number | null | undefined {
  if (cell === undefined || cell === '') return null
  const mark = Number(cell)
  return mark >= 1 && mark <= 10 ? mark : undefined
}

const answers: Readonly<Record<string, 'yes' | 'no' | 'not-sure'>> = { Yes: 'yes', No: 'no', 'Not Sure': 'not-sure' }

function readLabels(cells: Cells, imported: Place): HumanRow | { reason: string } {
  const { LLM: name = '', Workshop_name: task = '' } = cells
  const system = systems[name]
  if (system === undefined) return { reason: `no system is called "${name}"` }
  if (!nameSchema.safeParse(task).success) return { reason: `"${task}" is no task` }
  const given: SourceHumanReview['labels'] = {}
  for (const [column, type] of Object.entries(labels)) {
    const answer = answers[cells[column] ?? '']
    if (answer === undefined) return { reason: `${column} is none of Yes, No, Not Sure` }
    given[type] = answer
  }
  return { ...system, task, review: { ...base('hallucination', imported), labels: given } }
}

function base(rubric: string, imported: Place): SourceHumanReview {
  const nothing = { reviewer: null, scores: {}, overall: null, confidence: null, labels: {}, comment: null }
  return { subject: artefactPaths.paper, rubric, imported, ...nothing }
}
