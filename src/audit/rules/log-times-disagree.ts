import { isLog, type LogLine, linesOfLog } from '../execution/log-lines.ts'
import { filePlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import type { AuditFile } from '../subject/subject.ts'
import type { Rule, RuleFinding } from './rule.ts'

const finished =
  /\b(?:experiments?|training|run|pipeline|evaluation|total|everything|all)\b[^.]{0,60}?\b(?:completed|finished|done|took|elapsed|time)\b[^.\d]{0,30}(\d{1,6}(?:\.\d{1,4})?)\s?(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b/i
const notElapsed = /per |each|average|mean|simulat|budget|limit|remaining|\beta\b|estimated|cpu|gpu|speed/i
/** Programs load for a while before their first line. */
const slackMs = 120_000
const slackFactor = 1.5

/** A run cannot have taken longer than lies between its log's first line and the line that says how long it took. */
export const logTimesDisagree: Rule = {
  id: 'log-times-disagree',
  title: 'A log that says it took longer than its own times allow',
  part: 'execution',
  catches:
    'A dated line such as "training completed in 3.2 hours" that names more than one and a half times what the log\'s own dates leave room for, and two minutes.',
  misses: 'Forged logs that add up, and logs without dates.',
  falsePositives: 'Times summed over parallel workers or earlier sessions, in words that do not say so.',
  find({ subject }) {
    return pointsOnce(subject.files.filter(isLog).flatMap(impossible))
  },
}

function impossible(file: AuditFile): RuleFinding[] {
  const { path } = file
  let earliest: { line: LogLine; ms: number } | null = null
  for (const line of linesOfLog(file)) {
    if (line.stampMs === null) continue
    if (earliest === null || line.stampMs < earliest.ms) earliest = { line, ms: line.stampMs }
    const saidMs = elapsedOf(line.message)
    const roomMs = line.stampMs - earliest.ms
    if (saidMs === null || saidMs <= roomMs * slackFactor + slackMs) continue
    return [
      {
        severity: 'major',
        message: `${path} says on line ${line.line} that it took ${(saidMs / 60_000).toFixed(1)} minutes, and its first line is ${(roomMs / 60_000).toFixed(1)} minutes older`,
        evidence: [
          filePlace(path, { line: line.line, quote: `${line.stamp ?? ''} ${line.message}` }),
          filePlace(path, {
            line: earliest.line.line,
            quote: `${earliest.line.stamp ?? ''} ${earliest.line.message}`,
            role: 'contradicts',
          }),
        ],
        points: 1,
      },
    ]
  }
  return []
}

function elapsedOf(message: string): number | null {
  const cut = message.slice(0, 300)
  if (notElapsed.test(cut)) return null
  const match = finished.exec(cut)
  if (match === null) return null
  const unit = (match[2] ?? 's').toLowerCase()
  const unitMs = unit.startsWith('h') ? 3_600_000 : unit.startsWith('m') ? 60_000 : 1_000
  return Number(match[1]) * unitMs
}
