export interface CleanedReply {
  readonly text: string
  /** What was taken off, as it was: the first pieces before the text, a fence's end behind it; together they are the whole reply. */
  readonly stripped: { readonly kind: 'preamble' | 'fence'; readonly text: string }[]
}

/**
 * Takes off what is not part of the artefact: a chatty preamble before its title, and a code fence around the whole of it.
 * Anything less clear-cut stays, so that no model's own words are lost.
 */
export function cleanReply(reply: string): CleanedReply {
  const stripped: CleanedReply['stripped'] = []
  let text = reply
  const preamble = findPreamble(text)
  if (preamble > 0) {
    stripped.push({ kind: 'preamble', text: text.slice(0, preamble) })
    text = text.slice(preamble)
  }
  const fence = findFence(text)
  if (fence !== null) {
    const { start, end } = fence
    stripped.push({ kind: 'fence', text: text.slice(0, start) }, { kind: 'fence', text: text.slice(end) })
    text = text.slice(start, end)
  }
  return { text, stripped }
}

/** Openings of sentences that talk to the user about the answer instead of being it. */
const chattyOpening =
  /^(?:(?:sure|okay|ok|certainly|absolutely|of course|great|alright|thank you)(?=[\s,.!:–—-]+(?:here|below|i|let|this|the|for|based|\p{P}|$))|here(?:['’]s| is| are)|below (?:is|are)|i['’]ll|i will|i have|i['’]ve|let me|as requested|based on (?:the|your)(?: \w+)? (?:provided|given|task|idea|inputs?|information|requirements|materials?))\b/iu
const longestParagraph = 500

/** A line an artefact may begin with: heading, bold text, fence, numbered item, title, LaTeX command. */
const beginning = /^(?:#{1,6}[ \t]|\*\*\S|```|~~~|\d+\.[ \t]|title\b|\\[a-z]+)/i
const rule = /^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$/

/** Length of the opening that only talks about what follows it: chatty paragraphs, and rules, up to the artefact's beginning. */
function findPreamble(text: string): number {
  let paragraph = ''
  let chatty = false
  let position = 0
  for (const line of text.split('\n')) {
    const words = line.trim()
    const begins = beginning.test(line) && !rule.test(line)
    if (paragraph !== '' && (begins || words === '' || rule.test(line))) {
      if (!isChatty(paragraph)) return 0
      chatty = true
      paragraph = ''
    }
    if (begins) return chatty ? position : 0
    if (!rule.test(line)) paragraph = `${paragraph} ${words}`.trim()
    position += line.length + 1
  }
  return 0
}

function isChatty(paragraph: string): boolean {
  if (paragraph.length > longestParagraph || !chattyOpening.test(paragraph)) return false
  // "here is the idea: we train …" has begun to say it; a colon inside a quoted title does not count
  return !/:\s*\S/.test(paragraph.replaceAll(/["“][^"”]*["”]/g, ''))
}

/** Where the text inside a fence around the whole reply starts and ends. */
function findFence(text: string): { start: number; end: number } | null {
  const [opener = '', fence = ''] =
    /^\s*(`{3,}|~{3,})[ \t]*(?:markdown|md|text|plaintext|latex|tex)?[ \t]*\r?\n/i.exec(text) ?? []
  if (opener === '') return null
  const start = opener.length
  const body = text.slice(start)
  const closer = /(?:^|\r?\n)[ \t]*(`{3,}|~{3,})\s*$/.exec(body)
  if (closer?.[1]?.startsWith(fence) !== true) return null
  return isOneBlock(body.slice(0, closer.index), fence) ? { start, end: start + closer.index } : null
}

/** Whether every fence inside belongs to a block inside: a bare one while none is open would end the outer block. */
function isOneBlock(inner: string, fence: string): boolean {
  let open = false
  for (const line of inner.split('\n')) {
    const words = line.trim()
    if (!words.startsWith(fence)) continue
    const bare = new Set(words).size === 1
    if (bare && !open) return false
    open = !bare
  }
  return !open
}
