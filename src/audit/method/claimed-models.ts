import { isOfExperiment, type MethodSentence } from './method-text.ts'

/** What says that a model was run, and not only spoken of. */
const used =
  /\b(?:models?|backbones?|base model|architectures?|baselines?|encoders?|tokenizers?|classifiers?|judges?)\b[^.:]{0,40}:|\b(?:we|our)\b[^.]{0,80}\b(?:use|used|using|employ|employed|fine-?tune|fine-?tuned|train|trained|evaluate|evaluated|test|tested|select|selected|choose|chose|adopt|adopted|run|ran|implement|implemented|compare|compared|conduct|conducted|experiment|prompt|query)\b|\b(?:is|are|was|were) (?:initiali[sz]ed|fine-?tuned|trained|evaluated|tested|built|implemented|conducted|performed|based)\b|\b(?:initiali[sz]ed|fine-?tuned) (?:from|on|with)\b|\bused as\b|\bexperiments (?:on|with|use|used)\b/i

/** Whether a sentence says that the models it names were run. */
export function claimsModel(sentence: MethodSentence): boolean {
  const { text, kind } = sentence
  if (!isOfExperiment(sentence)) return false
  if (kind === 'abstract' && !/\b(?:experiments?|evaluat|results?)\b/i.test(text)) return false
  return used.test(text)
}
