import { listAt } from '../../base/list-at.ts'
import { type LogLine, isLog, linesOfLog, readLog } from '../execution/log-lines.ts'
import { lineShape, lineWords } from '../execution/line-shape.ts'
import { filePlace, stepPlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import { indexPrintSites, type PrintSites } from '../execution/print-sites.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestShapes = 5
const mostShapes = 80
const foreignShare = 0.6
const mostLogs = 20

/** What a log in the folder says, held against what the session's programs printed. */
export const logUnlikeSession: Rule = {
  id: 'log-unlike-session',
  title: 'A log that says something else than the programs of the session printed',
  part: 'execution',
  catches:
    'Lines of a log whose date, time and wording the session shows with other numbers; and logs of at least five kinds of lines with numbers, most of which no code and no output of the session could have made, going by their words.',
  misses: 'Logs that were replaced in the wording of the code, where the session shows none of their lines.',
  falsePositives:
    'Logs made mostly by libraries whose code is not here, where the session redirected all output; lines with paths, warnings and progress are passed over, and so are logs that a command redirected its output to.',
  find(facts) {
    if (!facts.session.showsCommands) return []
    const logs = facts.subject.files.filter(isLog).slice(0, mostLogs)
    if (logs.length === 0) return []
    const shown = shownLines(facts)
    let sites: PrintSites | null = null
    // most logs need no index: their lines stand in the outputs
    const canPrint = (message: string): boolean => {
      sites ??= indexPrintSites(facts)
      return sites.canPrint(message)
    }
    return pointsOnce(
      logs.flatMap((log) => {
        const lines = linesOfLog(log)
        const unlike = contradicted(log.path, lines, shown)
        return isRedirected(log.path, facts) ? unlike : [...unlike, ...foreign(log.path, lines, { shown, canPrint })]
      }),
    )
  },
}

interface Shown {
  /** Shapes of all lines with numbers. */
  readonly shapes: ReadonlySet<string>
  readonly stamps: ReadonlySet<string>
  /** Stamp and message of every dated line. */
  readonly whole: ReadonlySet<string>
  /** By stamp and shape: how often, and one of them. */
  readonly byShape: ReadonlyMap<string, { count: number; step: number; line: string }>
}

function shownLines({ session }: AuditFacts): Shown {
  const shapes = new Set<string>()
  const stamps = new Set<string>()
  const whole = new Set<string>()
  const byShape = new Map<string, { count: number; step: number; line: string }>()
  for (const step of session.steps) {
    const text = step.kind === 'command' ? step.output : step.kind === 'view' ? step.text : null
    if (text === null) continue
    for (const { stamp, message } of readLog(text)) {
      if (!/\d/.test(message)) continue
      const shape = lineShape(message)
      shapes.add(shape)
      if (stamp === null) continue
      stamps.add(stamp)
      whole.add(`${stamp} ${message}`)
      const key = `${stamp} ${shape}`
      const known = byShape.get(key)
      if (known === undefined) byShape.set(key, { count: 1, step: step.step, line: `${stamp} ${message}` })
      else known.count += 1
    }
  }
  return { shapes, stamps, whole, byShape }
}

/** The same moment and the same words with other numbers, where the session shows as many such lines as the log has. */
function contradicted(path: string, lines: readonly LogLine[], { stamps, whole, byShape }: Shown): RuleFinding[] {
  if (stamps.size === 0) return []
  const own = new Map<string, LogLine[]>()
  for (const line of lines) {
    if (line.stamp === null || !stamps.has(line.stamp) || !/\d/.test(line.message)) continue
    const key = `${line.stamp ?? ''} ${lineShape(line.message)}`
    listAt(own, key).push(line)
  }
  const wrong: { line: LogLine; shown: string; step: number }[] = []
  for (const [key, same] of own) {
    const known = byShape.get(key)
    if (known === undefined || known.count < same.length) continue
    for (const line of same)
      if (!whole.has(`${line.stamp ?? ''} ${line.message}`)) wrong.push({ line, shown: known.line, step: known.step })
  }
  const [first] = wrong
  if (first === undefined) return []
  return [
    {
      severity: 'critical',
      message: `${wrong.length} lines of ${path} give other numbers than the session shows for the same moment: "${first.line.message.slice(0, 100)}" where the program printed "${first.shown.slice(0, 130)}"`,
      evidence: [
        filePlace(path, { line: first.line.line, quote: first.line.message }),
        stepPlace(first.step, first.shown, { role: 'contradicts' }),
      ],
      points: 2,
    },
  ]
}

function foreign(
  path: string,
  lines: readonly LogLine[],
  { shown, canPrint }: { shown: Shown; canPrint: (message: string) => boolean },
): RuleFinding[] {
  const shapes = new Map<string, LogLine>()
  for (const line of lines) {
    if (shapes.size >= mostShapes) break
    if (/\d/.test(line.message) && lineWords(line.message).length >= 2 && !isLibrary(line.message))
      shapes.set(lineShape(line.message), line)
  }
  if (shapes.size < fewestShapes) return []
  const unseen = [...shapes].filter(([shape]) => !shown.shapes.has(shape))
  if (unseen.length < shapes.size * foreignShare) return []
  const unknown = unseen.map(([, line]) => line).filter(({ message }) => !canPrint(message))
  if (unknown.length < fewestShapes || unknown.length < shapes.size * foreignShare) return []
  return [
    {
      severity: 'major',
      message: `${unknown.length} of ${shapes.size} kinds of lines with numbers in ${path} could come from no code and no output of the session`,
      evidence: unknown.slice(0, 3).map(({ line, message }) => filePlace(path, { line, quote: message })),
      points: 1,
    },
  ]
}

/** A program's whole output went there, libraries and all. */
function isRedirected(path: string, { session }: AuditFacts): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return session.steps.some(
    (step) =>
      step.kind === 'command' &&
      /[>]|\btee\b/.test(step.command.slice(0, 20_000)) &&
      step.command.slice(0, 20_000).includes(name) &&
      step.typed.length === 0,
  )
}

function isLibrary(message: string): boolean {
  const cut = message.slice(0, 500)
  return /warn|\w\/\w+\/|\.py\b|\.cc:|it\/s|s\/it|%\||^\{|requirement|download|https?:|pid|params/i.test(cut)
}
