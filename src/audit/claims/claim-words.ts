import { foldWords } from '../numbers/fold-words.ts'
import type { Claim, ClaimTable } from './claim.ts'

/**
 * Words that a claim can share with evidence, folded, without stop words, each once: of its row, its column or its sentence (nearest first), and last
 * those of caption and sections.
 * @param tables those of the claim's document
 */
export function claimWords(claim: Claim, tables: readonly ClaimTable[]): string[] {
  const { where } = claim
  const words = new Set<string>()
  if (where.kind === 'cell') {
    addWords(words, where.rowLabel)
    addWords(words, where.columnLabel)
    const table = tables.find(({ path, index }) => path === claim.path && index === where.table)
    addWords(words, table?.caption ?? '')
  } else {
    const at = placeInSentence(claim, where.sentence)
    addNearest(words, {
      before: where.sentence.slice(0, at),
      after: where.sentence.slice(at + claim.number.text.length),
    })
  }
  for (const heading of [...claim.section].reverse()) addWords(words, heading)
  return [...words]
}

function addWords(words: Set<string>, text: string): void {
  for (const word of foldWords(text)) if (!stopWords.has(word) && !/^\d+$/.test(word)) words.add(word)
}

/** Where the claim stands in its sentence; a number that stands there twice is taken at its first place. */
function placeInSentence(claim: Claim, sentence: string): number {
  return Math.max(0, sentence.indexOf(claim.number.text))
}

/** Words before and behind in turn, from the number outwards. */
function addNearest(words: Set<string>, sides: { before: string; after: string }): void {
  const before = foldWords(sides.before.slice(-reach)).reverse()
  const after = foldWords(sides.after.slice(0, reach))
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    for (const word of [before[index], after[index]])
      if (word !== undefined && !stopWords.has(word) && !/^\d+$/.test(word)) words.add(word)
  }
}

/** Characters of a sentence on each side that are read. */
const reach = 300

const stopWords = new Set(
  (
    'a an the and or of to in on at by for from with without as is are was were be been it it its this that these those than then so such we us they their ' +
    'which who what when where while both each all any some more most less least only also not no nor but however can could may might will would ' +
    'table figure fig section result show shown respectively approximately about around roughly nearly over under up down between across per vs versus via ' +
    'using used use based into out et al eg ie i e g s'
  ).split(' '),
)
