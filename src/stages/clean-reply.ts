export interface CleanedReply {
  readonly text: string
  /** What was taken off, as it was: the pieces and the text are the whole reply. */
  readonly stripped: { readonly kind: 'preamble' | 'fence'; readonly text: string }[]
}

/** Openings of sentences that talk to the user about the answer instead of being it. */
const chattyOpening =
  /^(?:sure|okay|ok|certainly|absolutely|of course|great|alright|here(?:'|’)?s|here (?:is|are)|below (?:is|are)|this is (?:a|the|my)|i(?:'|’)ll|i will|i have|i(?:'|’)ve|let me|let(?:'|’)s|as requested|based on|thank you)\b/i
const longestPreamble = 1_500

/**
 * Takes off what is not part of the artefact: a code fence around the whole reply, and a chatty preamble before its title.
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
  const fenced = /^(\s*(```+|~~~+)[ \t]*(?:markdown|md|text)?[ \t]*\r?\n)([\s\S]*?)(\r?\n?\2[ \t]*\s*)$/i.exec(text)
  if (fenced?.[3] !== undefined && fenced[1] !== undefined && fenced[4] !== undefined && !hasOpenFence(fenced[3])) {
    stripped.push({ kind: 'fence', text: fenced[1] }, { kind: 'fence', text: fenced[4] })
    text = fenced[3]
  }
  return { text, stripped }
}

/** Length of the chatty opening: everything before the first title, when it starts like talk and stays short. */
function findPreamble(text: string): number {
  const title = /^(?:#{1,6}[ \t]|\*\*[^*\n]|```+|~~~+|(?:\*\*)?title\b)/im.exec(text)
  if (title === null || title.index === 0 || title.index > longestPreamble) return 0
  const opening = text.slice(0, title.index).trim()
  if (opening === '') return 0
  return chattyOpening.test(opening) || opening.endsWith(':') ? title.index : 0
}

/** Blocks inside leave an even number of fences; an odd one means that the outer fence is not one pair. */
function hasOpenFence(text: string): boolean {
  return (text.match(/^\s*(?:```|~~~)/gm) ?? []).length % 2 === 1
}
