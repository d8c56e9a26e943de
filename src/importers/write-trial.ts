import { hashJson, sha256 } from '../base/hash.ts'
import { deriveTrialState } from '../runs/trial-state.ts'
import type { ImportedAgentSpec } from '../schema/config.ts'
import { type HashedFile, type RunEvent, runEventSchema } from '../schema/event.ts'
import { humanReviewSchema } from '../schema/human.ts'
import { reviewSchema } from '../schema/review.ts'
import { type TaskReference, type TrialRecord, trialRecordSchema } from '../schema/run.ts'
import { artefactPaths, stages } from '../schema/stage.ts'
import type { DraftFolder } from './draft-folder.ts'
import type { FileContent, SourceHumanReview, SourceReview, SourceStage, SourceTrial } from './importer.ts'
import type { Source } from './source.ts'

export interface TrialPlace {
  /** `<task>/<agent>/<repeat>` */
  readonly id: string
  readonly task: TaskReference
  readonly agent: ImportedAgentSpec
  readonly repeat: number
}

export interface TrialTarget {
  readonly draft: DraftFolder
  readonly source: Source
  /** Time of the import: everything that carries no time of its own gets it. */
  readonly createdAt: string
}

export interface WrittenTrial {
  readonly artefacts: number
  readonly events: number
  readonly reviews: number
  readonly humanReviews: number
}

interface WrittenArtefact extends HashedFile {
  /** Unicode code points; null where nobody asked. */
  readonly characters: number | null
}

/** Writes one trial with everything below its folder, and its reviews. */
export async function writeTrial(trial: SourceTrial, place: TrialPlace, target: TrialTarget): Promise<WrittenTrial> {
  const { draft, createdAt } = target
  const folder = `trials/${place.id}`
  const subjects = new Set([...trial.reviews, ...trial.humanReviews].map(({ subject }) => subject))
  const artefacts = new Map<string, WrittenArtefact>()
  for (const { path, content } of trial.artefacts) {
    const bytes = await contentOf(content, target.source)
    draft.write(`${folder}/${path}`, bytes)
    const characters = subjects.has(path) ? Array.from(bytes.toString('utf8')).length : null
    artefacts.set(path, { path, sha256: sha256(bytes), bytes: bytes.length, characters })
  }

  const record: TrialRecord = {
    schema: 'mlrbench/trial@1',
    ...place,
    inputs: trial.inputs.map(({ stage, origin, paths }) => ({
      stage,
      run: origin?.run ?? null,
      trial: origin?.trial ?? null,
      files: paths.flatMap((path) => hashed(artefacts, [path]).map((file) => ({ path, sha256: file.sha256 }))),
    })),
    createdAt,
  }
  draft.writeJson(`${folder}/trial.json`, trialRecordSchema.parse(record))
  const events = trial.stages.flatMap((stage) => eventsOf(stage, artefacts, createdAt))
  if (events.length > 0) {
    const lines = events.map((event) => `${JSON.stringify(runEventSchema.parse(event))}\n`)
    draft.write(`${folder}/events/import.jsonl`, lines.join(''))
    draft.writeJson(`${folder}/state.json`, deriveTrialState(events))
  }
  for (const review of trial.reviews) writeReview(review, place.id, { ...target, artefacts })
  for (const review of trial.humanReviews) writeHumanReview(review, place.id, { ...target, artefacts })
  return {
    artefacts: artefacts.size,
    events: events.length,
    reviews: trial.reviews.length,
    humanReviews: trial.humanReviews.length,
  }
}

export async function contentOf(content: FileContent, source: Source): Promise<Buffer> {
  return 'from' in content ? await source.read(content.from) : Buffer.from(content.text)
}

/** The events of one stage, from its start to its end. */
function eventsOf(stage: SourceStage, artefacts: ReadonlyMap<string, WrittenArtefact>, createdAt: string): RunEvent[] {
  const where = { at: createdAt, stage: stage.stage, attempt: 1 }
  const given = ['task' as const, ...stages.slice(0, stages.indexOf(stage.stage))].map((name) => artefactPaths[name])
  const inputs = hashed(artefacts, given)
  const { durationMs, outcome } = stage
  return [
    { type: 'stage-started', ...where, fingerprint: null, inputs },
    // the time stands behind the type, as in a log written here
    ...stage.events.map(({ type, at = createdAt, ...rest }) => ({ type, at, ...rest }) as RunEvent),
    outcome.status === 'done'
      ? { type: 'stage-finished', ...where, fingerprint: null, outputs: hashed(artefacts, stage.outputs), durationMs }
      : { type: 'stage-failed', ...where, code: outcome.code, message: outcome.message, durationMs },
  ]
}

function hashed(artefacts: ReadonlyMap<string, WrittenArtefact>, paths: readonly string[]): HashedFile[] {
  return paths.flatMap((path) => {
    const found = artefacts.get(path)
    return found === undefined ? [] : [{ path, sha256: found.sha256, bytes: found.bytes }]
  })
}

interface ReviewTarget extends TrialTarget {
  readonly artefacts: ReadonlyMap<string, WrittenArtefact>
}

function writeReview(review: SourceReview, trial: string, { draft, createdAt, artefacts }: ReviewTarget): void {
  const artefact = artefacts.get(review.subject)
  const { imported, rubric, view } = review
  const id = hashJson({ trial, imported, rubric: rubric.id, view }).slice(0, 32)
  const record = reviewSchema.parse({
    schema: 'mlrbench/review@1',
    id,
    trial,
    ...review,
    subject: { path: review.subject, sha256: artefact?.sha256 ?? null, characters: artefact?.characters ?? null },
    createdAt,
  })
  draft.writeJson(`reviews/${id}.json`, record)
}

function writeHumanReview(
  review: SourceHumanReview,
  trial: string,
  { draft, createdAt, artefacts }: ReviewTarget,
): void {
  const { imported, rubric } = review
  const id = hashJson({ trial, imported, rubric }).slice(0, 32)
  const record = humanReviewSchema.parse({
    schema: 'mlrbench/human-review@1',
    id,
    trial,
    ...review,
    subject: { path: review.subject, sha256: artefacts.get(review.subject)?.sha256 ?? null },
    createdAt,
  })
  draft.writeJson(`human/${id}.json`, record)
}
