import { allReferences, placeOfReference } from '../references/collect-references.ts'
import { foldText } from '../references/read-entry.ts'
import { readTitledLines } from '../references/read-titled-lines.ts'
import type { Reference } from '../references/reference.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** One arXiv identifier under two titles, or one title under two identifiers. */
export const arxivTwoTitles: Rule = {
  id: 'arxiv-two-titles',
  title: 'An arXiv identifier under two titles',
  part: 'none',
  catches:
    'The same arXiv identifier with titles that share hardly a word, or the same title with two identifiers, within the documents or between a document and the literature collected for the work.',
  misses: 'A wrong identifier that occurs once.',
  falsePositives: 'A paper that changed its whole title between versions.',
  find: (facts) => {
    const references = titled(facts)
    return [...sameId(references), ...sameTitle(references)]
  },
}

interface Titled {
  readonly reference: Reference & { readonly arxiv: string; readonly title: string }
  readonly words: ReadonlySet<string>
}

function titled({ subject }: AuditFacts): Titled[] {
  const cited = allReferences(subject)
  return [...cited, ...subject.plans.flatMap(readTitledLines)].flatMap((reference) => {
    const { arxiv, title } = reference
    if (arxiv === null || title === null) return []
    const words = new Set(
      foldText(title)
        .split(' ')
        .filter((word) => word.length > 2),
    )
    return words.size < 2 ? [] : [{ reference: { ...reference, arxiv, title }, words }]
  })
}

function sameId(references: readonly Titled[]): RuleFinding[] {
  return [...Map.groupBy(references, ({ reference }) => reference.arxiv)].flatMap(([id, entries]) => {
    const [first, ...rest] = entries
    const other = rest.find((entry) => first !== undefined && apart(first.words, entry.words))
    if (first === undefined || other === undefined) return []
    const message = `arXiv:${id} is "${first.reference.title}" in one place and "${other.reference.title}" in another.`
    return [{ severity: 'minor', message, evidence: [first, other].map((entry) => placeOfReference(entry.reference)) }]
  })
}

function sameTitle(references: readonly Titled[]): RuleFinding[] {
  return [...Map.groupBy(references, ({ reference }) => foldText(reference.title))].flatMap(([, entries]) => {
    const [first, ...rest] = entries
    const other = rest.find((entry) => entry.reference.arxiv !== first?.reference.arxiv)
    if (first === undefined || other === undefined || first.words.size < 4) return []
    const message = `"${first.reference.title}" is arXiv:${first.reference.arxiv} in one place and arXiv:${other.reference.arxiv} in another.`
    return [{ severity: 'minor', message, evidence: [first, other].map((entry) => placeOfReference(entry.reference)) }]
  })
}

/** Fewer than a third of the shorter title's words in the other: no shortening and no other spelling does that. */
function apart(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [short, long] = one.size <= other.size ? [one, other] : [other, one]
  return [...short].filter((word) => long.has(word)).length < short.size / 3
}
