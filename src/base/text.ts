/** Keeps head and tail of a text within a number of UTF-8 bytes, and says in between how much is left out. */
export function cutMiddle(text: string, maxBytes: number): { text: string; cut: boolean } {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return { text, cut: false }
  const half = Math.floor(maxBytes / 2)
  // a character split by the cut is dropped rather than shown as a replacement mark
  const head = bytes.subarray(0, half).toString('utf8').replace(/�$/, '')
  const tail = bytes
    .subarray(bytes.length - half)
    .toString('utf8')
    .replace(/^�+/, '')
  return { text: `${head}\n[… ${bytes.length - 2 * half} bytes left out …]\n${tail}`, cut: true }
}

/** A Markdown code block whose fence is longer than any run of backticks inside, so that the text cannot end it. */
export function fenceBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
