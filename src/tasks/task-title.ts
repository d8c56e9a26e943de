const titleCharacters = 120
/** Characters without width or visible form that some texts carry: they stay in the text but not in a title. */
const invisible = /[\u200B-\u200F\u2060\uFEFF]/g

/** True when a text has anything a reader could see. */
export function hasVisibleText(text: string): boolean {
  return text.replace(invisible, '').trim() !== ''
}

/**
 * The first Markdown heading of any level outside code blocks, else the first line that is not empty; cut to 120
 * code points. Null when the text is empty.
 */
export function titleOf(text: string): string | null {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.replace(invisible, '').trim())
  let inCode = false
  for (const line of lines) {
    if (/^(```|~~~)/.test(line)) inCode = !inCode
    const heading = inCode ? null : /^#{1,6}\s+(.*)$/.exec(line)
    const title = plain(heading?.[1] ?? '')
    if (title !== '') return cut(title)
  }
  const firstLine = lines.find((line) => line !== '')
  return firstLine === undefined ? null : cut(firstLine)
}

/** A heading without closing number signs and enclosing emphasis. */
function plain(heading: string): string {
  return heading
    .replace(/\s+#+$/, '')
    .replace(/^(\*\*|__)(.*)\1$/, '$2')
    .trim()
}

function cut(title: string): string {
  const characters = Array.from(title)
  return characters.length > titleCharacters ? `${characters.slice(0, titleCharacters - 1).join('')}…` : title
}
