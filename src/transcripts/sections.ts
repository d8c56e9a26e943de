export interface Sections {
  add(section: string): void
  /** @returns the text, and how many sections of its middle are missing */
  join(): { readonly markdown: string; readonly left: number }
}

/**
 * Keeps the beginning and the end of a text that grows section by section: how a long session began, and how it ended.
 * @param mostBytes of both together, half each; a section is kept whole or not at all, but for the last, which always stays
 */
export function keepSections(mostBytes: number): Sections {
  const head: string[] = []
  let tail: { readonly text: string; readonly bytes: number }[] = []
  let [headBytes, tailBytes, first, left] = [0, 0, 0, 0]
  return {
    add(text) {
      const bytes = Buffer.byteLength(text)
      if (tail.length === 0 && headBytes + bytes <= mostBytes / 2) {
        head.push(text)
        headBytes += bytes
        return
      }
      tail.push({ text, bytes })
      tailBytes += bytes
      while (tailBytes > mostBytes / 2 && first < tail.length - 1) {
        tailBytes -= tail[first]?.bytes ?? 0
        tail[first] = { text: '', bytes: 0 }
        first += 1
        left += 1
      }
      if (first <= tail.length / 2) return
      tail = tail.slice(first)
      first = 0
    },
    join() {
      const gap = left === 0 ? [] : [`(${left} sections are left out here)`]
      const all = [...head, ...gap, ...tail.slice(first).map(({ text }) => text)]
      return { markdown: all.length === 0 ? '' : `${all.join('\n\n')}\n`, left }
    },
  }
}
