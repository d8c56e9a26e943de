import type { Session } from '../session/session.ts'
import type { AuditSubject } from '../subject/subject.ts'
import type { CodeBase, CodeFile } from './code.ts'
import { type Execution, findExecution } from './find-execution.ts'
import { loadPythonParser, type ParsedPython } from './python-parser.ts'

/** Inline code beyond this many pieces is left out, the latest first. */
const mostInline = 500
/** Code of one work beyond this is left out: twenty times the largest of the public release. */
const mostTotalCharacters = 8_000_000

const neverRan: Execution = { execution: 'no', succeeded: null, isReachable: false }

type Readable = Omit<CodeFile, keyof Execution>

/**
 * The Python of a piece of work as syntax trees, and which of it ran: what commands started, what that imports, and what it starts in turn.
 * The text is that at the end of the session, and for a script that ran and is gone, the longest text the agent wrote under its name.
 * Never rejects on content: what cannot be read stands under `skipped`.
 */
export async function readCode(subject: AuditSubject, session: Session): Promise<CodeBase> {
  const parse = await loadPythonParser()
  const skipped: { path: string; reason: string }[] = []
  let total = 0
  const read = (path: string, text: string): Readable | null => {
    total += text.length
    const parsed: ParsedPython =
      total > mostTotalCharacters
        ? { reason: `behind the first ${mostTotalCharacters} characters of code` }
        : parse(text)
    if ('tree' in parsed) return { path, text, lines: text.split('\n'), ...parsed }
    skipped.push({ path, reason: parsed.reason })
    return null
  }
  const files = subject.files.flatMap((file) => (file.path.endsWith('.py') ? (read(file.path, file.text) ?? []) : []))
  const inline: { step: number; file: Readable; succeeded: boolean | null }[] = []
  for (const { step, path, text, succeeded } of inlinePieces(session, new Set(files.map((file) => file.path)))) {
    if (inline.length >= mostInline) {
      skipped.push({ path, reason: `more than ${mostInline} pieces of inline code` })
      break
    }
    const file = read(path, text)
    if (file !== null) inline.push({ step, file, succeeded })
  }
  const executions = findExecution({
    files,
    inline: inline.map(({ file, succeeded }) => ({ ...file, succeeded })),
    shellScripts: subject.files.filter((file) => /\.(sh|bash)$/.test(file.path) || file.path.endsWith('Makefile')),
    session,
  })
  return {
    files: files.map((file) => ({ ...file, ...(executions.get(file.path) ?? neverRan) })),
    inline: inline.map(({ step, file, succeeded }) => ({
      step,
      file: { ...file, execution: 'entry', succeeded, isReachable: true },
    })),
    skipped,
  }
}

/** Code given to an interpreter, and scripts that ran under a name that no file bears any more. */
function inlinePieces(
  session: Session,
  present: ReadonlySet<string>,
): { step: number; path: string; text: string; succeeded: boolean | null }[] {
  const pieces: { step: number; path: string; text: string; succeeded: boolean | null }[] = []
  const written = new Map<string, { step: number; text: string }>()
  const recovered = new Set<string>()
  const remember = (path: string | null, step: number, text: string | null): void => {
    if (path === null || text === null || !path.endsWith('.py') || present.has(path)) return
    if (text.length >= (written.get(path)?.text.length ?? 0)) written.set(path, { step, text })
  }
  for (const step of session.steps) {
    if (step.kind === 'write' && !step.refused) remember(step.path, step.step, step.typed)
    if (step.kind !== 'command') continue
    for (const typed of step.typed) remember(typed.path, step.step, typed.text)
    for (const text of step.inlineCode) {
      pieces.push({ step: step.step, path: `inline code of step ${step.step}`, text, succeeded: step.succeeded })
    }
    for (const script of step.scripts) {
      const source = written.get(script)
      if (source === undefined || recovered.has(script)) continue
      recovered.add(script)
      pieces.push({ step: source.step, path: script, text: source.text, succeeded: step.succeeded })
    }
  }
  return pieces
}
