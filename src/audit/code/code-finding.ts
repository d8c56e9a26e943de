import type { EvidencePlace, Severity } from '../../schema/audit.ts'
import { findDisclosures } from '../disclosure/find-disclosure.ts'
import { filePlace, stepPlace } from '../evidence/place.ts'
import type { AuditFacts } from '../facts.ts'
import type { CodeFile } from './code.ts'
import type { RunFile } from './code-sites.ts'

const mostPlaces = 12

const known = new WeakMap<AuditFacts['subject'], boolean>()

/** Whether the paper says itself that its results are made up or simulated; read once for all rules about code. */
export function saysResultsAreMadeUp(facts: AuditFacts): boolean {
  let says = known.get(facts.subject)
  if (says === undefined) {
    says = findDisclosures(facts).some(({ about }) => about === 'results')
    known.set(facts.subject, says)
  }
  return says
}

/** A line of code as findings show it: in a file of the work, or in what a step of the session ran inline. */
function codePlace({ file, step }: RunFile, line: number): EvidencePlace {
  const quote = file.lines[line - 1] ?? ''
  return step === null ? filePlace(file.path, { line, quote }) : stepPlace(step, quote, { line })
}

/** Lines of code, each once, at most twelve. */
export function codePlaces(run: RunFile, lines: readonly number[]): EvidencePlace[] {
  return [...new Set(lines)].slice(0, mostPlaces).map((line) => codePlace(run, line))
}

/** How a finding calls the file. */
export function codeName({ file, step }: RunFile): string {
  return step === null ? file.path : `inline code of step ${step}`
}

/** Whether the code ran, as far as the record shows; null where there is no record. */
export function executionOf(file: CodeFile): { readonly executed?: boolean } {
  return file.execution === 'unknown' ? {} : { executed: file.execution !== 'no' }
}

/**
 * Critical only where the record shows that the code ran, and that no run of it is known to have failed. Without a record what is
 * major stays so in code that looks like what was run.
 */
export function soften(severity: Severity, file: CodeFile): Severity {
  if (file.execution !== 'unknown' && file.succeeded !== false) return severity
  switch (severity) {
    case 'critical':
      return 'major'
    case 'major':
      return file.isReachable ? 'major' : 'minor'
    case 'minor':
    case 'note':
      return severity
  }
}

/** What a message adds where no record shows what ran. */
export function doubtOf(file: CodeFile): string {
  return file.execution === 'unknown' ? '; nothing shows whether it ran' : ''
}

/** Points of code that may not have run to its end, or not at all, count half. */
export function softenPoints(points: number, file: CodeFile): number {
  return file.execution === 'unknown' || file.succeeded === false ? points / 2 : points
}
