import type { AuditFacts } from '../facts.ts'

const otherCode = /\.(?:ipynb|R|Rmd|qmd|jl|cc|cpp|cu|c|h|hpp|js|ts|java|go|rs|m|scala|lua)$/i
const settingsOrShell = /\.(?:json|ya?ml|toml|cfg|ini|gin|sh|bash)$|(?:^|\/)Makefile$/i
const longestFile = 400_000
const longestCommand = 20_000
const known = new WeakMap<AuditFacts['subject'], readonly string[]>()

/** Whether the work has code in another language than Python, or in notebooks: of that nothing is parsed. */
export function hasOtherCode({ subject }: AuditFacts): boolean {
  return subject.files.some(({ path }) => otherCode.test(path))
}

/** Commands that ran programs, configuration, shell scripts and code that is not Python: where else a part of a method may be named. */
export function otherSources(facts: AuditFacts): readonly string[] {
  const { subject, session } = facts
  const before = known.get(subject)
  if (before !== undefined) return before
  const files = subject.files.flatMap(({ path, text }) =>
    (otherCode.test(path) || settingsOrShell.test(path)) && text.length <= longestFile ? [text] : [],
  )
  const commands = session.steps.flatMap((step) =>
    step.kind === 'command' && step.runs ? [step.command.slice(0, longestCommand)] : [],
  )
  const sources = [...files, ...commands]
  known.set(subject, sources)
  return sources
}
