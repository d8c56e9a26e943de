/** A text that a judge was shown, of a file that may be longer. */
export interface ShownText {
  /** Of the file, relative to the trial or to the experiment's workspace. */
  readonly path: string
  readonly text: string
  /** The line of the file, from 1, that a place in the text stands in. */
  readonly lineAt: (offset: number) => number
}

/** @param of.whole what `text` is the head and the tail of, or the same */
export function showText(text: string, of: { path: string; whole: string }): ShownText {
  const starts = lineStarts(text)
  // lines behind the cut are counted from the end, where both texts are the same
  const headLength = text === of.whole ? text.length : commonPrefix(text, of.whole)
  const missing = text === of.whole ? 0 : lineStarts(of.whole).length - starts.length
  return {
    path: of.path,
    text,
    lineAt: (offset) => lineOf(starts, offset) + (offset > headLength ? missing : 0),
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function commonPrefix(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}
