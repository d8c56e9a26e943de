import { stripVTControlCharacters } from 'node:util'
import type { NewEvent } from '../schema/event.ts'
import { readPatch } from './codex-patch.ts'
import { type Recorder, startRecorder } from './recorder.ts'
import { scriptOf } from './shell-words.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

interface Entry {
  readonly kind:
    | 'banner'
    | 'prompt'
    | 'exec'
    | 'exec-end'
    | 'patch'
    | 'patch-end'
    | 'thinking'
    | 'said'
    | 'tokens'
    | 'error'
  readonly atMs: number
  readonly head: string
  /** The lines below the head. */
  readonly lines: string[]
}

const stamped = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\] (.*)$/
const commandEnd = /^ (?:succeeded|exited (-?\d{1,9}|\S{1,40})) in (\S{1,20}):$/
const patchEnd = /^apply_patch\([^)]{0,80}\) (?:exited|succeeded|failed)/
/** Codex prints so many lines of a command's output; the model saw more. */
const shownLines = 20
/** A real session has one, or a few side by side. */
const mostOpenCommands = 64

/**
 * Reads what `codex exec` prints for people (Codex CLI 0.5). Outputs are cut at 20 lines without a mark, so a longer one
 * cannot be told from one of just 20. `tokens used` is the total of one call, so that the calls add up.
 */
export function readCodexLog(text: string, where: TranscriptPlace): Transcript {
  const entries = splitEntries(stripVTControlCharacters(text))
  const banner = entries.find(({ kind }) => kind === 'banner')
  const root = banner?.lines.find((line) => line.startsWith('workdir: '))?.slice('workdir: '.length) ?? null
  const recorder = startRecorder(where, root)
  if (banner === undefined) recorder.note('there is no banner of Codex, so this may be no log of it')
  const session = { recorder, pending: [] as string[], patch: null as Entry | null }
  for (const entry of entries) readEntry(entry, session)
  giveUp(session)
  if (session.patch !== null) recorder.note('the last patch has no result')
  return end(recorder, entries)
}

/** A line that only looks like the beginning of an entry belongs to the text before it. */
function splitEntries(text: string): Entry[] {
  const entries: Entry[] = []
  const openCommands = new Set<string>()
  for (const line of text.split('\n')) {
    const match = stamped.exec(line)
    const head = match?.[2] ?? ''
    const kind = match === null ? null : kindOf(head, openCommands)
    if (match === null || kind === null) {
      entries.at(-1)?.lines.push(line)
      continue
    }
    if (kind === 'exec') {
      const command = head.slice('exec '.length)
      // all of a command's first line when it goes on below, and without the folder when it does not
      openCommands.add(command).add(withoutFolder(command))
    }
    entries.push({ kind, atMs: Date.parse(`${match[1]}Z`), head, lines: [] })
  }
  return entries
}

/** A command is followed by the folder it runs in, which its end does not repeat. */
function withoutFolder(line: string): string {
  const folder = line.lastIndexOf(' in /')
  return folder === -1 ? line : line.slice(0, folder)
}

function kindOf(head: string, openCommands: ReadonlySet<string>): Entry['kind'] | null {
  if (head.startsWith('OpenAI Codex v')) return 'banner'
  if (head === 'User instructions:') return 'prompt'
  if (head === 'thinking') return 'thinking'
  if (head === 'codex') return 'said'
  if (head.startsWith('exec ')) return 'exec'
  if (/^tokens used: [\d,]{1,12}$/.test(head)) return 'tokens'
  if (head.startsWith('ERROR: ')) return 'error'
  if (/^apply_patch auto_approved=\w{1,10}:$/.test(head)) return 'patch'
  if (patchEnd.test(head)) return 'patch-end'
  const ended = / (?:succeeded|exited \S{1,40}) in \S{1,20}:$/.exec(head)
  return openCommands.has(ended === null ? head : head.slice(0, ended.index)) ? 'exec-end' : null
}

function readEntry(entry: Entry, session: { recorder: Recorder; pending: string[]; patch: Entry | null }): void {
  const { recorder, pending } = session
  const body = entry.lines.join('\n').trimEnd()
  switch (entry.kind) {
    case 'banner':
      return recorder.show('Session', `${entry.head}\n${body}`)
    case 'prompt':
      return recorder.tell('Prompt', body)
    case 'thinking':
      return recorder.say(body, { thought: true })
    case 'said':
      return recorder.say(body)
    case 'error':
      recorder.note(entry.head)
      return recorder.show('Error', `${entry.head}\n${body}`)
    case 'tokens':
      // an answer of the model ends after all its commands: one that still has no result ran out of time or never started
      return giveUp(session)
    case 'exec':
      if (pending.length === mostOpenCommands) giveUp(session)
      pending.push(withoutFolder(`${entry.head.slice('exec '.length)}\n${body}`.trimEnd()))
      return undefined
    case 'exec-end':
      return readCommandEnd(entry, session)
    case 'patch':
      session.patch = entry
      return undefined
    case 'patch-end':
      return readPatchEnd(entry, session)
  }
}

function giveUp({ recorder, pending }: { recorder: Recorder; pending: string[] }): void {
  for (const command of pending.splice(0)) {
    recorder.note('a command has no result')
    const nothing = { exitCode: null, exceededLimit: null, durationMs: null, output: '', outputTruncated: true }
    recorder.command({ ...nothing, command: scriptOf(command) })
  }
}

function readCommandEnd(entry: Entry, { recorder, pending }: { recorder: Recorder; pending: string[] }): void {
  const text = [entry.head, ...entry.lines].join('\n')
  const index = pending.findIndex((command) => text.startsWith(command) && endOf(text.slice(command.length)) !== null)
  const command = pending[index]
  const rest = text.slice(command?.length ?? 0)
  const match = endOf(rest)
  if (command === undefined || match === null) {
    recorder.note('the end of a command could not be read')
    return recorder.show('Unread', text)
  }
  pending.splice(index, 1)
  const output = rest.slice(rest.indexOf('\n') + 1)
  const [, code] = match
  recorder.command({
    command: scriptOf(command),
    exitCode: code === undefined ? 0 : /^-?\d+$/.test(code) ? Number(code) : null,
    exceededLimit: null,
    durationMs: readDuration(match[2] ?? ''),
    output,
    outputTruncated: output.split('\n').length >= shownLines,
  })
}

function endOf(rest: string): RegExpExecArray | null {
  return commandEnd.exec(rest.slice(0, Math.max(0, rest.indexOf('\n'))))
}

function readPatchEnd(entry: Entry, session: { recorder: Recorder; patch: Entry | null }): void {
  const { recorder, patch } = session
  session.patch = null
  if (patch === null) return recorder.note('the end of a patch answers none')
  const refusal = / (?:exited 0|succeeded) in /.test(entry.head) ? null : entry.lines.join('\n').trim()
  const edits = readPatch(patch.lines, refusal === null ? entry.lines : null)
  if (edits.length === 0) recorder.note('a patch names no file')
  for (const edit of edits) recorder.edit(edit, refusal)
}

/** Of `8ms`, `2.18s`, `1m05s`; null for anything else. */
function readDuration(text: string): number | null {
  const match = /^(?:(\d{1,9})ms|(?:(\d{1,6})m)?(\d{1,6}(?:\.\d{1,6})?)s)$/.exec(text)
  if (match === null) return null
  const [, milliseconds, minutes, seconds] = match
  if (milliseconds !== undefined) return Number(milliseconds)
  return Math.round((Number(minutes ?? 0) * 60 + Number(seconds)) * 1_000)
}

function end(recorder: Recorder, entries: readonly Entry[]): Transcript {
  const tokens = entries.filter(({ kind }) => kind === 'tokens').map(({ head }) => Number(head.replaceAll(/\D/g, '')))
  const last = entries.findLast(({ kind }) => kind !== 'tokens')
  const [first, latest] = [entries[0], entries.at(-1)]
  const tookMs = first === undefined || latest === undefined ? Number.NaN : latest.atMs - first.atMs
  return recorder.end({
    costUsd: null,
    durationMs: tookMs >= 0 ? tookMs : null,
    totalTokens: tokens.length === 0 ? null : tokens.reduce((sum, count) => sum + count, 0),
    ending: endings[last?.kind ?? 'banner'] ?? 'unknown',
    steps: tokens.length,
    message:
      last?.kind === 'said' || last?.kind === 'error'
        ? [last.head, ...last.lines]
            .join('\n')
            .replace(/^codex\n/, '')
            .trim()
        : '',
  })
}

const endings: Readonly<Partial<Record<Entry['kind'], Extract<NewEvent, { type: 'coder-finished' }>['ending']>>> = {
  said: 'done',
  error: 'model-failed',
}
