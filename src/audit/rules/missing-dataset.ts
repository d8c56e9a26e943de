import { listAt } from '../../base/list-at.ts'
import type { AuditFacts } from '../facts.ts'
import { claimsData } from '../method/claimed-data.ts'
import { datasets } from '../method/datasets.ts'
import { type MethodSentence, methodSentences, sentencePlace } from '../method/method-text.ts'
import { missingThings, type NamedThing, unnamedThings } from '../method/missing-things.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** A name with an inner capital or a number, in front of what says that it is data. */
const coined =
  /(?<![\w-])([A-Z][\w+-]{2,60})\s(?:datasets?|benchmark|corpus|(?:test|train|training|validation|dev|evaluation) (?:set|split)s?)\b/g
const isCoined = /.[A-Z0-9]/

/** Data that the paper says it used, and that nothing of the work names. */
export const missingDataset: Rule = {
  id: 'missing-dataset',
  title: 'Data that the paper says were used, and nothing of the work names',
  part: 'none',
  catches:
    'Public datasets and benchmarks that sentences on set-up and results say were used, and whose name is in no code that ran, no command, no output, no configuration and no data; and datasets under a name of their own where code that ran reads public data that the paper keeps silent about.',
  misses:
    'Data that the code names and never reads, and names that the table of names lacks where the code reads nothing public.',
  falsePositives:
    'Data read from a path that does not name them, and data of other work that a sentence mentions as if they were used.',
  find(facts) {
    const record = workRecord(facts)
    const missing = missingThings(facts, { things: datasets(), claims: ({ text }) => claimsData(text) })
    const known = missing.map(({ name, sentences }) => describe(name, sentences, facts))
    return [...known, ...(record.hasCode ? coinedData(facts) : [])]
  },
}

function describe(name: string, sentences: readonly MethodSentence[], facts: AuditFacts): RuleFinding {
  const record = workRecord(facts)
  const document = facts.subject.documents.find(({ path }) => path === sentences[0]?.path)
  const others = document === undefined ? [] : unnamedThings(record, document, datasets()).slice(0, 3)
  return {
    severity: record.isComplete ? 'major' : 'minor',
    message: `${opening(name, sentences)}${instead(others)}`,
    evidence: [...said(sentences), ...others.map(({ place }) => place)],
  }
}

/** Names that no table knows, where code that ran reads public data of which the document says nothing. */
function coinedData(facts: AuditFacts): RuleFinding[] {
  const record = workRecord(facts)
  return facts.subject.documents.flatMap((document): RuleFinding[] => {
    const missing = new Map<string, MethodSentence[]>()
    for (const sentence of methodSentences(document)) {
      if (!claimsData(sentence.text)) continue
      for (const [, name = ''] of sentence.text.slice(0, 4_000).matchAll(coined)) {
        if (!isCoined.test(name) || record.names(name)) continue
        listAt(missing, name).push(sentence)
      }
    }
    const others = missing.size === 0 ? [] : unnamedThings(record, document, datasets())
    if (others.length === 0) return []
    return [...missing].map(([name, sentences]) => ({
      severity: record.isComplete ? 'major' : 'minor',
      message: `${opening(name, sentences)}${instead(others)}`,
      evidence: [...said(sentences), ...others.slice(0, 3).map(({ place }) => place)],
    }))
  })
}

function opening(name: string, sentences: readonly MethodSentence[]): string {
  return `The paper says that it used ${name} (line ${sentences[0]?.line ?? 0} of ${sentences[0]?.path ?? ''}), and no code, command, output or data of the work names it`
}

function instead(others: readonly NamedThing[]): string {
  const names = others.slice(0, 3).map(({ thing }) => thing.name)
  return names.length === 0 ? '' : `; the code reads ${names.join(', ')}, of which the paper says nothing`
}

function said(sentences: readonly MethodSentence[]): RuleFinding['evidence'] {
  return sentences.slice(0, 3).map(sentencePlace)
}
