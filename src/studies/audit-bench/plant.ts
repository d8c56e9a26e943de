import type { AuditFile, AuditSubject } from '../../audit/subject/subject.ts'
import { sha256 } from '../../base/hash.ts'
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

/** The subject with another text of a file, wherever it lists that file, and with a session that tells of it. */
export function withText(subject: AuditSubject, { path, text }: AuditFile): AuditSubject {
  const change = (files: readonly AuditFile[]): AuditFile[] =>
    files.map((file) => (file.path === path ? { path, text } : file))
  const changed = { ...subject, documents: change(subject.documents), files: change(subject.files) }
  return { ...changed, events: retell(subject, changed) }
}

/**
 * Events as they would be had the files always been so: hashes and sizes of the changed files, and whole texts that the agent typed or was
 * shown. Without this a change would give itself away by a hash, which says nothing of how well it was hidden.
 */
export function retell(before: AuditSubject, after: AuditSubject): NewEvent[] {
  const old = new Map([...before.files, ...before.documents].map(({ path, text }) => [path, text]))
  const changed = [...after.files, ...after.documents].filter(({ path, text }) => (old.get(path) ?? text) !== text)
  const byText = new Map(changed.map(({ path, text }) => [old.get(path) ?? '', text]))
  const byHash = new Map(changed.map(({ path, text }) => [sha256(old.get(path) ?? ''), text]))
  return after.events.map((event) => {
    const own = mapEventTexts(event, (text) => byText.get(text) ?? text)
    if (own.type !== 'file-written' || own.sha256 === null) return own
    const text = byHash.get(own.sha256)
    return text === undefined ? own : { ...own, sha256: sha256(text), bytes: Buffer.byteLength(text) }
  })
}

/** The subject with a file put in, or replaced, and its session as it was. */
export function withFile(subject: AuditSubject, file: AuditFile): AuditSubject {
  const others = subject.files.filter(({ path }) => path !== file.path)
  return { ...subject, files: [...others, file].toSorted((a, b) => (a.path < b.path ? -1 : 1)) }
}

/** An event with every text in it changed: commands, outputs, typed and shown text. */
export function mapEventTexts(event: NewEvent, change: (text: string) => string): NewEvent {
  switch (event.type) {
    case 'command-executed':
      return { ...event, command: change(event.command), output: change(event.output) }
    case 'file-written':
      return event.typed === undefined ? event : retype(event, { from: event.typed, to: change(event.typed) })
    case 'edit-failed':
      return { ...event, typed: change(event.typed) }
    case 'file-viewed':
      return event.text === null ? event : { ...event, text: change(event.text) }
    case 'coder-said':
      return { ...event, text: change(event.text) }
    case 'model-called':
    case 'model-call-failed':
    case 'call-retried':
    case 'call-broken':
    case 'reply-rejected':
    case 'stage-started':
    case 'stage-finished':
    case 'stage-failed':
    case 'reply-cleaned':
    case 'sandbox-opened':
    case 'files-untold':
    case 'coder-started':
    case 'coder-finished':
    case 'gateway-refused':
    case 'egress-refused':
    case 'session-reported':
    case 'file-refused':
    case 'review-failed':
    case 'comparison-failed':
      return event
  }
}

type FileWritten = Extract<NewEvent, { type: 'file-written' }>

/** A hash of what was typed goes with it. */
function retype(event: FileWritten, { from, to }: { readonly from: string; readonly to: string }): FileWritten {
  if (from === to) return event
  const isWhole = event.sha256 !== null && event.sha256 === sha256(from)
  return { ...event, typed: to, ...(isWhole ? { sha256: sha256(to), bytes: Buffer.byteLength(to) } : {}) }
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
