import type { CodeFile, CodeNode } from './code.ts'
import { isChanceScope, isDisturbance, metricTier, nameWords, type MetricTier } from './metric-names.ts'

/** A number of at least two telling digits that stands in code where a result would. */
export interface LiteralSite {
  readonly node: CodeNode
  /** From 1; within a text of several lines, the number's own. */
  readonly line: number
  /** As written, with its sign. */
  readonly text: string
  readonly value: number
  /** What it is kept under, the outermost first: variable, keys, argument. */
  readonly names: readonly string[]
  readonly kind: 'value' | 'return' | 'plot' | 'row' | 'print'
  /** Of the innermost name that says; null where none does. */
  readonly tier: MetricTier | null
  /** The constant is all that the name holds: no list, no table. */
  readonly isAlone: boolean
  /** Within a list, as records of data are. */
  readonly isListed: boolean
  readonly scopes: readonly string[]
  readonly isFallback: boolean
  /** In a function that no code names: it never ran. */
  readonly isUnused: boolean
  /** One of several outcomes of a condition, as rules of thumb have them. */
  readonly isBranch: boolean
  /** Said to be someone else's number: published, cited, expected. */
  readonly isReference: boolean
  /** Belongs to settings, data or a simulated world. */
  readonly isSetting: boolean
}

/** Where in a file a number stands. */
export interface At {
  readonly names: readonly string[]
  readonly kind: 'value' | 'return' | 'plot'
  /** Whether a number here is kept as it stands. */
  readonly isKept: boolean
  readonly isAlone: boolean
  /** Within a list, as records of data are. */
  readonly isListed: boolean
  readonly isFallback: boolean
  readonly isUnused: boolean
  readonly isBranch: boolean
  readonly scopes: readonly string[]
}

const referenceWords =
  /\b(?:et al|arxiv|published|reported (?:in|by)|from the (?:original )?paper|cited|citation|literature|official|leaderboard|prior work|ground truth|expected)\b|\((?:19|20)\d\d\)/i
const referenceNames = new Set(
  'reference published reported human sota literature expected paper prior cited gold truth true'.split(' '),
)
const settingNames = new Set(
  'config cfg params parameters settings hparams hyperparameters args options defaults constants weights rates probs probabilities prob probability palette style figsize rcparams'.split(
    ' ',
  ),
)

/** What a number's names, its surroundings and its comment say of it. */
export function describe(
  at: At,
  line: number,
  file: CodeFile,
): Pick<
  LiteralSite,
  'names' | 'tier' | 'scopes' | 'isFallback' | 'isUnused' | 'isBranch' | 'isListed' | 'isReference' | 'isSetting'
> {
  const words = at.names.flatMap(nameWords)
  const { lines, path } = file
  const near = [lines[line - 2] ?? '', lines[line - 1] ?? ''].map((text) => text.slice(0, 500))
  const comment = [
    near[0]?.trimStart().startsWith('#') ? near[0] : '',
    near[1]?.includes('#') ? near[1].slice(near[1].indexOf('#')) : '',
  ].join(' ')
  const tier = tierOf(at.names)
  const isConfig = /(?:^|[/_])(?:config|settings|params|constants)\.py$/.test(path)
  return {
    names: at.names,
    tier,
    scopes: at.scopes,
    isFallback: at.isFallback,
    isUnused: at.isUnused,
    isBranch: at.isBranch,
    isListed: at.isListed,
    isReference: referenceWords.test(comment) || words.some((word) => referenceNames.has(word)),
    isSetting:
      isConfig ||
      words.some((word) => settingNames.has(word)) ||
      isChanceScope(at.scopes) ||
      at.names.some(isDisturbance),
  }
}

/** The innermost name that stands for a result; a setting among the names says that none does. */
function tierOf(names: readonly string[]): MetricTier | null {
  for (const name of names.toReversed()) {
    const keys = [...name.matchAll(/\[f?["']([^"']{1,80})["']\]/g)].map((match) => match[1] ?? '')
    for (const part of [
      ...keys.toReversed(),
      name.includes('.') && keys.length === 0 ? name.slice(name.lastIndexOf('.') + 1) : name,
    ]) {
      const tier = metricTier(part)
      if (tier !== null) return tier
    }
  }
  return null
}
