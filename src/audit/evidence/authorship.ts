import type { Session, SessionStep } from '../session/session.ts'
import type { AuditSubject } from '../subject/subject.ts'
import { sourceLines } from './source-lines.ts'

/** Who wrote a line first, as far as the session tells. */
export interface Authorship {
  /** The agent typed such a line before any process printed it. */
  isTyped(line: string): boolean
  /** It stands in the task, the idea or the proposal. */
  isPlanned(line: string): boolean
  /** Share of the different lines with telling numbers (or, where there are none, with any) that the agent typed, 0..1; 0 without numbers. */
  typedShare(lines: readonly string[]): number
}

const longestKey = 500
/** A decimal number with digits enough to be a result; constants of a template have none. */
const telling = /(?<![\w.])(?:0?\.\d{2,}|[1-9]\d*\.\d*[1-9]\d*|[1-9]\d+\.\d+)/

/** Whether a line has a number that is no round one: what stands in many texts by itself says nothing about who wrote them. */
export function isTelling(line: string): boolean {
  return telling.test(line.length > longestKey ? line.slice(0, longestKey) : line)
}

const mostLines = 300_000

/** A line as it is compared: trimmed, blanks folded, one kind of quotes, no comma at its end; null for one without a number. */
function keyOf(line: string): string | null {
  const part = line.length > longestKey ? line.slice(0, longestKey) : line
  if (!/\d/.test(part)) return null
  const trimmed = part.trim()
  // most lines are as they should be already
  const spaced = /\s\s|[^\S ]/.test(trimmed) ? trimmed.replaceAll(/\s+/g, ' ') : trimmed
  const folded = spaced.includes("'") ? spaced.replaceAll("'", '"') : spaced
  return folded.endsWith(',') ? folded.slice(0, -1) : folded
}

/**
 * Goes through the session in order, so that a line counts for whom it came from first: what the agent copies out of an output stays the
 * process's, and what an output repeats of the agent's own text stays the agent's.
 */
export function readAuthorship(subject: AuditSubject, session: Session): Authorship {
  const planned = new Set<string>()
  for (const { text } of subject.plans) {
    for (const line of sourceLines(text)) {
      const key = keyOf(line)
      if (key !== null) planned.add(key)
    }
  }
  const typed = new Set<string>()
  const printed = new Set<string>()
  const note = (text: string, [own, other]: readonly [Set<string>, Set<string>]): void => {
    for (const line of sourceLines(text)) {
      if (own.size >= mostLines) return
      const key = keyOf(line)
      if (key !== null && !other.has(key)) own.add(key)
    }
  }
  const cut = cutFiles(subject, session)
  for (const step of session.steps) {
    for (const text of typedTexts(step)) note(text, [typed, printed])
    const shown = shownText(step)
    if (shown !== null) note(shown, [printed, typed])
    if (step.kind !== 'command' || !step.outputTruncated) continue
    for (const path of step.shows) note(cut.get(path) ?? '', [printed, typed])
  }
  return {
    isTyped(line) {
      const key = keyOf(line)
      return key !== null && typed.has(key)
    },
    isPlanned(line) {
      const key = keyOf(line)
      return key !== null && planned.has(key)
    },
    typedShare: (lines) => shareOf(lines, isTelling, typed) ?? shareOf(lines, () => true, typed) ?? 0,
  }
}

/** @returns null where no line counts */
function shareOf(
  lines: readonly string[],
  counts: (line: string) => boolean,
  typed: ReadonlySet<string>,
): number | null {
  const keys = new Set<string>()
  let own = 0
  for (const line of lines) {
    const key = counts(line) ? keyOf(line) : null
    if (key === null || keys.has(key)) continue
    keys.add(key)
    if (typed.has(key)) own += 1
    // so many different lines the agent never typed
    if (keys.size > 2 * typed.size) return 0
  }
  return keys.size === 0 ? null : own / keys.size
}

/** Files of which the agent saw more than the record shows: those it never typed stand for what it saw. */
function cutFiles(subject: AuditSubject, session: Session): ReadonlyMap<string, string> {
  const shown = new Set<string>()
  const own = new Set<string | null>()
  for (const step of session.steps) {
    if (step.kind === 'write' && step.typed !== null) own.add(step.path)
    if (step.kind !== 'command') continue
    for (const { path } of step.typed) own.add(path)
    if (step.outputTruncated) for (const path of step.shows) shown.add(path)
  }
  const files = subject.files.filter(({ path }) => shown.has(path) && !own.has(path))
  return new Map(files.map(({ path, text }) => [path, text]))
}

function typedTexts(step: SessionStep): string[] {
  if (step.kind === 'write') return step.typed === null ? [] : [step.typed]
  if (step.kind !== 'command') return []
  return [...step.typed.map(({ text }) => text), ...step.inlineCode]
}

function shownText(step: SessionStep): string | null {
  if (step.kind === 'command') return step.runs || step.shows.length > 0 ? step.output : null
  return step.kind === 'view' ? step.text : null
}
