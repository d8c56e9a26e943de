import type { PrintedLine } from './printed-lines.ts'
import { headingKind } from './section-kind.ts'

export interface PrintedHeading {
  readonly level: number
  readonly title: string
}

/** What of the document stands above a line. */
export interface HeadingContext {
  /** Number of the last section of the highest level, 0 before the first. */
  readonly section: number
  /** Whether the references lie behind: sections of an appendix have letters. */
  readonly isAppendix: boolean
  /** Whether the line above ends a sentence, or is none. */
  readonly isAtEnd: boolean
}

/** A heading that is a line of its own: `5 RESULTS`, `4.2 Ablation Studies`, `REFERENCES`, `Appendix A`, in small capitals or not. */
export function readPrintedHeading(line: PrintedLine, context: HeadingContext): PrintedHeading | null {
  if (line.text.length > 140 || !context.isAtEnd) return null
  const written = joinSmallCapitals(line.text).replace(/\s+/g, ' ')
  const numbered = /^(\d{1,2}(?:\.\d{1,2}){0,3})\.? (\p{Lu}.{1,110})$/u.exec(written)
  if (numbered !== null) {
    const [, number = '', name = ''] = numbered
    const parts = number.split('.')
    const top = Number(parts[0])
    const isNext =
      parts.length === 1 ? top > context.section && top <= context.section + 2 : Math.abs(top - context.section) <= 1
    return isNext && looksLikeTitle(name, line.isApart) ? { level: parts.length + 1, title: `${number} ${name}` } : null
  }
  const lettered = /^(?:appendix )?([A-H])((?:\.\d{1,2}){0,3})[.:]? (\p{Lu}.{1,110})$/iu.exec(written)
  if (context.isAppendix && lettered !== null && looksLikeTitle(lettered[3] ?? '', line.isApart))
    return { level: (lettered[2] ?? '').split('.').length + 1, title: lettered[3] ?? '' }
  if (/^appendix(?: [A-H])?$/i.test(written) || usual.test(written)) return { level: 2, title: written }
  return line.isApart && isUpper(written) && headingKind(written) !== null ? { level: 2, title: written } : null
}

const usual =
  /^(?:abstract|introduction|related work|background|methods?|methodology|experiments?|experiment(?:al)? (?:set-?up|results|settings?|evaluation)|evaluation|results|results and (?:discussion|analysis)|analysis|discussion|conclusions?|conclusions? and future work|limitations|future work|references|bibliography|acknowledge?ments|supplementary material|(?:[ivx]{1,5}\. )\p{Lu}[\p{L} -]{3,60})$/iu

/** `R ESULTS` as fonts with small capitals come out. */
export function joinSmallCapitals(written: string): string {
  return written.replace(/(?<![\p{L}\d])(\p{Lu}) (?=\p{Lu}{2}|\p{Lu} -\p{Lu})/gu, '$1').replace(/ -(?=\p{Lu})/gu, '-')
}

function isUpper(written: string): boolean {
  return /\p{Lu}{4}/u.test(written) && !/\p{Ll}{2}/u.test(written)
}

/** Capitals, the name of a usual section, or a short line apart whose words begin with capitals. */
function looksLikeTitle(name: string, isApart: boolean): boolean {
  if (/[.,;]$/.test(name) || /\d\.\d|%|±/.test(name)) return false
  if (isUpper(name)) return true
  const words = name.split(' ')
  if (words.length > 12) return false
  if (words.length <= 6 && headingKind(name) !== null) return true
  return isApart || words.every((word) => word.length < 5 || /^[^\p{Ll}]/u.test(word))
}
