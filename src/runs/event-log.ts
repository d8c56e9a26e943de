import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, makeFolderSync, syncFolderSync } from '../base/files.ts'
import { writerName } from '../base/process.ts'
import { type NewEvent, type RunEvent, runEventSchema } from '../schema/event.ts'

export interface EventLog extends Disposable {
  /** Appends one event, stamped with the time; it is out of this process when the call returns. Throws when the disk refuses. */
  append(event: NewEvent): RunEvent
  /** Makes what was appended survive a power cut. */
  sync(): void
}

/**
 * Opens this process's own file in a folder of event files, made at the first event. One file a writer, so that no two
 * processes, or nodes of a cluster, ever write to the same file.
 * @param onEvent called with each event after it is written
 * @param options.after time of the latest event there was: this log's come behind it, even where the clock of the machine that wrote it
 *   is ahead of this one's
 */
export function openEventLog(
  folder: string,
  onEvent: (event: RunEvent) => void,
  { after }: { readonly after?: string | undefined } = {},
): EventLog {
  const earliestMs = after === undefined ? 0 : Date.parse(after) + 1
  let descriptor: number | null = null
  let isNew = true
  return {
    append(newEvent) {
      // `at` stands first in the line, behind the type: the line reads from left to right
      const { type, ...rest } = newEvent
      const at = new Date(Math.max(Date.now(), earliestMs)).toISOString()
      const event = { type, at, ...rest } as RunEvent
      if (descriptor === null) {
        makeFolderSync(folder)
        descriptor = openSync(join(folder, `${writerName()}.jsonl`), 'a')
      }
      writeAll(descriptor, Buffer.from(`${JSON.stringify(event)}\n`))
      onEvent(event)
      return event
    },
    sync() {
      if (descriptor === null) return
      fdatasyncSync(descriptor)
      if (isNew) syncFolderSync(folder)
      isNew = false
    },
    [Symbol.dispose]() {
      if (descriptor !== null) closeSync(descriptor)
      descriptor = null
    },
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written)
}

export interface ReadEvents {
  /** In the order of their times; events of one writer keep their order, even when the clock was set back between them. */
  readonly events: RunEvent[]
  /** Lines that are no events: file name, line number from 1, and whether it is the end that a power failure cut short. */
  readonly unreadable: { readonly file: string; readonly line: number; readonly isLast: boolean }[]
}

/** Reads all event files of a folder. A missing folder has no events. */
export async function readEvents(folder: string): Promise<ReadEvents> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const events: { readonly event: RunEvent; readonly notBefore: string }[] = []
  const unreadable: { file: string; line: number; isLast: boolean }[] = []
  for (const file of names.filter((name) => name.endsWith('.jsonl')).toSorted()) {
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n')
    let notBefore = ''
    for (const [index, line] of lines.entries()) {
      if (line === '') continue
      const event = parseEvent(line)
      // a line that has its end was written whole
      if (event === null) unreadable.push({ file, line: index + 1, isLast: index === lines.length - 1 })
      else {
        if (event.at > notBefore) notBefore = event.at
        events.push({ event, notBefore })
      }
    }
  }
  events.sort((a, b) => (a.notBefore < b.notBefore ? -1 : a.notBefore > b.notBefore ? 1 : 0))
  return { events: events.map(({ event }) => event), unreadable }
}

function parseEvent(line: string): RunEvent | null {
  try {
    return runEventSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}
