import type { AuditFacts } from '../facts.ts'
import { missingThings, unnamedThings } from '../method/missing-things.ts'
import { claimsModel } from '../method/claimed-models.ts'
import { type MethodSentence, sentencePlace } from '../method/method-text.ts'
import { models } from '../method/models.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Models that the paper says it ran, and that nothing of the work names. */
export const missingModel: Rule = {
  id: 'missing-model',
  title: 'A model that the paper says was run, and nothing of the work names',
  part: 'none',
  catches:
    'Families of models that sentences on set-up, method and results say were trained, evaluated or called, and whose name is in no code that ran, no command, no output, no configuration and no data. Grave where that code names a model that the paper keeps silent about.',
  misses:
    'Another size of the same family, families that the table of names lacks, and models whose name stands in a comment only.',
  falsePositives:
    'Models loaded from a local path under another name, and models of other work that a sentence mentions as if they were its own.',
  find(facts) {
    const record = workRecord(facts)
    const missing = missingThings(facts, { things: models(), claims: claimsModel })
    if (missing.length === 0) return []
    return missing.map(
      ({ name, sentences }): RuleFinding => describe(name, { sentences, facts, isComplete: record.isComplete }),
    )
  },
}

function describe(
  name: string,
  { sentences, facts, isComplete }: { sentences: readonly MethodSentence[]; facts: AuditFacts; isComplete: boolean },
): RuleFinding {
  const record = workRecord(facts)
  const document = facts.subject.documents.find(({ path }) => path === sentences[0]?.path)
  const others = document === undefined ? [] : unnamedThings(record, document, models()).slice(0, 3)
  const instead =
    others.length === 0
      ? ''
      : `, which names ${others.map(({ thing }) => thing.name).join(', ')} instead, of which the paper says nothing`
  return {
    severity: isComplete && others.length > 0 ? 'major' : 'minor',
    message: `The paper says that it ran ${name} (line ${sentences[0]?.line ?? 0} of ${sentences[0]?.path ?? ''}), and no code, command, output or data of the work names it${instead}`,
    evidence: [...sentences.slice(0, 3).map(sentencePlace), ...others.map(({ place }) => place)],
  }
}
