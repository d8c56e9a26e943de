import type { AuditSubject } from '../../audit/subject/subject.ts'

const number = /\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,20})?/g

/**
 * The simplest audit there is, to compare with: a paper's number counts as found when the same digits stand anywhere in the other files or
 * in the session. It knows nothing of rounding, of places, or of who wrote what.
 * @returns whether a number, as the paper writes it, stands nowhere
 */
export function lookUpDigits(subject: AuditSubject): (written: string) => boolean {
  const known = new Set<string>()
  const documents = new Set(subject.documents.map(({ path }) => path))
  const read = (text: string): void => {
    for (const [found] of text.matchAll(number)) known.add(found.replaceAll(',', ''))
  }
  for (const { path, text } of subject.files) if (!documents.has(path)) read(text)
  for (const event of subject.events) {
    if (event.type === 'command-executed') read(event.output)
    if (event.type === 'file-viewed' && event.text !== null) read(event.text)
  }
  return (written) => !known.has(written.replace(/[^\d.]/g, ''))
}
