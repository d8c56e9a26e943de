import { stripVTControlCharacters } from 'node:util'
import { parseJson } from '../base/parse-json.ts'
import type { FollowStream } from './follow.ts'
import { guessRoot } from './guess-root.ts'
import { type Recorder, type SessionReport, startRecorder } from './recorder.ts'
import type { ReadTranscript, Transcript } from './transcript.ts'

export interface SessionEnd extends SessionReport {
  /** Tool calls that were not allowed. */
  readonly denials: number
}

/** Reads one kind of stream line by line, and tells a recorder what it says. */
export interface StreamReader {
  /**
   * @param value one line, parsed
   * @param bytes how long the line is
   * @returns false when it is of no known shape
   */
  read(value: unknown, bytes: number): boolean
  /** Of a program that prints words for people between its lines of JSON: whether a line without JSON is such words. */
  readonly isWords?: (line: string) => boolean
  /** Tells what is still open. */
  end(): SessionEnd
}

/** @param recorder where to tell; it knows the place and the root */
export type StartReader = (recorder: Recorder) => StreamReader

/** What a coder's model sees and types at once is far smaller than the longest text. */
const bounds = { textBytes: 2 * 1_048_576, markdownBytes: 16 * 1_048_576, notes: 100, events: 10_000 }
const mostMessageCharacters = 4_000

/** A follower for a stream that is still being printed: it keeps what is open and a bounded transcript, whatever comes. */
export function follow(start: StartReader): FollowStream {
  return (where, root) => {
    const recorder = startRecorder(where, root, bounds)
    const lines = readLines(start(recorder))
    return {
      push(line) {
        lines.push(line)
        return recorder.take()
      },
      end() {
        const { ending, costUsd, denials, message: words } = lines.end()
        const message = boundMessage(words)
        for (const note of lines.notes()) recorder.note(note)
        const events = recorder.take()
        return { events, end: { ending, message, costUsd, denials }, ...recorder.close({ ending, message }) }
      },
    }
  }
}

/** Reads a stream that was saved: the same events, with the session's report and its end. */
export function readStreamWith(start: StartReader): ReadTranscript {
  return (text, where) => {
    const read = (root: string | null): Transcript => {
      const recorder = startRecorder(where, root)
      const lines = readLines(start(recorder))
      for (const line of text.split('\n')) lines.push(line)
      const { denials: _, ...report } = lines.end()
      for (const note of lines.notes()) recorder.note(note)
      return recorder.end(report)
    }
    const first = read(null)
    const root = guessRoot(first.events.flatMap((event) => ('path' in event ? [event.path] : [])))
    return root === null ? first : read(root)
  }
}

function readLines(reader: StreamReader): {
  push(line: string): void
  end(): SessionEnd
  notes(): string[]
} {
  let broken = 0
  return {
    push(line) {
      if (line.trim() === '') return
      const value = parseJson(line)
      const isRead = value === undefined ? reader.isWords?.(line) === true : reader.read(value, line.length)
      if (!isRead) broken += 1
    },
    end: () => reader.end(),
    notes: () => (broken === 0 ? [] : [`${broken} lines are no JSON of a known shape and were left out`]),
  }
}

/** The end of it, which says what went wrong; the whole stands in the transcript. */
function boundMessage(text: string): string {
  const words = stripVTControlCharacters(text.slice(-4 * mostMessageCharacters)).trim()
  return words.slice(-mostMessageCharacters).toWellFormed()
}
