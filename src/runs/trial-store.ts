import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { readTextIfPresent, writeJson, writeWhole } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import type { HashedFile, NewEvent, RunEvent } from '../schema/event.ts'
import { type TrialRecord, trialRecordSchema } from '../schema/run.ts'
import type { Stage } from '../schema/stage.ts'
import type { TrialState } from '../schema/state.ts'
import { openEventLog, readEvents } from './event-log.ts'
import { deriveTrialState } from './trial-state.ts'

/** One trial's folder, open for work. The caller holds its lease. */
export interface OpenTrial extends Disposable {
  readonly folder: string
  readonly record: TrialRecord
  /** Earlier events and this process's own, in order. */
  readonly events: readonly RunEvent[]
  readonly append: (event: NewEvent) => void
  /** Writes an artefact whole, and says what it now is. `path` is relative to the trial's folder. */
  write(path: string, content: string | Uint8Array): Promise<HashedFile>
  /** Null when there is no such file. */
  read(path: string): Promise<string | null>
  /** Folder of one attempt at a stage, whether it exists or not. */
  attemptFolder(stage: Stage, attempt: number): string
  /** Writes state.json from the events and makes both safe against a power cut. */
  checkpoint(): Promise<TrialState>
}

/** Opens an existing trial. Rejects when trial.json is missing or not ours. */
export async function openTrial(folder: string, onEvent: (event: RunEvent) => void = () => {}): Promise<OpenTrial> {
  const record = await readTrialRecord(folder)
  const { events, unreadable } = await readEvents(join(folder, 'events'))
  const foreign = unreadable.find(({ isLast }) => !isLast)
  // going on would do again what such a line may say is done
  if (foreign)
    throw new PrerequisiteError(
      `${join(folder, 'events', foreign.file)}, line ${foreign.line}, is no event this version knows: go on with the version that wrote it`,
    )
  const tell = (event: RunEvent): void => {
    events.push(event)
    onEvent(event)
  }
  const log = openEventLog(join(folder, 'events'), tell, { after: latestTime(events) })
  return {
    folder,
    record,
    events,
    append: (event) => {
      log.append(event)
    },
    async write(path, content) {
      await writeWhole(join(folder, path), content)
      return { path, sha256: sha256(content), bytes: Buffer.byteLength(content) }
    },
    read: (path) => readTextIfPresent(join(folder, path)),
    attemptFolder: (stage, attempt) => join(folder, 'attempts', stage, String(attempt)),
    async checkpoint() {
      log.sync()
      const state = deriveTrialState(events)
      await writeJson(join(folder, 'state.json'), state)
      return state
    },
    [Symbol.dispose]: () => log[Symbol.dispose](),
  }
}

function latestTime(events: readonly RunEvent[]): string | undefined {
  return events.reduce<string | undefined>(
    (latest, { at }) => (latest === undefined || at > latest ? at : latest),
    undefined,
  )
}

export async function readTrialRecord(folder: string): Promise<TrialRecord> {
  return trialRecordSchema.parse(JSON.parse(await readFile(join(folder, 'trial.json'), 'utf8')))
}

/** State from the events themselves: right even after a kill between an event and state.json. */
export async function readTrialState(folder: string): Promise<TrialState> {
  return deriveTrialState((await readEvents(join(folder, 'events'))).events)
}
