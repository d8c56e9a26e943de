import { z } from 'zod'
import { sha256Schema } from './run.ts'

/** `fabricated` and `suspicious` rest on findings; `unverifiable` says that too little is left to tell. */
export const verdictSchema = z.enum(['fabricated', 'suspicious', 'unverifiable', 'no_evidence_of_fabrication'])
export type Verdict = z.infer<typeof verdictSchema>

/** `critical`: alone it makes results untrue. `major`: a result is not what it seems. `minor` and `note`: for readers. */
export const severitySchema = z.enum(['critical', 'major', 'minor', 'note'])
export type Severity = z.infer<typeof severitySchema>

/** Whether a finding of this severity speaks against a result. */
export function isGrave(severity: Severity): boolean {
  return severity === 'critical' || severity === 'major'
}

/**
 * Where a claim's number comes from, as far as the evidence goes:
 * `traced` a process printed or wrote it; `derived` it follows from traced numbers; `configured` a setting in code or configuration;
 * `planned` it stands in the proposal or the task; `typed` the agent wrote it itself; `literal` a constant in executed code;
 * `random` drawn from a generator in executed code; `contradicted` the evidence says otherwise; `unfound` it is nowhere;
 * `unchecked` no result, or too round to tell.
 */
export const claimStatusSchema = z.enum([
  'traced',
  'derived',
  'configured',
  'planned',
  'typed',
  'literal',
  'random',
  'contradicted',
  'unfound',
  'unchecked',
])
export type ClaimStatus = z.infer<typeof claimStatusSchema>

/** A place in a file or in the session: what a reader is shown. */
export const evidencePlaceSchema = z.strictObject({
  /** Relative to what was audited; null for a step of the session. */
  path: z.string().nullable(),
  /** Of the session, from 1; null for a file. */
  step: z.int().nonnegative().nullable(),
  /** From 1, within the file, or within the step's output, typed text or command; null where lines mean nothing. */
  line: z.int().positive().nullable(),
  /** As it stands there, on one line, at most 200 characters. */
  quote: z.string(),
  role: z.enum(['origin', 'contradicts', 'closest', 'context']),
})
export type EvidencePlace = z.infer<typeof evidencePlaceSchema>

export const auditClaimSchema = z.strictObject({
  /** From 0, unique within the audit. */
  id: z.int().nonnegative(),
  path: z.string(),
  /** From 1. */
  line: z.int().positive(),
  /** Characters of the document from its beginning, in UTF-16 code units: `[start, end)`. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  text: z.string(),
  value: z.number(),
  /** `result`: what the work says it measured. `setup`: how it was done. `other`: neither. */
  role: z.enum(['result', 'setup', 'other']),
  /** Whether it has digits enough to say where it comes from. */
  informative: z.boolean(),
  /** Row and column of a table, or the words around it. */
  label: z.string(),
  status: claimStatusSchema,
  /** Best first, at most 3. */
  evidence: z.array(evidencePlaceSchema),
  /** Chance that a number of this precision is met by accident in the evidence, 0..1; null where nothing was searched. */
  collision: z.number().min(0).max(1).nullable(),
  /** Ids of the findings about it. */
  findings: z.array(z.int().nonnegative()),
})
export type AuditClaim = z.infer<typeof auditClaimSchema>

export const auditFindingSchema = z.strictObject({
  /** From 0, in the order of the report: the gravest first. */
  id: z.int().nonnegative(),
  rule: z.string(),
  severity: severitySchema,
  /** Whether what is found is said openly where readers of the work see it. */
  disclosed: z.boolean(),
  /** Claims it is about; empty for findings about code or the session. */
  claims: z.array(z.int().nonnegative()),
  /** What was found, where, in a sentence with the values. */
  message: z.string(),
  evidence: z.array(evidencePlaceSchema),
  collision: z.number().min(0).max(1).nullable(),
  /** Whether the code it is about ran; null where that cannot be known, or it is not about code. */
  executed: z.boolean().nullable(),
  /** What it adds to the score; 0 for what only readers should know. */
  points: z.number().nonnegative(),
})
export type AuditFinding = z.infer<typeof auditFindingSchema>

/** Results of the informative kind, by status. */
const coverageSchema = z.strictObject({
  claims: z.int().nonnegative(),
  results: z.int().nonnegative(),
  informative: z.int().nonnegative(),
  byStatus: z.record(claimStatusSchema, z.int().nonnegative()),
  /** Informative results that a finding of severity major or critical is about. */
  flagged: z.int().nonnegative(),
})

/** A number as JSON can hold it. */
export const resultValueSchema = z.union([z.number(), z.enum(['nan', 'inf', '-inf'])])
export type ResultValue = z.infer<typeof resultValueSchema>

const comparisonOutcomeSchema = z.enum(['exact', 'within-spread', 'different', 'missing'])

/** `reproductions/<trial>/<id>.json`: what the scripts of a work gave when they were run again, beside what they are said to have given. */
export const reproductionSchema = z.strictObject({
  schema: z.literal('mlrbench/reproduction@1'),
  id: z.string(),
  /** `<run>:<trial>`, or the folder's name. */
  subject: z.string(),
  createdAt: z.iso.datetime(),
  /** Shell commands in the order they were run, each in a shell of its own at the top of the workspace; $WORKSPACE stands for its path. */
  commands: z.array(z.string()),
  /** Who says that these commands gave the results: the session's record, the user, a readme, or nothing but a script's name. */
  source: z.enum(['record', 'given', 'readme', 'name']),
  /** Null where there was none to run in. */
  sandbox: z.string().nullable(),
  isolated: z.boolean(),
  network: z.enum(['none', 'allowlist', 'full']),
  limits: z.strictObject({
    memoryBytes: z.int().positive(),
    cpus: z.number().positive(),
    processes: z.int().positive(),
    diskBytes: z.int().positive(),
    /** Of each command. */
    timeLimitMs: z.int().positive(),
  }),
  /** Each time that all commands were run in a fresh workspace. */
  runs: z.array(
    z.strictObject({
      /** Of the last command that ran; null when a limit ended it. */
      exitCode: z.int().nullable(),
      exceededLimit: z.enum(['wall-time', 'memory', 'processes', 'disk', 'output']).nullable(),
      durationMs: z.number().nonnegative(),
    }),
  ),
  outcome: z.enum(['exact', 'within-spread', 'different', 'could-not-run']),
  /** Why it could not run; empty otherwise. */
  reason: z.string(),
  /** Files that were compared, with their values by outcome. */
  files: z.array(
    z.strictObject({
      path: z.string(),
      exact: z.int().nonnegative(),
      withinSpread: z.int().nonnegative(),
      different: z.int().nonnegative(),
      missing: z.int().nonnegative(),
      /** Values about time or memory, which no run gives twice, and places that only a report rewritten by hand has. */
      leftOut: z.int().nonnegative(),
      /** Values that only the new run has. */
      extra: z.int().nonnegative(),
    }),
  ),
  /** What differs first; `files` counts what is not told here. */
  comparisons: z.array(
    z.strictObject({
      path: z.string(),
      /** Key path of a JSON value, row and column of a table; empty for a whole file. */
      place: z.string(),
      /** From 1, in the file as it was; null for a whole file. */
      line: z.int().positive().nullable(),
      before: resultValueSchema.nullable(),
      /** Of the first new run that has it. Null where none has. */
      after: resultValueSchema.nullable(),
      outcome: comparisonOutcomeSchema,
      /** How far the new runs lie apart from each other; 0 where they agree or there was only one. */
      spread: z.number().nonnegative(),
    }),
  ),
  /**
   * Results of the documents that were traced to compared files: how many of them the new run gave again, and how many it gave otherwise.
   * Null where nothing ran.
   */
  claims: z
    .strictObject({
      traced: z.int().nonnegative(),
      reproduced: z.int().nonnegative(),
      different: z.int().nonnegative(),
    })
    .nullable(),
  /** How the new runs' surroundings differ from those the work recorded of itself; null where it recorded none, or nothing ran. */
  environment: z
    .strictObject({ differences: z.array(z.string()) })
    .nullable()
    .default(null),
  /** What readers should know before they trust it. */
  notes: z.array(z.string()),
})
export type Reproduction = z.infer<typeof reproductionSchema>

/** `audits/<id>.json`: what one deterministic audit found in one piece of work. The same input gives the same bytes. */
export const auditSchema = z.strictObject({
  schema: z.literal('mlrbench/audit@1'),
  /** Hash of the subject's content and of the audit's own version. */
  id: z.string(),
  /** Version of the rules as a whole; it changes whenever a verdict could. */
  rulesVersion: z.int().positive(),
  /** `<run>:<trial>`, or the folder's name. */
  subject: z.string(),
  verdict: verdictSchema,
  /** Why, in one or two sentences. */
  summary: z.string(),
  score: z.strictObject({
    /** 0..12 or so; 3 and more is fabricated, and 2 of them from execution and code alone; 1.5 and more suspicious. */
    fab: z.number().nonnegative(),
    claims: z.number().nonnegative(),
    execution: z.number().nonnegative(),
    code: z.number().nonnegative(),
  }),
  /** What the audit could see of the session: our own events, a foreign transcript, its words only, or nothing. */
  record: z.enum(['recorded', 'transcript', 'words', 'none']),
  coverage: coverageSchema,
  documents: z.array(
    z.strictObject({
      path: z.string(),
      sha256: sha256Schema,
      lines: z.int().nonnegative(),
      claims: z.int().nonnegative(),
    }),
  ),
  findings: z.array(auditFindingSchema),
  claims: z.array(auditClaimSchema),
  reproduction: z.strictObject({ id: z.string(), outcome: reproductionSchema.shape.outcome }).nullable(),
  /** What was not read, and why. */
  leftOut: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), reason: z.string() })),
  /** What readers should know before they trust it. */
  notes: z.array(z.string()),
})
export type Audit = z.infer<typeof auditSchema>
