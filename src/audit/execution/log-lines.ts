import type { AuditFile } from '../subject/subject.ts'

/** A line of a log with what stands before its message taken off. */
export interface LogLine {
  /** From 1. */
  readonly line: number
  /** Milliseconds, read as UTC; null where it has no date and time. */
  readonly stampMs: number | null
  /** As written, up to the end of the stamp; null without one. */
  readonly stamp: string | null
  /** Behind stamp, level and logger. */
  readonly message: string
}

const mostLines = 50_000
const longestLine = 2_000
const stampPattern = /^[[(]?(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))?/
const clockPattern = /^[[(]?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?/

/** Whether a file is what a program is expected to have written while it ran: by its name, or by dated lines. */
export function isLog({ path, text }: AuditFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (/\.(?:log|out|err)$/.test(name)) return true
  if (!/\.(?:txt|text)$/.test(name) && name.includes('.')) return false
  if (/(?:^|[_\-.])(?:log|logs|stdout|stderr|output|console)(?:[_\-.]|$)/.test(name)) return true
  const lines = text.slice(0, 20_000).split('\n', 40)
  const dated = lines.filter((line) => stampPattern.test(line.slice(0, 40)))
  return dated.length >= 3 && dated.length >= lines.length / 2
}

const read = new WeakMap<AuditFile, readonly LogLine[]>()

/** `readLog` of a file, once for all rules. */
export function linesOfLog(file: AuditFile): readonly LogLine[] {
  const known = read.get(file) ?? readLog(file.text)
  read.set(file, known)
  return known
}

/** At most the first 50,000 lines, each cut to 2,000 characters. */
export function readLog(text: string): LogLine[] {
  const found: LogLine[] = []
  const lines = text.split(/\r\n|\n|\r/, mostLines)
  for (const [index, whole] of lines.entries()) {
    const line = whole.slice(0, longestLine)
    const head = line.trimStart().slice(0, 40)
    const match = stampPattern.exec(head)
    const stampMs = match === null ? null : toMs(match)
    const clock = match ?? clockPattern.exec(head)
    found.push({
      line: index + 1,
      stampMs,
      stamp: match?.[0] ?? null,
      message: messageOf(line.trimStart().slice(clock?.[0].length ?? 0)),
    })
  }
  return found
}

function toMs(match: RegExpExecArray): number | null {
  const [, year, month, day, hour, minute, second, fraction = '0'] = match
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return Number.isNaN(ms) ? null : ms + Number(`0.${fraction}`) * 1000
}

/** Takes off " - name - INFO - ", "[INFO]", " INFO name: ". */
function messageOf(rest: string): string {
  const level = /\b(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL)\b[\]):\s-]*/.exec(rest.slice(0, 120))
  const message = level === null ? rest : rest.slice(level.index + level[0].length)
  return message.replace(/^[\s\])|:-]+/, '').trimEnd()
}
