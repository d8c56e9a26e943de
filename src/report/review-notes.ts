import type { ReviewSummary } from '../runs/review-index.ts'
import { formatNumberOf } from './format.ts'

const mostNamed = 5

/** What a reader of these reviews should know about them: rubrics of two wordings, quotations that stand nowhere, and material that speaks to its reviewer. */
export function reviewNotes(reviews: readonly ReviewSummary[]): string[] {
  return [...noteRubrics(reviews), ...noteQuotes(reviews), ...noteAddressed(reviews)]
}

function noteRubrics(reviews: readonly ReviewSummary[]): string[] {
  const byRubric = Map.groupBy(
    reviews.filter(({ judge }) => judge.kind === 'model'),
    ({ rubric }) => rubric.id,
  )
  return [...byRubric].flatMap(([rubric, own]) => {
    const imported = own.filter(({ rubric: { hash } }) => hash === null)
    if (imported.length === 0 || imported.length === own.length) return []
    return [
      `${rubric}: ${formatNumberOf(imported.length, 'review')} came with the import, made by a rubric in other words than ours; a bias between those judges and the others may be the rubric's.`,
    ]
  })
}

function noteQuotes(reviews: readonly ReviewSummary[]): string[] {
  const checked = reviews.flatMap(({ judge, findings }) =>
    (findings ?? []).flatMap(({ quoted }) =>
      quoted === undefined ? [] : [{ judge: judge.name, found: quoted.found }],
    ),
  )
  const invented = checked.filter(({ found }) => !found)
  if (invented.length === 0) return []
  const judges = [...Map.groupBy(invented, ({ judge }) => judge)].map(([judge, { length }]) => `${judge} ${length}`)
  return [
    `${invented.length} of ${formatNumberOf(checked.length, 'quotation')} in findings stand nowhere in the material (${judges.toSorted().join(', ')}); the findings are kept and marked.`,
  ]
}

function noteAddressed(reviews: readonly ReviewSummary[]): string[] {
  const looked = reviews.filter(({ addressed }) => addressed !== null)
  const found = looked.filter(({ addressed }) => (addressed ?? []).length > 0)
  if (found.length === 0) return []
  const trials = [...new Set(found.map(({ trial }) => trial))].toSorted()
  const more = trials.length > mostNamed ? ` and ${trials.length - mostNamed} more` : ''
  return [
    `${formatNumberOf(found.length, 'review')} of ${looked.length} saw text that speaks to its reviewer, in ${trials.slice(0, mostNamed).join(', ')}${more}: see "addressed" in the reviews.`,
  ]
}
