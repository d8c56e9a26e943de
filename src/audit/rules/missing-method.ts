import { techniques } from '../method/measures.ts'
import { type MethodSentence, isOfExperiment, sentencePlace } from '../method/method-text.ts'
import { missingThings } from '../method/missing-things.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const used =
  /\b(?:we|our)\b[^.]{0,80}\b(?:use|used|using|employ\w*|train\w*|fine-?tun\w*|optimi[sz]\w*|appl(?:y|ied)|adopt\w*|implement\w*|perform\w*|conduct\w*)\b|\b(?:is|are|was|were)\b[^.]{0,40}\b(?:trained|optimi[sz]ed|fine-?tuned|evaluated|generated|decoded|implemented|performed|applied|used)\b|^[^.:]{0,60}\b(?:optimi[sz]er|training|decoding|hyper-?parameters?|implementation|schedule|generation)\b[^.:]{0,40}:/i

/** Ways of training and decoding that the set-up names, and nothing of the work does. */
export const missingMethod: Rule = {
  id: 'missing-method',
  title: 'An optimiser or technique that the set-up names, and nothing of the work does',
  part: 'none',
  catches:
    'Optimisers, adapters, schedules and ways of decoding by a known name, such as AdamW, LoRA or beam search, in sentences of the set-up that say they were used, where no code that ran, command, output, configuration or data file names them in any usual spelling.',
  misses: 'Techniques that code names and never reaches, and those the work made up itself.',
  falsePositives: 'A technique that a library applies by default, or that the code writes out without its name.',
  find(facts) {
    const { isComplete } = workRecord(facts)
    return missingThings(facts, { things: techniques(), claims: isSetup }).map(({ name, sentences }): RuleFinding => {
      const [first] = sentences
      return {
        severity: isComplete ? 'major' : 'minor',
        message: `The set-up names ${name} (line ${first?.line ?? 0} of ${first?.path ?? ''}), and no code, command, output or data of the work does`,
        evidence: sentences.slice(0, 3).map(sentencePlace),
      }
    })
  },
}

function isSetup(sentence: MethodSentence): boolean {
  return sentence.kind !== 'abstract' && isOfExperiment(sentence) && used.test(sentence.text)
}
