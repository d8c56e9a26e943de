import { codePlaces, saysResultsAreMadeUp } from '../code/code-finding.ts'
import { experimentRuns } from '../execution/experiment-runs.ts'
import { pointsOnce } from './points-once.ts'
import type { AuditFacts } from '../facts.ts'
import { claimsModel } from '../method/claimed-models.ts'
import { anySays, loadsModel } from '../method/code-words.ts'
import { type Thing, thingFinder } from '../method/lexicon.ts'
import { type MethodSentence, methodSentences, sentencePlace } from '../method/method-text.ts'
import { pretrainedModels } from '../method/models.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** What stands there instead. */
const ownNetwork =
  /^\s*class \w+\((?:\w+\.)*Module\)|^\s*(?:self\.)?\w+ = nn\.(?:LSTM|GRU|Linear|Transformer\w*|Sequential)\(/
const draws = /\b(?:np\.random|numpy\.random|random|rng|torch)\.(?:rand\w*|normal|uniform|gauss|choice|beta|integers)\(/
const commandModels = /\b(?:curl|ollama|llama-cli|vllm|lm_eval|accelerate|torchrun|deepspeed)\b/

/** Named pretrained models in the paper, where what ran to its end loads none and calls none. */
export const toyModel: Rule = {
  id: 'toy-model',
  title: 'Named models, where code that ran loads none and calls none',
  part: 'code',
  catches:
    'Papers that say they ran a pretrained model of a known family, such as GPT-4 or BERT, where no code that ran to its end loads a model, reads weights, calls a service or starts another program: a network of its own, draws or constants stand in its place.',
  misses: 'Code that loads some model, or that calls a service and falls back to made-up answers when it fails.',
  falsePositives: 'Models run outside of the work whose answers were copied into it.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.isComplete || record.completed.length === 0 || anySays(record.completed, loadsModel)) return []
    if (experimentRuns(facts.session).some(({ command }) => commandModels.test(command.command.slice(0, 5_000))))
      return []
    return pointsOnce(facts.subject.documents.flatMap((document) => findIn(document, facts)))
  },
}

function findIn(document: AuditFacts['subject']['documents'][number], facts: AuditFacts): RuleFinding[] {
  const find = thingFinder(pretrainedModels())
  const said = methodSentences(document).flatMap((sentence): { sentence: MethodSentence; thing: Thing }[] => {
    const [thing] = claimsModel(sentence) && !/\bsimulat/i.test(sentence.text) ? find(sentence.text) : []
    return thing === undefined ? [] : [{ sentence, thing }]
  })
  const [first] = said
  if (first === undefined) return []
  const { completed } = workRecord(facts)
  const places = (pattern: RegExp) =>
    completed.flatMap((run) =>
      codePlaces(
        run,
        run.file.lines
          .flatMap((line, index) => (line.length < 1_000 && pattern.test(line) ? [index + 1] : []))
          .slice(0, 2),
      ),
    )
  const networks = places(ownNetwork)
  const drawn = networks.length === 0 ? places(draws) : []
  const instead =
    networks.length > 0 ? ': it builds small networks of its own' : drawn.length > 0 ? ': it draws numbers' : ''
  return [
    {
      severity: 'major',
      disclosed: saysResultsAreMadeUp(facts),
      message: `${document.path} says that ${first.thing.name} was run (line ${first.sentence.line}), and no code that ran to its end loads a model or calls one${instead}`,
      evidence: [
        ...said.slice(0, 3).map(({ sentence }) => sentencePlace(sentence)),
        ...[...networks, ...drawn].slice(0, 3).map((place) => ({ ...place, role: 'contradicts' as const })),
      ],
      executed: true,
      points: 1,
    },
  ]
}
