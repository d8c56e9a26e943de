import { collectFacts } from '../../src/audit/collect-facts.ts'
import type { AuditFacts } from '../../src/audit/facts.ts'
import { sortFiles } from '../../src/audit/subject/sort-files.ts'
import type { AuditSubject } from '../../src/audit/subject/subject.ts'

/** For tests: facts of a work given as texts by path, through the real readers. */
export async function factsOf(
  files: Readonly<Record<string, string>>,
  session: Partial<Pick<AuditSubject, 'events' | 'record' | 'date'>> = {},
): Promise<AuditFacts> {
  return collectFacts(subjectOf(files, session))
}

export function subjectOf(
  files: Readonly<Record<string, string>>,
  session: Partial<Pick<AuditSubject, 'events' | 'record' | 'date'>> = {},
): AuditSubject {
  const sorted = sortFiles(
    Object.entries(files)
      .map(([path, text]) => ({ path, text }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  )
  return { name: 'made-up', ...sorted, events: [], record: 'none', date: null, leftOut: [], notes: [], ...session }
}
