import { z } from 'zod'
import { reviewViewSchema } from './review.ts'
import { sha256Schema } from './run.ts'
import { stageSchema } from './stage.ts'
import { usageSchema } from './usage.ts'

const at = z.iso.datetime()
const hashedFilesSchema = z.array(
  z.strictObject({ path: z.string(), sha256: sha256Schema, bytes: z.int().nonnegative() }),
)
export type HashedFile = z.infer<typeof hashedFilesSchema>[number]

/** What a call was made for. */
export const purposeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stage'),
    stage: stageSchema,
    attempt: z.int().positive(),
    step: z.int().positive(),
  }),
  z.strictObject({
    /** Code of an experiment asked a model itself, by way of the gateway. */
    kind: z.literal('experiment-code'),
    attempt: z.int().positive(),
    step: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal('review'),
    review: z.string(),
    attempt: z.int().positive(),
    step: z.int().positive(),
  }),
])
export type Purpose = z.infer<typeof purposeSchema>

export const finishReasonSchema = z.enum([
  'stop',
  'length',
  'content-filter',
  'tool-calls',
  'error',
  'interrupted',
  'other',
])

const modelCalledSchema = z.strictObject({
  type: z.literal('model-called'),
  at,
  /** The same id whenever a reply is used again, so that what was paid once counts once. */
  callId: z.string(),
  purpose: purposeSchema,
  model: z.string(),
  /** As the provider named the model that answered; null when it did not. */
  responseModel: z.string().nullable(),
  usage: usageSchema,
  costUsd: z.number().nonnegative().nullable(),
  /** Null for a call that a foreign transcript tells of without its time. */
  latencyMs: z.number().nonnegative().nullable(),
  finishReason: finishReasonSchema,
  /** Null where a foreign record does not say. */
  retries: z.int().nonnegative().nullable(),
  /** `hit`: the trial's own reply again. `shared`: someone else's, who paid for it. */
  cache: z.enum(['hit', 'shared', 'miss', 'off']),
})

const modelCallFailedSchema = z.strictObject({
  type: z.literal('model-call-failed'),
  at,
  callId: z.string(),
  purpose: purposeSchema,
  model: z.string(),
  code: z.string(),
  message: z.string(),
  retries: z.int().nonnegative(),
})

const callRetriedSchema = z.strictObject({
  type: z.literal('call-retried'),
  at,
  callId: z.string(),
  purpose: purposeSchema,
  code: z.string(),
  message: z.string(),
  delayMs: z.number().nonnegative(),
})

/** A try that broke off after it was sent: the provider may have charged for it, and nobody says how much. */
const callBrokenSchema = z.strictObject({
  type: z.literal('call-broken'),
  at,
  callId: z.string(),
  purpose: purposeSchema,
  code: z.string(),
  /** What was set aside for it, and stays spent in the budget; null where no price is known. */
  upToUsd: z.number().nonnegative().nullable(),
  /** The same in tokens, where a bound is known. */
  upToTokens: z.int().nonnegative().optional(),
})

/** A complete reply that could not be used; it is kept in the attempt's folder, and paid for. */
const replyRejectedSchema = z.strictObject({
  type: z.literal('reply-rejected'),
  at,
  callId: z.string(),
  purpose: purposeSchema,
  code: z.string(),
  message: z.string(),
})

const stageStartedSchema = z.strictObject({
  type: z.literal('stage-started'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  /** Hash of inputs, prompt, model and settings: a finished stage is used again only under the same one. Null: done elsewhere, and imported. */
  fingerprint: sha256Schema.nullable(),
  inputs: hashedFilesSchema,
})

const stageFinishedSchema = z.strictObject({
  type: z.literal('stage-finished'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  fingerprint: sha256Schema.nullable(),
  outputs: hashedFilesSchema,
  /** Null where an imported source does not say. */
  durationMs: z.number().nonnegative().nullable(),
})

const stageFailedSchema = z.strictObject({
  type: z.literal('stage-failed'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  code: z.string(),
  message: z.string(),
  durationMs: z.number().nonnegative().nullable(),
})

const replyCleanedSchema = z.strictObject({
  type: z.literal('reply-cleaned'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  stripped: z.array(z.strictObject({ kind: z.enum(['preamble', 'fence']), text: z.string() })),
})

const sandboxOpenedSchema = z.strictObject({
  type: z.literal('sandbox-opened'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  sandbox: z.string(),
  isolated: z.boolean(),
  network: z.enum(['none', 'allowlist', 'full']),
})

const commandExecutedSchema = z.strictObject({
  type: z.literal('command-executed'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  /** From 1 within the attempt. */
  step: z.int().positive(),
  command: z.string(),
  /** Null when a limit ended it, and where a foreign transcript does not say. */
  exitCode: z.int().nullable(),
  exceededLimit: z.enum(['wall-time', 'memory', 'processes', 'disk', 'output']).nullable(),
  /** Null where a foreign transcript does not say. */
  durationMs: z.number().nonnegative().nullable(),
  output: z.string(),
  /** Of the whole output; null where a foreign transcript cut it without its size. */
  outputBytes: z.int().nonnegative().nullable(),
  outputTruncated: z.boolean(),
})

const fileWrittenSchema = z.strictObject({
  type: z.literal('file-written'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  /** Relative to the workspace; absolute for one outside it, of which a foreign transcript tells. */
  path: z.string(),
  /** Null where only an edit of it is known. */
  bytes: z.int().nonnegative().nullable(),
  /** Null for a file too large to hash between commands, for one that is gone, and where only an edit of it is known. */
  sha256: sha256Schema.nullable(),
  change: z.enum(['created', 'changed', 'deleted']),
  /** The step of the command that wrote it. */
  step: z.int().positive(),
  /** What the agent typed with an editing tool: the whole file, or what an edit put in. Absent where a command wrote it. */
  typed: z.string().optional(),
})

/** An editing tool that refused: the file stayed as it was, but the agent had typed its text. */
const editFailedSchema = z.strictObject({
  type: z.literal('edit-failed'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  path: z.string(),
  step: z.int().positive(),
  typed: z.string(),
  message: z.string(),
})

/** A file that a reading tool showed the agent, as it was shown. */
const fileViewedSchema = z.strictObject({
  type: z.literal('file-viewed'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  path: z.string(),
  step: z.int().positive(),
  /** Null for a figure. */
  text: z.string().nullable(),
  /** Whether it is the whole file. */
  whole: z.boolean(),
})

/** What the coder said between its steps, in its own words; thoughts only where a record gives them. */
const coderSaidSchema = z.strictObject({
  type: z.literal('coder-said'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  /** Steps done before it was said; 0 before the first. */
  step: z.int().nonnegative(),
  thought: z.boolean(),
  text: z.string(),
})

/** How many more files a command wrote than are told one by one. */
const filesUntoldSchema = z.strictObject({
  type: z.literal('files-untold'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  step: z.int().positive(),
  count: z.int().positive(),
})

/**
 * How a coder's work ended. `done`: it said so itself. `denied`: it was not allowed what it needed. `refused`: its model would not.
 * `model-failed`: its model could not be reached. `crashed`: its program ended otherwise. `unknown`: a foreign transcript that breaks
 * off or does not say. The others are the limits.
 */
const coderEndingSchema = z.enum([
  'done',
  'step-limit',
  'time-limit',
  'cost-limit',
  'token-limit',
  'output-limit',
  'memory-limit',
  'process-limit',
  'disk-limit',
  'denied',
  'refused',
  'model-failed',
  'crashed',
  'unknown',
])
export type CoderEnding = z.infer<typeof coderEndingSchema>

/** Which program works on the experiment. */
const coderStartedSchema = z.strictObject({
  type: z.literal('coder-started'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  kind: z.string(),
  /** As the program tells it; null where there is no program, or it does not tell. */
  version: z.string().nullable(),
  model: z.string(),
})

/**
 * A call that the gateway did not forward: over a limit, to a model that is not allowed, or of a kind that cannot be accounted for. With
 * `unknown-field` it was forwarded, without what nobody knows.
 */
const gatewayRefusedSchema = z.strictObject({
  type: z.literal('gateway-refused'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  /** Who called: the coder, or code of the experiment. */
  caller: z.enum(['coder', 'experiment-code']),
  code: z.string(),
  message: z.string(),
  /** How many refusals of this code it stands for. */
  count: z.int().positive(),
})

/** A host that the sandbox's proxy did not connect to. */
const egressRefusedSchema = z.strictObject({
  type: z.literal('egress-refused'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  host: z.string(),
  port: z.int().nonnegative(),
  reason: z.string(),
  count: z.int().positive(),
})

const coderFinishedSchema = z.strictObject({
  type: z.literal('coder-finished'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  ending: coderEndingSchema,
  steps: z.int().nonnegative(),
  message: z.string(),
})

/**
 * What a coder itself reports about a whole session, where its calls say less: Claude Code its cost, Codex its tokens. A cost
 * here stands in place of the unknown costs of the attempt's calls.
 */
const sessionReportedSchema = z.strictObject({
  type: z.literal('session-reported'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  costUsd: z.number().nonnegative().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  /** Input and output in one sum; null where the calls have their own counts. */
  totalTokens: z.int().nonnegative().nullable(),
})

/** What the agent left that is no regular file, or too large, and so was not taken over. */
const fileRefusedSchema = z.strictObject({
  type: z.literal('file-refused'),
  at,
  stage: stageSchema,
  attempt: z.int().positive(),
  path: z.string(),
  reason: z.string(),
})

const reviewFailedSchema = z.strictObject({
  type: z.literal('review-failed'),
  at,
  review: z.string(),
  trial: z.string(),
  rubric: z.string(),
  judge: z.string(),
  view: reviewViewSchema,
  repeat: z.int().positive(),
  code: z.string(),
  message: z.string(),
})

/** No valid answer to which of two works is better. It is an error, never a tie. */
const comparisonFailedSchema = z.strictObject({
  type: z.literal('comparison-failed'),
  at,
  comparison: z.string(),
  /** Trials in the order they were shown, each as `<run>:<trial>`. */
  first: z.string(),
  second: z.string(),
  rubric: z.string(),
  judge: z.string(),
  repeat: z.int().positive(),
  code: z.string(),
  message: z.string(),
})

/** Everything that happens in a run, one line of JSON each, in `events/<writer>.jsonl`. */
export const runEventSchema = z.discriminatedUnion('type', [
  stageStartedSchema,
  stageFinishedSchema,
  stageFailedSchema,
  modelCalledSchema,
  modelCallFailedSchema,
  callRetriedSchema,
  callBrokenSchema,
  replyRejectedSchema,
  replyCleanedSchema,
  sandboxOpenedSchema,
  commandExecutedSchema,
  fileWrittenSchema,
  editFailedSchema,
  fileViewedSchema,
  coderSaidSchema,
  filesUntoldSchema,
  coderStartedSchema,
  coderFinishedSchema,
  gatewayRefusedSchema,
  egressRefusedSchema,
  sessionReportedSchema,
  fileRefusedSchema,
  reviewFailedSchema,
  comparisonFailedSchema,
])
export type RunEvent = z.infer<typeof runEventSchema>
/** An event before the log stamps it with its time. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never
