import type { EvidencePlace } from '../../schema/audit.ts'
import { filePlace } from '../evidence/place.ts'
import type { AuditFacts } from '../facts.ts'
import { readMadeUpTalk } from './made-up-talk.ts'
import { ownSentences } from './own-sentences.ts'

/** A place where the work itself says openly what its results rest on. */
export interface Disclosure {
  /** `results`: they are simulated or made up. `data`: the data are synthetic. `people`: users or raters are simulated. */
  readonly about: 'results' | 'data' | 'people'
  readonly place: EvidencePlace
}

const resultsAre =
  /\b(?:results?|numbers|metrics|figures|values|scores|performance)\b[^.;]{0,60}\b(?:is|are|was|were|have been)\b[^.;]{0,40}\b(?:simulated|synthetic|illustrative|hypothetical|placeholders?|fabricated|mock|not (?:real|measured|actual)|estimated by hand)\b/i
const simulationStudy =
  /\b(?:simulated|simulation[- ]based|mock) (?:experiments?|evaluations?|stud(?:y|ies)|results?|runs?)\b|\bexperiments? (?:is|are|was|were) (?:\w+ )?simulated\b|\bsimulat(?:e|es|ed|ing) (?:the )?(?:results|model outputs|training|evaluation)\b/i
const dataWords =
  /\b(?:synthetic|simulated|mock|artificial|toy)(?:ally generated)?[\w\s-]{0,40}\b(?:data|datasets?|corpus|corpora|tasks?|samples?|benchmarks?|environments?|queries|problems)\b/i
const peopleWords =
  /\b(?:simulated|synthetic|virtual|artificial|programmatically generated|LLM[- ]based|model-based)[\w\s-]{0,30}\b(?:users?|participants?|humans?|annotators?|raters?|developers?|experts?|feedback|judgments?|people)\b|\bsimulat(?:e|es|ed|ing)\b[\w\s-]{0,40}\b(?:users?|participants?|humans?|annotators?|raters?|developers?|feedback)\b/i

/**
 * What the main document says openly, in its own sentences; related work, future work and headings do not count. Readers of the paper see nothing
 * else, so that a README's words do not make up for the paper's silence.
 */
export function findDisclosures({ subject }: Pick<AuditFacts, 'subject'>): readonly Disclosure[] {
  const known = read.get(subject) ?? readDisclosures(subject)
  read.set(subject, known)
  return known
}

const read = new WeakMap<AuditFacts['subject'], readonly Disclosure[]>()

function readDisclosures(subject: AuditFacts['subject']): Disclosure[] {
  const path = subject.documents[0]?.path ?? ''
  return ownSentences(subject).flatMap(({ sentence, line }) => {
    const about = disclosedBy(sentence)
    return about === null ? [] : [{ about, place: filePlace(path, { line, quote: sentence, role: 'context' }) }]
  })
}

/** Whether readers are told that results are simulated or made up. */
export function disclosesResults(subject: AuditFacts['subject']): boolean {
  return findDisclosures({ subject }).some(({ about }) => about === 'results')
}

function disclosedBy(sentence: string): Disclosure['about'] | null {
  const talk = readMadeUpTalk(sentence)
  if (talk !== null && !talk.denied && !talk.hedged && talk.strength === 'plain') return 'results'
  if (resultsAre.test(sentence) || (talk?.denied !== true && simulationStudy.test(sentence))) return 'results'
  if (peopleWords.test(sentence)) return 'people'
  return dataWords.test(sentence) ? 'data' : null
}
