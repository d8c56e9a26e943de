/** A line with every number as `#` and blanks folded: what two lines of one print statement share. */
export function lineShape(message: string): string {
  return message
    .slice(0, 1_000)
    .replace(/\d+(?:\.\d+)?/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Words of three letters and more, in lower case; names with underscores are split. */
export function lineWords(message: string): string[] {
  return (
    message
      .slice(0, 1_000)
      .toLowerCase()
      .match(/[a-z]{3,}/g) ?? []
  )
}
