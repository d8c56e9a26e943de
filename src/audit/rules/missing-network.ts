import { claimsModel } from '../method/claimed-models.ts'
import { anySays } from '../method/code-words.ts'
import { type MethodSentence, methodSentences, sentencePlace } from '../method/method-text.ts'
import { type NetworkKind, networkKinds } from '../method/network-kinds.ts'
import { otherSources } from '../method/other-sources.ts'
import { isOthersNetwork } from '../method/stated-architecture.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const longestSentence = 1_000

/** Kinds of networks that the paper says were built, where no code that ran has anything of the kind. */
export const missingNetwork: Rule = {
  id: 'missing-network',
  title: 'A kind of network that the paper says was built, and no code that ran builds',
  part: 'none',
  catches:
    'Recurrent, convolutional, graph and adversarial networks, autoencoders and perceptrons that sentences on experiments say were trained or compared, where no code that ran, no command and no configuration has a layer, a class, a library or a word of that kind.',
  misses:
    'A network that code defines and never trains, another one under the same words, and transformers, which nearly all libraries of models mention.',
  falsePositives:
    'A network inside of a library that is called by another name, and the network of other work that a sentence names as if it were its own.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode || record.run.length === 0) return []
    const elsewhere = otherSources(facts)
    const missing = new Map<NetworkKind, MethodSentence[]>()
    for (const document of facts.subject.documents) {
      for (const sentence of methodSentences(document)) {
        if (sentence.text.length > longestSentence || !claimsModel(sentence) || isOthersNetwork(sentence.text)) continue
        for (const kind of networkKinds)
          if (kind.said.test(sentence.text)) missing.set(kind, [...(missing.get(kind) ?? []), sentence])
      }
    }
    return [...missing].flatMap(([kind, sentences]): RuleFinding[] => {
      if (anySays(record.run, kind.built) || elsewhere.some((text) => kind.built.test(text))) return []
      const [first] = sentences
      return [
        {
          severity: 'minor',
          message: `The paper says that it ran a ${kind.name} (line ${first?.line ?? 0} of ${first?.path ?? ''}), and no code, command or configuration of the work builds or loads one`,
          evidence: sentences.slice(0, 3).map(sentencePlace),
        },
      ]
    })
  },
}
