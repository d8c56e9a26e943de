import type { AuditFile } from '../subject/subject.ts'

/** Whether a text came off printed pages: named so, or without the marks of Markdown and LaTeX and with headings or margins as pages have them. */
export function isPrinted({ path, text }: AuditFile): boolean {
  if (/\.pdf(?:\.txt)?$/i.test(path)) return true
  if (/\.(?:tex|ltx|html?|json|csv)$/i.test(path)) return false
  const seen = text.slice(0, mostCharacters)
  if (
    /^ {0,3}#{1,6} |^ {0,3}(?:```|~~~)|^[ \t]*\|.*\||\*\*[^*\n]{1,80}\*\*|\\[A-Za-z]{2,20}|\$[^$\n]{1,80}\$|!?\[[^\]\n]{0,80}\]\(|<\/?(?:table|div|p)>/m.test(
      seen,
    )
  )
    return false
  const numbered = seen.match(/^[\f \t]*(?:\d{3,4} +)?\d{1,2}\.? +\p{Lu} ?\p{L}[\p{L} :,-]{2,60}$/gmu)?.length ?? 0
  const named = seen.match(/^[\f \t]*(?:\d{3,4} +)?(?:a ?bstract|r ?eferences)[ \t]*$/gim)?.length ?? 0
  return numbered >= 2 && named >= 1
}

const mostCharacters = 200_000
