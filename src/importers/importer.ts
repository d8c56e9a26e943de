import type { ImportedAgentSpec } from '../schema/config.ts'
import type { NewEvent } from '../schema/event.ts'
import type { HumanReview } from '../schema/human.ts'
import type { Review } from '../schema/review.ts'
import type { ImportFormat } from '../schema/run.ts'
import type { Stage } from '../schema/stage.ts'
import type { Source } from './source.ts'

/** Reads one foreign layout. It only says what there is; `writeRun` writes it, and hashes whatever it writes. */
export interface Importer {
  readonly format: ImportFormat
  /** Whether a source has this layout, by the names of its files alone. */
  detect(source: Source): boolean
  /**
   * Lists the runs a source holds. Texts are read when a trial is read, so that a large source is never in memory at once.
   * Rejects with a PrerequisiteError when the source cannot be one of this layout; a fault in one file skips that file.
   */
  list(source: Source, options: ImportOptions): Promise<SourceContent>
}

export interface ImportOptions {
  /** Begins the name of every run. */
  readonly prefix: string
  /** What to call the agent where the source does not say; null leaves it to the importer. */
  readonly agent: string | null
}

export interface SourceContent {
  readonly runs: readonly SourceRun[]
  /** Files that go into no run, each with its reason. A file that is neither here nor in a run is reported as not known. */
  readonly skipped: readonly SkippedFile[]
}

export interface SkippedFile {
  /** Relative to the source. */
  readonly path: string
  /** A clause without the path, the same for all files of one kind: `a table derived from the reviews`. */
  readonly reason: string
}

/** A run as it is to be written. Paths of files (`from`, `path` of a read file) are relative to the source. */
export interface SourceRun {
  /** Name of the run's folder, prefix included. */
  readonly id: string
  readonly format: ImportFormat
  /** Stages that the agents did themselves, in order. */
  readonly stages: readonly Stage[]
  readonly agents: readonly ImportedAgentSpec[]
  readonly tasks: readonly SourceTask[]
  readonly trials: readonly SourceTrialEntry[]
  /** Every file that is read for this run, with what it is. Their paths and contents make the run's hash. */
  readonly files: readonly ReadFile[]
  /** Of them, those that are kept verbatim below `source/` of the run: logs of a whole run, tables. */
  readonly kept: readonly string[]
}

export interface ReadFile {
  readonly path: string
  /** What the report counts it as, a noun in the singular: `idea`, `review`, `token usage`. */
  readonly kind: string
}

export interface SourceTask {
  readonly id: string
  /** Null where the work came without the text of its task. */
  readonly text: FileContent | null
}

export interface SourceTrialEntry {
  /** Ids of a task and an agent of the run. */
  readonly task: string
  readonly agent: string
  /** From 1. */
  readonly repeat: number
  /** Reads the trial; called once, and many at a time. */
  read(): Promise<SourceTrial>
}

/** A file of the source, byte for byte, or a text made from it. */
export type FileContent = { readonly from: string } | { readonly text: string }

export interface Artefact {
  /** Where it goes, relative to the trial's folder. */
  readonly path: string
  readonly content: FileContent
}

export interface SourceTrial {
  /** Everything that goes below the trial's folder, `task.md` included; no two have the same path. */
  readonly artefacts: readonly Artefact[]
  /** Earlier stages that this agent was given and did not do itself. `paths` are among the artefacts. */
  readonly inputs: readonly SourceInput[]
  /** In the order of the stages. */
  readonly stages: readonly SourceStage[]
  readonly reviews: readonly SourceReview[]
  readonly humanReviews: readonly SourceHumanReview[]
  /** Files listed with the run that turned out unreadable, and passages of them: a row of a table, an entry of a log. */
  readonly skipped: readonly SkippedFile[]
  /** Remarks for the report, counted by equal text: `an extra key "scale" in a review was left out`. */
  readonly notes: readonly ImportNote[]
}

export interface ImportNote {
  readonly text: string
  /** The file it is about. */
  readonly path: string
}

export interface SourceInput {
  readonly stage: Stage
  /** The trial it is known to come from; null where nothing says. */
  readonly origin: { readonly run: string; readonly trial: string } | null
  readonly paths: readonly string[]
}

/** One stage's work, in a single attempt. */
export interface SourceStage {
  readonly stage: Stage
  readonly outcome: { readonly status: 'done' } | { readonly status: 'failed'; code: string; message: string }
  readonly durationMs: number | null
  /** Artefacts it left, by path; they are hashed into the event that ends the stage. */
  readonly outputs: readonly string[]
  /**
   * What happened in between, in order: calls, commands, what the coder reported. An event without a time of its own gets
   * the time of the import.
   */
  readonly events: readonly SourceEvent[]
}

export type SourceEvent = NewEvent & { readonly at?: string }

/** What the writer adds: the trial, the subject's hash and length, the id, and the time of the import. */
export type SourceReview = Omit<Review, 'schema' | 'id' | 'trial' | 'subject' | 'createdAt' | 'imported'> & {
  /** Path of the artefact it is about, whether the source holds it or not. */
  readonly subject: string
  /** The file it was read from, and its hash. */
  readonly imported: NonNullable<Review['imported']>
}

/** What the writer adds: the trial, the subject's hash, the id, and the time of the import. */
export type SourceHumanReview = Omit<HumanReview, 'schema' | 'id' | 'trial' | 'subject' | 'createdAt' | 'imported'> & {
  readonly subject: string
  readonly imported: NonNullable<HumanReview['imported']>
}

/** An event log's usual call of a model, for sources that say how many tokens a stage took and little else. */
export const unreportedCall = {
  type: 'model-called',
  responseModel: null,
  latencyMs: null,
  finishReason: 'other',
  retries: null,
  cache: 'off',
} as const
