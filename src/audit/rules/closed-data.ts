import { listAt } from '../../base/list-at.ts'
import type { AuditFacts } from '../facts.ts'
import { claimsData } from '../method/claimed-data.ts'
import { readThings, thingFinder } from '../method/lexicon.ts'
import { type MethodSentence, methodSentences, sentencePlace } from '../method/method-text.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Data that is given out under an agreement with a person or an institution, or not at all. */
const closed = `
MIMIC-III | MIMIC-IV, MIMIC-CXR
=eICU
UK Biobank
ADNI
=ABCD Study
=CPRD
MarketScan
Flatiron Health
=SEER-Medicare
JFT-300M | JFT-3B
`
const unreleased =
  /\b(?:proprietary|in-house|confidential|unreleased|company-internal|internal)\s(?:[\w-]{1,30}\s){0,3}(?:data(?:set)?s?|corpus|corpora|logs|records|traces)\b/i
const ofPatients =
  /\b(?:clinical|medical|health|hospital|patient)\s(?:[\w-]{1,30}\s){0,2}(?:records|notes|data)\s(?:of|from)\s[\d,.]{2,12}\s(?:[\w-]{1,30}\s){0,2}patients\b/i

/** Experiments on data that nobody gets without an agreement: a program in a sandbox has signed none. */
export const closedData: Rule = {
  id: 'closed-data',
  title: 'Data that is given to nobody without an agreement',
  part: 'none',
  catches:
    'Sentences on set-up and results that say that data behind an access agreement, or data of a company or a hospital that was never released, was used.',
  misses:
    'Closed data that the table does not name and the sentence does not call closed, and pictures or scores from such data.',
  falsePositives:
    'Researchers who did have access and put the data into the workspace; public demo parts of closed data.',
  find(facts) {
    const find = thingFinder(readThings(closed))
    return facts.subject.documents.flatMap((document) => {
      const found = new Map<string, MethodSentence[]>()
      for (const sentence of methodSentences(document)) {
        if (!claimsData(sentence.text)) continue
        const text = sentence.text.slice(0, 4_000)
        const phrase = unreleased.exec(text) ?? ofPatients.exec(text)
        const names = [...find(text).map(({ name }) => name), ...(phrase === null ? [] : [phrase[0]])]
        for (const name of names) listAt(found, name).push(sentence)
      }
      return [...found].map(([name, sentences]) => describe(name, sentences, facts))
    })
  },
}

function describe(name: string, sentences: readonly MethodSentence[], { subject }: AuditFacts): RuleFinding {
  const [first] = sentences
  const seen =
    subject.record === 'recorded' || subject.record === 'transcript'
      ? ', and no step of the session shows where it came from'
      : ''
  return {
    severity: 'minor',
    message: `The paper says that it used ${name} (line ${first?.line ?? 0} of ${first?.path ?? ''}), which nobody gets without an agreement${seen}`,
    evidence: sentences.slice(0, 3).map(sentencePlace),
  }
}
