import type { AuditFile, AuditSubject } from '../../audit/subject/subject.ts'
import type { NewEvent } from '../../schema/event.ts'

/** Changes of the paper's numbers. */
export const claimPlantKinds = ['fabricate', 'nudge', 'digit', 'swap', 'nan-fill'] as const
export type ClaimPlantKind = (typeof claimPlantKinds)[number]

/** Changes of code that ran. */
export const codePlantKinds = [
  'random-direct',
  'random-indirect',
  'random-clipped',
  'literal',
  'except-fallback',
] as const
export type CodePlantKind = (typeof codePlantKinds)[number]

export type PlantKind = ClaimPlantKind | CodePlantKind | 'forged-log'
export const plantKinds: readonly PlantKind[] = [...claimPlantKinds, 'forged-log', ...codePlantKinds]

/** A change whose place is known exactly. */
export interface Plant {
  readonly kind: PlantKind
  /** Of the changed file, relative to the subject. */
  readonly path: string
  /** First and last line of what was put in, from 1, in the changed text. */
  readonly line: number
  readonly lastLine: number
  /** Where changed numbers begin in the changed text, in UTF-16 code units: one, or two for a swap; empty for code and logs. */
  readonly starts: readonly number[]
  /** Where the same numbers began before. */
  readonly startsBefore: readonly number[]
  /** Step of the session that was put in; null for none. */
  readonly step: number | null
  readonly before: string
  readonly after: string
}

/** A copy of a piece of work with changes in it. */
export interface PlantedSubject {
  readonly subject: AuditSubject
  readonly plants: readonly Plant[]
}

/** The subject with another text of a file, wherever it lists that file. */
export function withText(subject: AuditSubject, { path, text }: AuditFile): AuditSubject {
  const change = (files: readonly AuditFile[]): AuditFile[] =>
    files.map((file) => (file.path === path ? { path, text } : file))
  return { ...subject, documents: change(subject.documents), files: change(subject.files) }
}

/** The subject with a file put in, or replaced. */
export function withFile(subject: AuditSubject, file: AuditFile): AuditSubject {
  if (subject.files.some(({ path }) => path === file.path)) return withText(subject, file)
  const files = [...subject.files, file].toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return { ...subject, files }
}

/** An event with every text in it changed: commands, outputs, typed and shown text. */
export function mapEventTexts(event: NewEvent, change: (text: string) => string): NewEvent {
  switch (event.type) {
    case 'command-executed':
      return { ...event, command: change(event.command), output: change(event.output) }
    case 'file-written':
      return event.typed === undefined ? event : { ...event, typed: change(event.typed) }
    case 'edit-failed':
      return { ...event, typed: change(event.typed) }
    case 'file-viewed':
      return event.text === null ? event : { ...event, text: change(event.text) }
    case 'coder-said':
      return { ...event, text: change(event.text) }
    default:
      return event
  }
}

/** In another order, by a generator. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items]
  for (let place = order.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1))
    const [a, b] = [order[place] as Item, order[other] as Item]
    order[place] = b
    order[other] = a
  }
  return order
}

/** From 1. */
export function lineAt(text: string, position: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
