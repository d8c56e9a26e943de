import { anySays, trains } from '../method/code-words.ts'
import { type MethodSentence, methodSentences, sentencePlace } from '../method/method-text.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule } from './rule.ts'

/** Sure signs that something was trained: a rate with its value, an optimiser, epochs. */
const trained = [
  /\b(?:learning rate|lr)\b[^.;|]{0,40}\d/i,
  /\b(?:AdamW?|SGD|RMSprop|Adafactor)\b/,
  /\b(?:\d+|one|two|three|four|five|ten|single|several|multiple) (?:full |training |pre-?training )?epochs?\b|\bepochs?\b[^.;]{0,12}\d/i,
  /\b(?:we|is|are|was|were|models?)\b[^.;]{0,40}\b(?:pre-?trained|fine-?tuned|trained) (?:for|on|with|using)\b/i,
]
/** What somebody else trained before. */
const byOthers =
  /\bpre-?trained (?:model|on|by|weights|checkpoint)|off-the-shelf|publicly available|checkpoint|frozen\b/i
const fewestSigns = 2

/** Training that the paper tells of, and that no code does. */
export const missingTraining: Rule = {
  id: 'missing-training',
  title: 'Training that the paper describes, and no code that ran does',
  part: 'none',
  catches:
    'Papers whose set-up gives at least two of learning rate, optimiser, epochs and what was trained on, where no code that ran has an optimiser, a gradient, a fit, a training function, a learning rate or epochs.',
  misses: 'Code that trains something else than the paper says, or that only mentions training.',
  falsePositives: 'Training by a program outside of the code that is kept, called in a way that is not recognised.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode || record.run.length === 0 || anySays(record.run, trains)) return []
    if (
      facts.session.steps.some(
        (step) => step.kind === 'command' && step.runs && /train|finetune|epochs/i.test(step.command.slice(0, 2_000)),
      )
    )
      return []
    return facts.subject.documents.flatMap((document) => {
      const said = methodSentences(document).filter(
        ({ kind, text }) => (kind === 'setup' || kind === 'result') && !byOthers.test(text),
      )
      const signs = trained.flatMap((pattern): MethodSentence[] =>
        said.filter(({ text }) => pattern.test(text.slice(0, 1_000))).slice(0, 1),
      )
      if (signs.length < fewestSigns) return []
      const places = [...new Set(signs)].toSorted((a, b) => a.line - b.line)
      return [
        {
          severity: record.isComplete ? ('major' as const) : ('minor' as const),
          message: `${document.path} describes how models were trained (line ${places.map(({ line }) => line).join(', ')}), and no code that ran trains anything`,
          evidence: places.map(sentencePlace),
        },
      ]
    })
  },
}
