import type { ScannedNumber } from '../numbers/scan-numbers.ts'
import type { SectionKind } from './section-kind.ts'
import { bareLabel } from './table-shape.ts'
import { countLabel, countWords, metricWords, settingBefore, settingWords } from './vocabulary.ts'

export type ClaimRole = 'result' | 'setup' | 'other'

/** Digits enough to say where a number comes from: two significant ones and a decimal, or three, and none of the values that stand everywhere. */
export function isInformative(number: ScannedNumber): boolean {
  if (everywhere.has(Math.abs(number.value))) return false
  return number.significant >= 3 || (number.significant >= 2 && number.decimals >= 1)
}

const everywhere = new Set([0, 1, 5, 10, 50, 100, 0.5])

/** What a sentence says about all its numbers. */
export interface SentenceNature {
  readonly text: string
  readonly isOthers: boolean
  readonly isOwn: boolean
  readonly isHoped: boolean
  readonly namesMetric: boolean
  readonly namesSetting: boolean
}

/** @param written the sentence as it stands, citations among it; @param labels words of the document's own tables of results */
export function sentenceNature(written: string, labels: ReadonlySet<string>): SentenceNature {
  return {
    text: written,
    isOthers: citation.test(written),
    isOwn: own.test(written),
    isHoped: hope.test(written),
    namesMetric: metricWords.test(written) || namesLabel(written, labels),
    namesSetting: settingWords.test(written),
  }
}

const citation =
  /\bet al\b|\\[a-z]{0,6}cite|\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,10}\](?!\()|\((?:e\.g\.,? |see )?\p{Lu}[^()\n]{1,100},? (?:19|20)\d\d[a-z]?[);]|\barXiv\b/u
const own =
  /\b(?:we|our|ours|us|proposed|this (?:work|paper|study)|the (?:method|approach|framework|system))\b|\b(?:table|figure|fig\.)\s?\d/i
/** What contributions are listed with. */
const ownWork =
  /\b(?:empirical(?:ly)?|(?:extensive|comprehensive|our|in) experiments|experiments? (?:show|demonstrat|confirm)|demonstrat(?:e|es|ing|ion))\b/i
const hope =
  /\b(?:expect(?:s|ed)? to|is expected|are expected|we expect|hypothesi[sz]ed?|aim(?:s|ed)? (?:to|for|at)|target(?:s|ed)? (?:of|is)|goal (?:of|is)|we plan|would need|could (?:reach|achieve|yield|improve|reduce)|may (?:reach|achieve)|in future work|for example, (?:if|a)|suppose|assume)\b/i

function namesLabel(written: string, labels: ReadonlySet<string>): boolean {
  if (labels.size === 0) return false
  for (const [word] of written.toLowerCase().matchAll(/[\p{L}][\p{L}\d]{2,}/gu)) if (labels.has(word)) return true
  return false
}

/** The role of a number in running text. */
export function proseRole(
  number: ScannedNumber,
  place: { kind: SectionKind | null; tellsLimits: boolean; sentence: SentenceNature; before: string; after: string },
): ClaimRole {
  const { kind, sentence, before, after } = place
  if (kind === 'related' || kind === 'references' || (kind === 'outlook' && !place.tellsLimits)) return 'other'
  if (isDefinition(before, after)) return 'other'
  const isSetting = followsSetting(before)
  const isCount =
    number.unit === null &&
    countWords.test(after) &&
    (number.decimals <= 0 || /^[\s*_$`})-]{0,4}(?:\w+[- ])?(?:param|layer|gpu)/i.test(after))
  if (kind === 'setup') return isSetting || isCount || sentence.namesSetting ? 'setup' : 'other'
  if (isSetting) return 'setup'
  if (isCount) return 'setup'
  if (sentence.isHoped) return 'other'
  if (sentence.isOthers && !(sentence.isOwn && (kind === 'result' || kind === 'abstract'))) return 'other'
  const isResult = kind === 'result' || kind === 'abstract'
  const isMeasured = number.unit !== null || isPlainDecimal(number, { sentence, isResult }) || measureUnits.test(after)
  if (!isMeasured) return 'other'
  if (isResult) return 'result'
  return (sentence.isOwn || ownWork.test(sentence.text)) && sentence.namesMetric ? 'result' : 'other'
}

/** Coefficients of agreement carry the letters of settings. */
function followsSetting(before: string): boolean {
  return (
    settingBefore.test(before) &&
    !/\b(?:cronbach|krippendorff|kendall|fleiss|spearman|pearson|cohen|correlation)/i.test(before)
  )
}

const measureUnits =
  /^[\s*_$`})~]{0,4}(?:ms|milliseconds?|tokens?\/s\w*|tokens? per second|samples?\/s\w*|it\/s|MB|MiB|fps)\b(?! of RAM)/i

/** A decimal that a metric is named beside, or, among results, that no setting is named beside. */
function isPlainDecimal(
  number: ScannedNumber,
  { sentence, isResult }: { sentence: SentenceNature; isResult: boolean },
): boolean {
  return number.decimals >= 1 && (sentence.namesMetric || (isResult && !sentence.namesSetting))
}

/** Levels of confidence, bounds of scales, and limits that a test is held against. */
function isDefinition(before: string, after: string): boolean {
  if (/^[\s\\%*_$`})-]{0,6}(?:confidence|CIs?\b|credible|bootstrap)/i.test(after)) return true
  if (/\b(?:scale|scaled|scores? range|likert|ranging|normali[sz]ed)\b[^.]{0,24}$/i.test(before)) return true
  return /\b(?:confidence|significance)\b[^.]{0,12}(?:level|at|α|\\alpha)[^.]{0,10}$/i.test(before)
}

/** The role of a number in a cell that holds values. */
export function cellRole(
  number: ScannedNumber,
  place: {
    kind: SectionKind | null
    isSetup: boolean
    rowLabel: string
    columnLabel: string
    before: string
    after: string
  },
): ClaimRole {
  const { kind, isSetup } = place
  if (kind === 'related' || kind === 'references') return 'other'
  const row = bareLabel(place.rowLabel)
  const column = bareLabel(place.columnLabel)
  if (isSetup) return isMetric(row) || isMetric(column) ? 'result' : 'setup'
  if (countLabel.test(column) || isCountRow(row)) return 'setup'
  if (isSettingLabel(column) || isSettingLabel(row)) return 'setup'
  if (place.before !== '' && followsSetting(place.before)) return 'setup'
  if (/^[\s\\%]{0,3}(?:confidence|CI\b)/i.test(place.after)) return 'other'
  return 'result'
}

/** `Epochs | 3 | 3`, and not `Epoch 3 | 0.91 | 0.92`. */
function isCountRow(label: string): boolean {
  return !/\d/.test(label) && countLabel.test(label)
}

function isMetric(label: string): boolean {
  return metricWords.test(label) && !settingWords.test(label) && !countLabel.test(label)
}

/** A label that is a setting and nothing else. */
function isSettingLabel(label: string): boolean {
  return /^(?:learning[- ]?rate|lr|batch(?:[- ]?size)?|weight[- ]?decay|drop-?out(?: rate)?|temperature|threshold|warm-?up(?: steps| ratio)?|momentum|optimi[sz]er|seed|top[- ]?[pk]|(?:hidden|embedding)[- ](?:size|dim\w{0,8})|[λαβγτη]|lambda|alpha|beta|gamma|tau|discount(?: factor)?)$/i.test(
    label,
  )
}
