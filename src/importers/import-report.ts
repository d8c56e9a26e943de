import { z } from 'zod'
import { importFormatSchema, sha256Schema } from '../schema/run.ts'
import type { ImportNote, SkippedFile } from './importer.ts'

const count = z.int().nonnegative()

/** `import.json` of an imported run: what was read for it, what became of it, and what was left out. */
export const importReportSchema = z.strictObject({
  schema: z.literal('mlrbench/import@1'),
  run: z.string(),
  format: importFormatSchema,
  /** Over paths and contents of all that was read. */
  sha256: sha256Schema,
  /** What the run holds now. */
  counts: z.strictObject({
    agents: count,
    tasks: count,
    trials: count,
    artefacts: count,
    events: count,
    reviews: count,
    humanReviews: count,
  }),
  /** Files of the source by kind, those that were skipped not among them. */
  read: z.record(z.string(), count),
  /** Files, or passages of files, that could not be used. */
  skipped: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** Remarks, the same text once, with the files it is about: the number, and the first few. */
  notes: z.array(z.strictObject({ text: z.string(), count: z.int().positive(), examples: z.array(z.string()) })),
})
export type ImportReport = z.infer<typeof importReportSchema>

const mostExamples = 3

/** Remarks by text, sorted; the number of times each was made and the first files in order. */
export function countNotes(notes: readonly ImportNote[]): ImportReport['notes'] {
  return [...Map.groupBy(notes, ({ text }) => text)]
    .map(([text, own]) => ({
      text,
      count: own.length,
      examples: [...new Set(own.map(({ path }) => path))].toSorted().slice(0, mostExamples),
    }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1))
}

/** How many files were skipped for each reason, most first. */
export function countReasons(skipped: readonly SkippedFile[]): { reason: string; count: number; examples: string[] }[] {
  return [...Map.groupBy(skipped, ({ reason }) => reason)]
    .map(([reason, own]) => ({
      reason,
      count: own.length,
      examples: own.slice(0, mostExamples).map(({ path }) => path),
    }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}
