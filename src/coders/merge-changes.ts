import type { NewEvent } from '../schema/event.ts'
import type { FileChange } from './workspace-watch.ts'

type FileWritten = Extract<NewEvent, { type: 'file-written' }>

/** A file as it was found. */
export type FileState = Pick<FileChange, 'bytes' | 'sha256'>

/** What was found on two looks, as if they had been one. */
export function joinChanges(before: readonly FileChange[], now: readonly FileChange[]): readonly FileChange[] {
  if (before.length === 0) return now
  const joined = new Map(before.map((change) => [change.path, change]))
  for (const change of now) {
    const isNew = joined.get(change.path)?.change === 'created' && change.change === 'changed'
    joined.set(change.path, isNew ? { ...change, change: 'created' } : change)
  }
  return [...joined.values()]
}

/**
 * The last edit of each file takes over what was found there, unless a command overwrote it since. An edit that says itself what the whole
 * file is keeps that: what was found then is of a later edit, whose event has not come.
 * @param edited is kept up to date; an edit that came after its file was looked at finds size and hash there
 * @returns the events with what they took over, the changes that no edit explains, and those that one may explain which is still to come
 */
export function mergeChanges(
  events: readonly NewEvent[],
  changes: readonly FileChange[],
  edited: Map<string, FileState> = new Map(),
): { readonly told: NewEvent[]; readonly others: FileChange[]; readonly later: FileChange[] } {
  const untold = new Map(changes.map((change) => [change.path, change]))
  const later: FileChange[] = []
  for (const change of changes) if (edited.has(change.path)) keep(edited, change)
  const edits = events.flatMap((event, index) => (event.type === 'file-written' ? [{ event, index }] : []))
  const firstOf = new Map(edits.toReversed().map(({ event, index }) => [event.path, index]))
  const lastOf = new Map(edits.map(({ event, index }) => [event.path, index]))
  const lastCommand = events.findLastIndex(({ type }) => type === 'command-executed')
  const told = events.map((event, index) => {
    if (event.type !== 'file-written' || lastOf.get(event.path) !== index) return event
    const found = untold.get(event.path)
    if (found === undefined) return event.sha256 === null ? { ...event, ...edited.get(event.path) } : event
    if (!isOfEdit(event, found, lastCommand > index)) return event
    untold.delete(event.path)
    const { bytes, sha256 } = found
    keep(edited, found)
    const change = firstOf.get(event.path) === index ? found.change : event.change
    if (event.sha256 === null || event.sha256 === sha256) return { ...event, change, bytes, sha256 }
    later.push({ ...found, change: 'changed' })
    return { ...event, change }
  })
  return { told, others: [...untold.values()], later }
}

function isOfEdit(edit: FileWritten, found: FileChange, commandFollows: boolean): boolean {
  if ((edit.change === 'deleted') !== (found.change === 'deleted')) return false
  return edit.sha256 === null || edit.sha256 === found.sha256 || !commandFollows
}

function keep(edited: Map<string, FileState>, { path, change, bytes, sha256 }: FileChange): void {
  if (change === 'deleted') edited.delete(path)
  else edited.set(path, { bytes, sha256 })
}
