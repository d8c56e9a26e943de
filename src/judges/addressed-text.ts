import { extname } from 'node:path'
import { oneLine } from '../base/text.ts'
import type { AddressedText } from '../schema/review.ts'
import { forgeryRules } from './addressed-forgeries.ts'
import { requestRules } from './addressed-requests.ts'
import type { AddressedRule } from './addressed-rule.ts'
import { type FoldedText, foldText, invisible } from './fold-text.ts'
import { findHiddenText, type HiddenText } from './hidden-text.ts'
import type { ShownText } from './shown-text.ts'

/** Of several that fit one passage, the first gives it its name. */
export const addressedRules: readonly AddressedRule[] = [...requestRules, ...forgeryRules]

/** Characters around what a rule anchors on that its other patterns may stand in. */
const reach = 260
const longestQuote = 300
/** More of them in one text say nothing new. */
const mostPerText = 20
/** Ranges of marks, as prompts give them: `from 1 to 10` asks for no 10. */
const markRange =
  /\b(?:[01]|one|zero)(?:\.0)? ?(?:-{1,2}|to|and|through|up to|\.\.\.?) ?(?:10|ten|5|100)\b(?! ?\/)|\b(?:1-5|1-10|0-10|scale of (?:10|ten)|out of (?:a )?(?:possible )?10 ?:)/g

/**
 * Passages of the material that ask something of whoever reviews it, whatever hides them: comments, styles, characters without
 * width, letters of other alphabets, Base64. Found by fixed rules, so the same material gives the same passages. It is a
 * hint to whoever reads the review: it misses what no rule describes.
 */
export function findAddressedText(material: readonly ShownText[]): AddressedText[] {
  return material.flatMap(findInText)
}

function findInText(shown: ShownText): AddressedText[] {
  const { path, text } = shown
  const hidden = findHiddenText(text)
  const found: AddressedText[] = []
  const seen = new Set<string>()
  const report = (rule: string, offset: number, of: { place: AddressedText['place']; quote: string }): void => {
    const line = shown.lineAt(offset)
    // one passage mostly fits several rules: the first of them speaks for it
    if (found.length >= mostPerText || seen.has(`${line} ${of.place}`)) return
    seen.add(`${line} ${of.place}`)
    found.push({ path, line, rule, place: of.place, quote: oneLine(of.quote, longestQuote) })
  }

  const folded = foldText(holdsJson.test(path) ? unescapeBreaks(text) : text)
  for (const { rule, start, end, sentence } of applyRules(folded, { hidden: false })) {
    const place = placeOf(shown, hidden, { start, end })
    report(rule.id, start, { place, quote: sentence })
  }
  for (const piece of hidden) {
    const place = piece.by === 'markup' ? 'html-hidden' : 'zero-width'
    if (piece.by === 'zero-width') report('hidden-payload', piece.start, { place, quote: piece.text })
    for (const { rule, sentence } of applyRules(foldText(piece.text), { hidden: true }))
      report(rule.id, piece.start, { place, quote: sentence })
  }
  for (const { offset, says } of findBase64(text))
    for (const { rule, sentence } of applyRules(foldText(says), { hidden: true }))
      report(rule.id, offset, { place: 'text', quote: sentence })
  return found.toSorted((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1))
}

const holdsJson = /\.(?:ipynb|jsonl?)$/
/** As long as before, so that places stay where they are. */
const unescapeBreaks = (text: string): string => text.replaceAll('\\n', ' \n').replaceAll('\\"', ' "')

interface Hit {
  readonly rule: AddressedRule
  /** Offsets into the original. */
  readonly start: number
  readonly end: number
  readonly sentence: string
}

function applyRules({ text, offsets }: FoldedText, { hidden }: { hidden: boolean }): Hit[] {
  const lower = text.toLowerCase()
  // a letter that grows in lower case would shift all that follows
  const asWritten = (lower.length === text.length ? lower : text).replaceAll(markRange, (range) =>
    '#'.repeat(range.length),
  )
  // the same with the lines of each paragraph joined: where an author breaks a line must not matter
  const joined = asWritten.replaceAll(/(?<!\n)\n(?!\n)/g, ' ')
  const hits: Hit[] = []
  const rules = addressedRules.filter(({ hiddenOnly }) => hiddenOnly !== true || hidden)
  for (const [searched, rule] of rules.flatMap((own) => [[asWritten, own] as const, [joined, own] as const])) {
    let found = 0
    for (const match of searched.matchAll(rule.anchor)) {
      // what comes before the first letter may stand in another line
      const first = match.index + Math.max(0, match[0].search(/[\p{L}\p{N}<]/u))
      const end = match.index + match[0].length
      const around = surroundings(searched, { start: first, end, within: rule.within ?? 'paragraph' })
      if (rule.near?.some((pattern) => !pattern.test(around)) || rule.not?.some((pattern) => pattern.test(around)))
        continue
      const start = offsets[first] ?? 0
      hits.push({ rule, start, end: offsets[end - 1] ?? start, sentence: sentenceAt(text, first, end) })
      found += 1
      if (found === mostPerText) break
    }
  }
  return hits
}

/** The text around a place, within its paragraph or within its sentence. */
function surroundings(
  text: string,
  { start, end, within }: { start: number; end: number; within: 'sentence' | 'paragraph' },
): string {
  if (within === 'sentence') return sentenceAt(text, start, end)
  const before = text.slice(Math.max(0, start - reach), start)
  const after = text.slice(end, end + reach)
  const from = before.lastIndexOf('\n\n')
  const to = after.indexOf('\n\n')
  return before.slice(from + 1) + text.slice(start, end) + (to === -1 ? after : after.slice(0, to))
}

function sentenceAt(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - reach), start)
  const after = text.slice(end, end + reach)
  const from = before.search(/[.!?\n][^.!?\n]*$/)
  const to = after.search(/[.!?](?:\s|$)|\n/)
  return (before.slice(from + 1) + text.slice(start, end) + (to === -1 ? after : after.slice(0, to + 1))).trim()
}

const programs = new Set(['.py', '.mjs', '.js', '.ts', '.r', '.jl', '.ipynb', '.sh', '.yaml', '.yml', '.toml'])
const beginsComment = /(?:^|\s)(?:#|\/\/|\/\*|\*|--|%|"""|'''|<!--)/

function placeOf(
  shown: ShownText,
  hidden: readonly HiddenText[],
  { start, end }: { start: number; end: number },
): AddressedText['place'] {
  const { path, text } = shown
  if (hidden.some((piece) => piece.by === 'markup' && start < piece.end && end >= piece.start)) return 'html-hidden'
  if (splitsWords(text.slice(start, end + 1))) return 'zero-width'
  if (/(?:\.log|(?:^|\/)log\.txt)$/.test(path)) return 'log'
  if (!programs.has(extname(path).toLowerCase())) return 'text'
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start + 1)
  return beginsComment.test(line) ? 'code-comment' : 'text'
}

const splitWord = new RegExp(`\\p{L}${invisible.source}+\\p{L}`, 'u')
function splitsWords(text: string): boolean {
  return splitWord.test(text)
}

const base64Run = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,4000}={0,2}(?![A-Za-z0-9+/])/g

function findBase64(text: string): { offset: number; says: string }[] {
  return [...text.matchAll(base64Run)].flatMap((match) => {
    const says = Buffer.from(match[0], 'base64').toString('latin1')
    return /^[\x20-\x7E\s]+$/.test(says) && says.includes(' ') ? [{ offset: match.index, says }] : []
  })
}
