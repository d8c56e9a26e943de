import type { AuditFacts } from '../facts.ts'
import { thingFinder, type Thing } from './lexicon.ts'
import { type MethodSentence, methodSentences } from './method-text.ts'
import { networkKinds } from './network-kinds.ts'
import { pretrainedModels } from './models.ts'
import { type Setting, settings } from './setting-names.ts'
import { isVaried } from './stated-settings.ts'

/** What of a network's build papers state in numbers; `settings` knows them by these names. */
export const architectureSizes = ['layers', 'hidden size', 'embedding size', 'heads', 'dropout'] as const
export type ArchitectureSize = (typeof architectureSizes)[number]

/** A size of a network, as a document states it of the work's own. */
export interface StatedSize {
  readonly size: ArchitectureSize
  readonly value: number
  /** As written. */
  readonly text: string
  readonly sentence: MethodSentence
  /** Said of a kind of network that the authors build themselves, whatever else the work loads. */
  readonly isOwn: boolean
}

const longestSentence = 1_000
const longestBefore = 70
const longestAfter = 40
const mostNumbers = 40
const words = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const count = String.raw`(?<![\w.$^-])(\d{1,3}|single|${words.join('|')})`
const nouns = String.raw`MLPs?|perceptrons?|transformers?|(?:Bi-?)?LSTMs?|(?:Bi-?)?GRUs?|RNNs?|GCNs?|GNNs?|GATs?|GraphSAGE|CNNs?|ConvNets?|feed-?forward|(?:neural |convolutional |recurrent |graph )networks?|(?:auto-?)?encoders?|decoders?|classifiers?`
const kinds = String.raw`hidden|transformer|encoder|decoder|(?:Bi-?)?LSTM|GRU|RNN|GCN|GAT|GNN|graph[- ]convolution(?:al)?|message[- ]passing|(?:self-)?attention|convolution(?:al)?|fully[- ]connected|linear|dense|recurrent`
/** `3-layer MLP`, `two-layer bidirectional LSTM`; `12-layer, 12-head`. */
const layered = new RegExp(
  String.raw`${count}[- ](?:hidden[- ])?layer(?:ed)?(?:,? (?=\d{1,3}[- ]head)|,?[- ](?:[\w-]{1,20} ){0,3}?(?:${nouns})\b)`,
  'dgiu',
)
/** `an LSTM (2 layers`, `the encoder has two layers`. */
const having = new RegExp(
  String.raw`\b(?:${nouns})(?: (?:encoder|decoder|model|network|backbone))?(?: \(|,? (?:with|has|having|of|uses) )${count} (?:hidden |stacked )?layers\b`,
  'dgiu',
)
/** `four transformer layers`. */
const layers = new RegExp(
  String.raw`${count} (?:stacked |identical )?(?:${kinds})(?: encoder| decoder)? (?:layers|blocks)\b`,
  'dgiu',
)
/** A letter for the size in front of its value: `hidden dimension $d_r = 64$`. */
const symbol = /\$?\\?[A-Za-z](?:_\{?\\?\w{1,12}\}?)?\s?=\s?$/
const part =
  /\b(?:first|last|top|bottom|final|every|each|per|middle|upper|lower|additional|extra|another|remaining|frozen|unfrozen|only|skip\w*|prun\w*)\s{0,2}(?:the\s)?$/i
/** The number behind a comma that is a size of its own: `dimension 32, 2 heads`. */
const nextSize = /^\s?,\s?(?:\d{1,4}|\w{3,6})[- ](?:\w{1,12} ){0,2}(?:heads?|layers?|blocks?|experts?)\b/
/** Networks that somebody else built and trained. */
const others =
  /\bpre-?trained|\bfrozen|\bcheckpoint|\boff-the-shelf|\bteacher|\bpublicly available|\boriginal(?:ly)?\b/i
/** Among results, what says how the network is built, and not how one size of several did. */
const describes =
  /\b(?:we|our \w{1,20}) (?:use|implement|train|build|employ|adopt|instantiate|choose|chose|built|trained|used|implemented)\b|\bconsists? of\b|\bcompris(?:es|ing)\b|\b(?:implemented|instantiated) (?:as|by|with)\b|\barchitecture (?:is|has|uses)\b/i
let find: ((text: string) => readonly Thing[]) | null = null

/** Whether a sentence speaks of networks that others trained, or of models by name. */
export function isOthersNetwork(text: string): boolean {
  find ??= thingFinder(pretrainedModels())
  return others.test(text) || find(text).length > 0
}

/** Sizes of networks that documents state in method and set-up; what is hedged, varied, a part, or somebody else's is left out. */
export function statedArchitecture({ subject }: AuditFacts): readonly StatedSize[] {
  return subject.documents.flatMap((document) =>
    methodSentences(document).flatMap((sentence) => {
      const { text, kind } = sentence
      if (kind !== 'setup' && (kind !== 'result' || !describes.test(text.slice(0, longestSentence)))) return []
      if (text.length > longestSentence || !/\d|layer/.test(text) || isOthersNetwork(text)) return []
      const isOwn = networkKinds.some(({ said }) => said.test(text))
      return [...readLayers(sentence), ...readSizes(sentence)].map((one) => ({ ...one, sentence, isOwn }))
    }),
  )
}

type SaidSize = Omit<StatedSize, 'sentence' | 'isOwn'>

function readLayers({ text }: MethodSentence): SaidSize[] {
  return [layered, layers, having]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap((match): SaidSize[] => {
      const written = match[1] ?? ''
      const place = words.indexOf(written.toLowerCase())
      const [start = match.index, end = match.index] = match.indices?.[1] ?? []
      const before = text.slice(Math.max(0, start - longestBefore), start)
      if (part.test(before) || isVaried(before.slice(-40), text.slice(end, end + longestAfter))) return []
      return [{ size: 'layers', value: /^\d/.test(written) ? Number(written) : Math.max(place, 0) + 1, text: match[0] }]
    })
}

const sizes = architectureSizes.flatMap((name): [ArchitectureSize, Setting][] => {
  const setting = settings.find((one) => one.name === name)
  return setting === undefined ? [] : [[name, setting]]
})

function readSizes({ text }: MethodSentence): SaidSize[] {
  const found: SaidSize[] = []
  let numbers = 0
  for (const match of text.matchAll(/(?<![\w.,-])\d{1,5}(?:\.\d{1,3})?(?![\w.]?\d|\s?[%×]|\^)/g)) {
    if (++numbers > mostNumbers) break
    const end = match.index + match[0].length
    const before = text.slice(Math.max(0, match.index - longestBefore), match.index)
    const after = text.slice(end, end + longestAfter)
    if (part.test(before) || isVaried(before.slice(-40), nextSize.test(after) ? '' : after)) continue
    const named = before.replace(symbol, '')
    const size = sizes.find(
      ([, setting]) =>
        setting.before?.test(before) === true ||
        setting.before?.test(named) === true ||
        setting.after?.test(after) === true,
    )?.[0]
    if (size === undefined) continue
    const value = Number(match[0])
    if (size === 'dropout' ? value <= 0 || value >= 1 : !Number.isInteger(value) || value < 1) continue
    found.push({ size, value, text: match[0] })
  }
  return found
}

/** Whether a setting is a size of a network. */
export function isArchitecture(setting: string): boolean {
  return architectureSizes.some((size) => size === setting)
}
