import type { DocumentLine } from './document-lines.ts'
import { plainText } from './plain-text.ts'
import { headingKind } from './section-kind.ts'

export interface HeadingLine {
  /** 1 to 6; 0 for a title that calls itself one. */
  readonly level: number
  readonly title: string
  /** Index of the line behind it. */
  readonly next: number
}

/**
 * A heading that begins with this line: `# …`, underlined, a bold line of its own, or, as papers without marks have them, a line
 * that is only a number and a name (`5. Experiment Results`) or the name of a usual section.
 * @param place `isAlone`: no paragraph is open above the line
 */
export function readHeading(
  text: string,
  place: { lines: readonly DocumentLine[]; index: number; isAlone: boolean },
): HeadingLine | null {
  const { lines, index, isAlone } = place
  const line = lines[index]
  if (line === undefined || line.end - line.start > 400) return null
  const written = text
    .slice(line.start, line.end)
    .replace(/^[ \t>]+/, '')
    .trimEnd()
  const marked = /^(#{1,6})[ \t]*(?![#\d])(.{1,300})$|^(#{1,6})[ \t]+(.{1,300})$/.exec(written)
  if (marked !== null) {
    const title = plainText((marked[2] ?? marked[4] ?? '').replace(/[ \t]+#+$/, ''))
    return { level: (marked[1] ?? marked[3] ?? '#').length, title, next: index + 1 }
  }
  if (!isAlone) return null
  const titled = /^(?:\*\*)?Title:?(?:\*\*)?:? +\S/i.exec(written)
  if (titled !== null && written.length < 300)
    return { level: 0, title: plainText(written.replace(/^\W*title\W+/i, '')), next: index + 1 }
  const below = lines[index + 1]
  if (below !== undefined && below.end - below.start <= 200) {
    const underline = text.slice(below.start, below.end).trim()
    if (/^={3,}$/.test(underline)) return { level: 1, title: plainText(written), next: index + 2 }
    if (/^-{3,}$/.test(underline) && written.length < 100 && !/[.:|]$/.test(written))
      return { level: 2, title: plainText(written), next: index + 2 }
  }
  return readUnmarked(written, {
    index,
    isFollowedByBlank:
      below === undefined || text.slice(below.start, Math.min(below.end, below.start + 40)).trim() === '',
  })
}

/** Whether the paragraph that begins with this line calls itself the abstract: `**Abstract.** We …`. */
export function beginsAbstract(text: string, line: DocumentLine): boolean {
  return /^[ \t>]{0,10}[*_]{0,3}abstract[*_]{0,3}\s?[.:—–-][*_]{0,3}\s/i.test(
    text.slice(line.start, Math.min(line.end, line.start + 40)),
  )
}

function readUnmarked(written: string, place: { index: number; isFollowedByBlank: boolean }): HeadingLine | null {
  if (written.length > 120) return null
  const bold = /^(?:\*\*|__)([^*_]{2,100})(?:\*\*|__):?$/.exec(written)
  const title = plainText(bold?.[1] ?? written).replace(/:$/, '')
  if (/^(?:table|figure|fig\.|algorithm|listing)\b/i.test(title) || (bold === null && /[.!?:;,]$/.test(title)))
    return null
  const numbered = /^((?:\d{1,2}\.){0,3}\d{1,2})[.)]?[ \t]+(\p{Lu}.{1,80})$/u.exec(title)
  const next = place.index + 1
  if (numbered !== null) {
    const depth = (numbered[1] ?? '').split('.').length
    // a numbered line may be an item of a list: only names of sections and numbers with a point are headings
    if (bold !== null || depth > 1 || headingKind(numbered[2] ?? '') !== null) return { level: depth + 1, title, next }
    return null
  }
  if (bold !== null)
    return headingKind(title) === null ? { level: 6, title, next } : { level: isUsual(title) ? 2 : 5, title, next }
  return isUsual(title) ? { level: 2, title, next } : null
}

/** Names that alone on a line are headings without any mark. */
function isUsual(title: string): boolean {
  return /^(?:abstract|introduction|related work|background|methods?|methodology|experiments?|experiment(?:al)? (?:set-?up|results|settings?|evaluation)|evaluation|results|results and (?:discussion|analysis)|analysis|discussion|conclusions?|conclusions? and future work|limitations|future work|references|bibliography|acknowledge?ments|appendix|contributions|ablation (?:study|studies))$/i.test(
    title,
  )
}
