import { listAt } from '../../base/list-at.ts'
import type { EvidencePlace } from '../../schema/audit.ts'
import { codePlaces } from '../code/code-finding.ts'
import type { AuditFacts } from '../facts.ts'
import type { AuditFile } from '../subject/subject.ts'
import type { Thing } from './lexicon.ts'
import { thingFinder } from './lexicon.ts'
import { type MethodSentence, methodSentences } from './method-text.ts'
import { squash } from './squash.ts'
import { type WorkRecord, workRecord } from './work-record.ts'

/** A thing that documents say was used, and that nothing of the work names. */
export interface MissingThing {
  readonly name: string
  readonly sentences: readonly MethodSentence[]
}

/** Things of a kind that sentences of the documents claim, and that neither code that ran, commands, outputs, configuration nor data name. */
export function missingThings(
  facts: AuditFacts,
  { things, claims }: { readonly things: readonly Thing[]; readonly claims: (sentence: MethodSentence) => boolean },
): MissingThing[] {
  const record = workRecord(facts)
  if (!record.hasCode) return []
  const find = thingFinder(things)
  const missing = new Map<Thing, MethodSentence[]>()
  for (const document of facts.subject.documents) {
    for (const sentence of methodSentences(document)) {
      if (!claims(sentence)) continue
      for (const thing of find(sentence.text)) {
        if (thing.shown.some((alias) => record.names(alias))) continue
        listAt(missing, thing).push(sentence)
      }
    }
  }
  return [...missing].map(([{ name }, sentences]) => ({ name, sentences }))
}

/** A thing that a string in code that ran names. */
export interface NamedThing {
  readonly thing: Thing
  readonly place: EvidencePlace
}

const longestLine = 2_000
const quoted = /["'][^"']{2,200}["']/

/** Things of a kind that strings in code that ran name, and that a document does not: what may stand in the place of what is missing. */
export function unnamedThings(record: WorkRecord, document: AuditFile, things: readonly Thing[]): NamedThing[] {
  const said = squash(document.text)
  const find = thingFinder(things.filter(({ shown }) => !shown.some((alias) => said.includes(squash(alias)))))
  const named = new Map<Thing, EvidencePlace>()
  for (const run of record.run) {
    for (const [index, line] of run.file.lines.entries()) {
      if (line.length > longestLine || !quoted.test(line) || line.trimStart().startsWith('#')) continue
      for (const thing of find(line)) {
        const [place] = named.has(thing) ? [] : codePlaces(run, [index + 1])
        if (place !== undefined) named.set(thing, { ...place, role: 'contradicts' })
      }
    }
  }
  return [...named].map(([thing, place]) => ({ thing, place }))
}
