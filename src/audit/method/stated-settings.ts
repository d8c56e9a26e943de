import { sectionKind } from '../claims/section-kind.ts'
import type { Claim } from '../claims/claim.ts'
import type { AuditFacts } from '../facts.ts'
import { isHedged } from './method-text.ts'
import { type Setting, settings } from './setting-names.ts'

/** A setting as a document states it. */
export interface StatedSetting {
  readonly setting: string
  readonly claim: Claim
  readonly quote: string
}

/** In front of a number: one of several, one end of a range, or a part of the work only. */
const variedBefore =
  /\b(?:ranging|ranges?|between|from|vary|varied|varying|sweep|swept|grid|search|tuned|tuning|per[- ](?:device|gpu)|effective|up to|at most|maximum of|at least|initial(?:ly)?|first|last|final|either|until|after|every|eval\w*|interval|patience)\b|\\in\b|∈|[{[]\s*\d[^\]}]*,/i
/** Behind it. */
const variedAfter =
  /^[\s$]{0,4}(?:,\s?(?:\d|or\b|and \d)|(?:or|and|to|versus|vs\.?|–|-|—|\/)\s?\$?\d|\}?\]|[\w\s]{0,20}\b(?:each|per|respectively|apiece)\b)/i
/** A number with its unit states a setting where one of these stands in front of it. */
const introduces =
  /(?:\btrain(?:ed|ing|s)?|\bover|\bfor|\bruns?|\bran|\btotal of|\bwith|\busing|\bof|\bcontain(?:s|ing)|\bcompris(?:es|ing)|\bhas|\bhave|\binclud(?:es|ing)|\bsimulated?|\bacross|\buse|\bused|:)\s{0,3}(?:an?\s|only\s|\*{1,2}|\$)?$/i
const longestBefore = 70
const longestAfter = 40

/** Settings that a document states in its set-up, by setting and document; a sentence that states several values or speaks of plans states none. */
export function statedSettings({ documents, subject }: AuditFacts): readonly StatedSetting[] {
  return documents.flatMap(({ path, claims, tables }) => {
    const text = subject.documents.find((document) => document.path === path)?.text ?? ''
    return claims.flatMap((claim): StatedSetting[] => {
      if (claim.number.isSpread || claim.number.isApproximate || claim.number.unit !== null) return []
      if (/^[\s$]{0,2}[⁰¹²³⁴-⁹⁻^kKM]/u.test(text.slice(claim.end, claim.end + 3))) return []
      const { where } = claim
      if (where.kind === 'cell') {
        const table = tables[where.table]
        const cells = table?.rows[where.row]?.cells ?? []
        if (table?.isSetup !== true || where.column !== 1 || cells.length !== 2) return []
        if (!/^\D{0,4}[\d.,eE+−-]{1,20}\D{0,12}$/u.test(cells[1] ?? '')) return []
        const setting = settings.find(({ label }) => label.test((cells[0] ?? '').slice(0, 80)))
        return setting === undefined ? [] : [{ setting: setting.name, claim, quote: cells.join(' | ') }]
      }
      if (sectionKind(claim.section) !== 'setup') return []
      const sentence = where.sentence
      if (sentence.length > 1_000 || isHedged(sentence)) return []
      const setting = readSetting(text, claim)
      if (setting === null) return []
      const before = text.slice(Math.max(0, claim.start - 40), claim.start)
      if (isVaried(before, text.slice(claim.end, claim.end + longestAfter))) return []
      return [{ setting: setting.name, claim, quote: sentence }]
    })
  })
}

/** Whether the words around a number say that it is one of several values, an end of a range, or a part of the work only. */
export function isVaried(before: string, after: string): boolean {
  return variedBefore.test(before) || variedAfter.test(after)
}

function readSetting(text: string, claim: Claim): Setting | null {
  const before = text.slice(Math.max(0, claim.start - longestBefore), claim.start)
  const after = text.slice(claim.end, claim.end + longestAfter)
  return (
    settings.find((setting) => setting.before?.test(before) === true) ??
    (introduces.test(before) ? settings.find((setting) => setting.after?.test(after) === true) : undefined) ??
    null
  )
}
