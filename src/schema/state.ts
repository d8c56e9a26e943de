import { z } from 'zod'
import { stageSchema } from './stage.ts'
import { usageSchema } from './usage.ts'

const stageStateSchema = z.strictObject({
  /** `unfinished`: started and neither finished nor failed: at work now, or interrupted. */
  status: z.enum(['pending', 'unfinished', 'done', 'failed']),
  attempt: z.int().nonnegative(),
  durationMs: z.number().nonnegative().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
})
export type StageState = z.infer<typeof stageStateSchema>

export const spendingSchema = z.strictObject({
  calls: z.int().nonnegative(),
  failedCalls: z.int().nonnegative(),
  retries: z.int().nonnegative(),
  /** Tries that broke off half-way: they may have been charged for, and nobody said how much. */
  brokenTries: z.int().nonnegative(),
  /** What they may have cost in all, as far as prices are known. */
  brokenUpToUsd: z.number().nonnegative(),
  /** Of complete calls. Null in a field as soon as one call did not report it. */
  usage: usageSchema,
  costUsd: z.number().nonnegative().nullable(),
  /** Sum over the calls whose cost is known: a lower bound when `costUsd` is null or a try broke off. */
  knownCostUsd: z.number().nonnegative(),
})
export type Spending = z.infer<typeof spendingSchema>

/** What a coder itself reported about its sessions, in sum. */
export const sessionSchema = z.strictObject({
  costUsd: z.number().nonnegative().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  /** Input and output in one sum. */
  totalTokens: z.int().nonnegative().nullable(),
})
export type Session = z.infer<typeof sessionSchema>

/** `state.json`: derived from the events, and written anew after each stage for quick reading. */
export const trialStateSchema = z.strictObject({
  schema: z.literal('mlrbench/state@1'),
  stages: z.partialRecord(stageSchema, stageStateSchema),
  spending: spendingSchema,
  /** By stage: the same sums for its calls alone. */
  spendingByStage: z.partialRecord(stageSchema, spendingSchema),
  /** The part of the experiment's spending that its own code made; null when it called no model. */
  experimentCode: spendingSchema.nullable().default(null),
  /** By stage; stages without such a report are not here. */
  sessionsByStage: z.partialRecord(stageSchema, sessionSchema).default({}),
  commands: z.int().nonnegative(),
  sandbox: z.strictObject({ name: z.string(), isolated: z.boolean() }).nullable(),
})
export type TrialState = z.infer<typeof trialStateSchema>
