/**
 * Draws rows within lines, the first row as the head.
 * @param rows equally many cells in each; a cell may have several lines
 * @param toRight of each column, whether its cells stand to the right
 */
export function drawTable(rows: readonly (readonly string[])[], toRight: readonly boolean[]): string {
  const [head = [], ...body] = rows.map((row) => row.map((cell) => cell.split('\n').map(measure)))
  const widths = toRight.map((_, column) => {
    let width = 0
    for (const row of [head, ...body]) for (const line of row[column] ?? []) width = Math.max(width, line.width)
    return width
  })
  const rule = ([left, between, right]: readonly [string, string, string]): string =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(between)}${right}`
  const draw = (row: Measured[][]): string[] =>
    Array.from({ length: Math.max(...row.map(({ length }) => length)) }, (_, line) => {
      const cells = row.map((lines, column) => {
        const { text, width } = lines[line] ?? { text: '', width: 0 }
        const padding = ' '.repeat((widths[column] ?? 0) - width)
        return toRight[column] === true ? `${padding}${text}` : `${text}${padding}`
      })
      return `│ ${cells.join(' │ ')} │`
    })
  return [
    rule(['┌', '┬', '┐']),
    ...draw(head),
    rule(['├', '┼', '┤']),
    ...body.flatMap(draw),
    rule(['└', '┴', '┘']),
  ].join('\n')
}

interface Measured {
  readonly text: string
  readonly width: number
}

const measure = (text: string): Measured => ({ text, width: widthOf(text) })

/** Columns of a terminal that a text without control codes takes up: two for East Asian characters and emoji, none for what joins onto others. */
function widthOf(text: string): number {
  if (plainCharacters.test(text)) return text.length
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text))
    width += wide.test(segment) ? 2 : joining.test(segment) ? 0 : 1
  return width
}

/** Latin, Greek, Cyrillic, dashes and quotation marks, arrows, mathematical signs: one column, one code unit. */
const plainCharacters = /^[\u0020-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u2199\u2200-\u22ff]*$/
const wide =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u
const joining = /^[\p{Mark}\p{Format}]+$/u
