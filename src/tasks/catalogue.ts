import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { assetPath } from '../base/assets.ts'
import { sha256Schema } from '../schema/run.ts'

/** A task id names folders of a run, so it must be safe as a name on any file system. */
export const taskIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

const catalogueTaskSchema = z.strictObject({
  id: z.string().regex(taskIdPattern),
  slug: z.string().min(1),
  venue: z.string().min(1),
  year: z.int().min(2000).max(2100),
  /** First heading of the task's text; null when it has none. */
  title: z.string().min(1).nullable(),
  /** Of the bytes of the task's file. */
  sha256: sha256Schema,
  bytes: z.int().positive(),
  /** Published only for the ten tasks of the subset; null elsewhere. */
  category: z.string().min(1).nullable(),
  /** One of the ten tasks of the paper's end-to-end study. */
  inSubset: z.boolean(),
})

/** `data/catalogue.json`: what is known of each MLR-Bench task, and where the texts themselves can be fetched. */
export const catalogueSchema = z.strictObject({
  schema: z.literal('mlrbench/catalogue@1'),
  source: z.strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    /** A commit's hash, 7 digits or more. */
    commit: z.string().regex(/^[0-9a-f]{7,40}$/),
    archiveUrl: z.url(),
    licence: z.string().min(1),
  }),
  tasks: z
    .array(catalogueTaskSchema)
    .min(1)
    .refine((tasks) => new Set(tasks.map((task) => task.id.toLowerCase())).size === tasks.length, {
      error: 'two tasks have the same id, letter case aside',
    }),
})
export type Catalogue = z.infer<typeof catalogueSchema>

/** The catalogue shipped with the package. Throws when the file was damaged. */
export function loadCatalogue(): Catalogue {
  return catalogueSchema.parse(JSON.parse(readFileSync(assetPath('data/catalogue.json'), 'utf8')))
}
