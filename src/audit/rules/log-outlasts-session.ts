import { isLog, type LogLine, linesOfLog } from '../execution/log-lines.ts'
import { filePlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import type { AuditFile, AuditSubject } from '../subject/subject.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Clocks are read at different moments, and sessions are reported to the second. */
const slackMs = 60_000
const slackShare = 1.1

/** A run cannot last longer than the session that it is part of. */
export const logOutlastsSession: Rule = {
  id: 'log-outlasts-session',
  title: 'A log that spans more time than the whole session',
  part: 'execution',
  catches:
    'Logs with dated lines whose one run, from its first line to its last, spans more time than the session lasted; in our own records also logs all of whose lines are dated more than a day before or after the session.',
  misses: 'Forged logs whose times fit into the session, and sessions whose length nothing tells.',
  falsePositives: 'A log that an earlier session began, without a line that shows where the new run starts.',
  find({ subject, session }) {
    const { durationMs } = session
    if (durationMs === null || durationMs <= 0) return []
    const limitMs = durationMs * slackShare + slackMs
    const logs = subject.files.filter(isLog)
    return pointsOnce([
      ...logs.flatMap((file) => tooLong(file, { durationMs, limitMs })),
      ...logs.flatMap((file) => otherDay(file, subject, durationMs)),
    ])
  },
}

function tooLong(file: AuditFile, { durationMs, limitMs }: { durationMs: number; limitMs: number }): RuleFinding[] {
  const span = longestRun(linesOfLog(file))
  if (span === null || span.last.ms - span.first.ms <= limitMs) return []
  return [
    {
      severity: 'critical',
      message: `One run in ${file.path} lasts ${toMinutes(span.last.ms - span.first.ms)} minutes by its own times, and the whole session lasted ${toMinutes(durationMs)}`,
      evidence: [span.first, span.last].map(({ line }) =>
        filePlace(file.path, { line: line.line, quote: `${line.stamp ?? ''} ${line.message}`, role: 'contradicts' }),
      ),
      points: 1,
    },
  ]
}

/** Clocks of other zones are up to 14 hours apart. */
const dayMs = 24 * 3_600_000

/** The workspace of our own runs begins empty, so that no log in it can be of another day. */
function otherDay(file: AuditFile, { record, date }: AuditSubject, durationMs: number): RuleFinding[] {
  const endMs = record === 'recorded' && date !== null && date.length > 10 ? Date.parse(date) : Number.NaN
  if (Number.isNaN(endMs)) return []
  const dated = linesOfLog(file).filter(({ stampMs }) => stampMs !== null)
  const [first] = dated
  const isInside = ({ stampMs }: LogLine): boolean =>
    (stampMs ?? 0) > endMs - durationMs - dayMs && (stampMs ?? 0) < endMs + dayMs
  if (first === undefined || dated.some(isInside)) return []
  return [
    {
      severity: 'critical',
      message: `All ${dated.length} dated lines of ${file.path} are of another day than the session, which ended ${date ?? ''}`,
      evidence: [
        filePlace(file.path, { line: first.line, quote: `${first.stamp ?? ''} ${first.message}`, role: 'contradicts' }),
      ],
      points: 1,
    },
  ]
}

interface Stamped {
  readonly line: LogLine
  readonly ms: number
}

/** Logs are appended to: what repeats the first line begins another run. */
function longestRun(lines: readonly LogLine[]): { first: Stamped; last: Stamped } | null {
  let longest: { first: Stamped; last: Stamped } | null = null
  let current: { first: Stamped; last: Stamped } | null = null
  let opening: string | null = null
  for (const line of lines) {
    if (line.stampMs === null) continue
    const stamped = { line, ms: line.stampMs }
    const shape = line.message.replace(/\d+/g, '#')
    opening ??= shape
    if (current === null || shape === opening || stamped.ms < current.last.ms)
      current = { first: stamped, last: stamped }
    else current = { first: current.first, last: stamped }
    if (longest === null || current.last.ms - current.first.ms > longest.last.ms - longest.first.ms) longest = current
  }
  return longest
}

function toMinutes(ms: number): string {
  return (ms / 60_000).toFixed(1)
}
