import type { Review } from '../schema/review.ts'
import { type FoldedText, foldText } from './fold-text.ts'
import type { ShownText } from './shown-text.ts'

type Finding = NonNullable<Review['findings']>[number]

interface Searchable {
  readonly shown: ShownText
  readonly exact: FoldedText
  readonly lower: string
}

/** An omission, as whoever quotes marks it. */
const omission = /[[(]?\.{3,}[\])]?/
/** What a quotation may be put between, and a full stop that belongs to the sentence around it. */
const wrapping = /^["'\s]+|["'\s.,;:]+$/g
/** LaTeX commands that lose their backslash when a judge forgets to double it in JSON: `\beta` becomes backspace and `eta`. */
const lostEscapes: readonly (readonly [lost: RegExp, letter: string])[] = [
  [/[\b](?=[a-z])/g, 'b'],
  [/\f(?=[a-z])/g, 'f'],
  [/\t(?=[a-z])/g, 't'],
  [/\n(?=[a-z])/g, 'n'],
  [/\r(?=[a-z])/g, 'r'],
]

/**
 * Says of each finding whether its quotation stands in the material. White space, kinds of quotation marks and dashes, Markdown and
 * LaTeX markup do not count; the parts around an omission mark must follow one another in one text; letter case counts only as
 * long as that finds something.
 */
export function checkQuotes(findings: readonly Finding[], material: readonly ShownText[]): Finding[] {
  if (findings.length === 0) return []
  const texts = material.map((shown) => {
    const exact = withoutSpace(foldText(shown.text))
    return { shown, exact, lower: toLower(exact.text) }
  })
  return findings.map((finding) => ({ ...finding, quoted: findQuote(finding.quote, texts) }))
}

function findQuote(quote: string, texts: readonly Searchable[]): NonNullable<Finding['quoted']> {
  const restored = lostEscapes.reduce((text, [lost, letter]) => text.replaceAll(lost, letter), quote)
  const forms = [...new Set([quote, restored])].map((form) => withoutSpace(foldText(form)).text)
  for (const sameCase of [true, false])
    for (const form of forms)
      for (const { shown, exact, lower } of texts) {
        const at = find(sameCase ? form : toLower(form), sameCase ? exact.text : lower)
        if (at !== null) return { found: true, path: shown.path, line: shown.lineAt(exact.offsets[at] ?? 0) }
      }
  return { found: false }
}

/** Where the quotation begins; null when it, or a part of it, is not there. */
function find(quote: string, text: string): number | null {
  const whole = quote.replaceAll(wrapping, '')
  if (whole === '') return null
  const at = text.indexOf(whole)
  if (at !== -1) return at
  const pieces = quote.split(omission).flatMap((piece) => piece.replaceAll(wrapping, '') || [])
  if (pieces.length === 0) return null
  let [first, end]: [number | null, number] = [null, 0]
  for (const piece of pieces) {
    const found = text.indexOf(piece, end)
    if (found === -1) return null
    first ??= found
    end = found + piece.length
  }
  return first
}

/** Some letters become longer in lower case, which would shift what follows: they stay. */
function toLower(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length
    ? lower
    : text
        .replaceAll(/\P{ASCII}/gu, (letter) => (letter.toLowerCase().length === 1 ? letter.toLowerCase() : letter))
        .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function withoutSpace({ text, offsets }: FoldedText): FoldedText {
  const kept: number[] = []
  for (let index = 0; index < text.length; index += 1) if (!/\s/.test(text[index] ?? '')) kept.push(index)
  return {
    text: kept.map((index) => text[index]).join(''),
    offsets: kept.map((index) => offsets[index] ?? 0),
  }
}
