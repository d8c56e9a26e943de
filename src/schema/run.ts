import { z } from 'zod'
import { agentSpecSchema, nameSchema, recordedConfigSchema } from './config.ts'
import { stageSchema } from './stage.ts'

/** Whose layout an import reads. */
export const importFormatSchema = z.enum(['mlr-bench', 'ai-scientist-v2', 'papers'])
export type ImportFormat = z.infer<typeof importFormatSchema>

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

const taskReferenceSchema = z.strictObject({
  id: nameSchema,
  title: z.string(),
  /** `unknown`: work that was imported without the text of its task. */
  source: z.enum(['mlr-bench', 'bundled', 'folder', 'unknown']),
  /** Of the text; null where there is none. */
  sha256: sha256Schema.nullable(),
})
export type TaskReference = z.infer<typeof taskReferenceSchema>

/** `run.json`: written once when the run is made; never changes. */
export const runRecordSchema = z.strictObject({
  schema: z.literal('mlrbench/run@1'),
  id: nameSchema,
  createdAt: z.iso.datetime(),
  config: recordedConfigSchema,
  tasks: z.array(taskReferenceSchema),
  /** SHA-256 of each prompt and rubric file in use, by id. */
  prompts: z.record(z.string(), sha256Schema),
  rubrics: z.record(z.string(), sha256Schema),
  versions: z.record(z.string(), z.string()),
  /** Of the folder the command was started in; null outside a checkout. */
  git: z.strictObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  /** Where an imported run came from, and which trials it has; null for a run made here. */
  imported: z
    .strictObject({
      format: importFormatSchema,
      /** SHA-256 over paths and contents of everything that was read for this run: the same source gives the same run. */
      sha256: sha256Schema,
      /** Ids of the trials: unlike in a run made here, not every agent need have done every task. */
      trials: z.array(z.string()),
    })
    .nullable()
    .default(null),
})
export type RunRecord = z.infer<typeof runRecordSchema>

/** `trial.json`: one task, one agent, one repeat; never changes. */
export const trialRecordSchema = z.strictObject({
  schema: z.literal('mlrbench/trial@1'),
  /** `<task>/<agent>/<repeat>`, as the folders below `trials/`. */
  id: z.string(),
  task: taskReferenceSchema,
  agent: agentSpecSchema,
  /** From 1. */
  repeat: z.int().positive(),
  /** Artefacts of earlier stages copied in from another run, stepwise mode. Run and trial are null where an imported source does not say. */
  inputs: z.array(
    z.strictObject({
      stage: stageSchema,
      run: z.string().nullable(),
      trial: z.string().nullable(),
      files: z.array(z.strictObject({ path: z.string(), sha256: sha256Schema })),
    }),
  ),
  createdAt: z.iso.datetime(),
})
export type TrialRecord = z.infer<typeof trialRecordSchema>

/** `lease.json`: who works on a trial now. */
export const leaseSchema = z.strictObject({
  schema: z.literal('mlrbench/lease@1'),
  token: z.string(),
  host: z.string(),
  bootId: z.string(),
  pid: z.int().positive(),
  /** Start time of that process in the kernel's own units, so that a reused pid is not taken for it. */
  processStart: z.string(),
  heartbeatAt: z.iso.datetime(),
})
export type Lease = z.infer<typeof leaseSchema>
