import { join } from 'node:path'
import type { TrialState } from '../schema/state.ts'
import { readEvents } from './event-log.ts'
import { readIndexed } from './file-index.ts'
import { deriveTrialState } from './trial-state.ts'

export interface ReadTrialState {
  readonly state: TrialState
  /** Lines of the trial's event files that are no events. */
  readonly unreadable: number
}

/** What the events of each trial say about it, by id, from the run's index where that is up to date. A trial nobody started has done nothing. */
export async function readTrialStates(
  runFolder: string,
  trialIds: readonly string[],
): Promise<Map<string, ReadTrialState>> {
  const folders = new Map(trialIds.map((id) => [`trials/${id}/events`, id]))
  const states = await readIndexed<ReadTrialState>(runFolder, {
    name: 'trials',
    version: 'trial-state@1',
    paths: [...folders.keys()],
    make: (folder) => readTrialState(join(runFolder, folder)),
  })
  return new Map([...states].map(([folder, state]) => [folders.get(folder) ?? '', state]))
}

async function readTrialState(eventFolder: string): Promise<ReadTrialState> {
  const { events, unreadable } = await readEvents(eventFolder)
  return { state: deriveTrialState(events), unreadable: unreadable.length }
}
