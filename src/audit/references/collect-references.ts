import type { EvidencePlace } from '../../schema/audit.ts'
import type { AuditSubject } from '../subject/subject.ts'
import { type CitingDocument, readCitingDocument } from './read-references.ts'
import type { Reference } from './reference.ts'

const collected = new WeakMap<AuditSubject, readonly CitingDocument[]>()

/** Papers and reports of the work with their bibliographies. The same subject is read once: five rules ask for it. */
export function collectReferences(subject: AuditSubject): readonly CitingDocument[] {
  const known = collected.get(subject)
  if (known !== undefined) return known
  const bibliographies = subject.files.filter(({ path }) => path.toLowerCase().endsWith('.bib'))
  const read = subject.documents.map((document) => readCitingDocument(document, bibliographies))
  collected.set(subject, read)
  return read
}

/** Every entry of the work once: a bibliography that several documents share is each one's. */
export function allReferences(subject: AuditSubject): readonly Reference[] {
  const entries = collectReferences(subject).flatMap(({ references }) => references)
  return [...new Map(entries.map((entry) => [`${entry.line} ${entry.text} ${entry.path}`, entry])).values()]
}

export function placeOfReference(reference: Reference, role: EvidencePlace['role'] = 'origin'): EvidencePlace {
  return { path: reference.path, step: null, line: reference.line, quote: reference.text.slice(0, 200), role }
}

/** `Smith 2024 "Title"`, for messages. */
export function nameOfReference({ surname, year, title, text }: Reference): string {
  const name = [surname, year].filter((part) => part !== null).join(' ')
  const shown = title === null ? text.slice(0, 60) : title.slice(0, 80)
  return name === '' ? `"${shown}"` : `${name} "${shown}"`
}
