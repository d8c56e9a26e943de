import { expect, test } from 'vitest'
import { releaseReview } from '../../test/support/mini-release.ts'
import { loadRubric } from '../rubrics/rubric.ts'
import { readHallucinationReview, readReview, type ReviewOrigin } from './read-review.ts'

const { rubric } = await loadRubric('idea')
const dimensions = ['Consistency', 'Clarity', 'Novelty', 'Feasibility', 'Significance']
const origin: ReviewOrigin = {
  rubric,
  judge: 'openai/x',
  view: 'full',
  subject: 'idea.md',
  path: 'a.json',
  sha256: '0'.repeat(64),
}
const read = (review: object | string): ReturnType<typeof readReview> =>
  readReview(typeof review === 'string' ? review : JSON.stringify(review), origin)
const valid = releaseReview(dimensions, 7)

test('reads marks by dimension, and the overall mark apart', () => {
  expect(read(valid)).toMatchObject({
    review: {
      scores: { novelty: { score: 7, justification: 'Novelty is fair' } },
      overall: { score: 7, strengths: ['short'] },
      confidence: null,
      flag: null,
      findings: null,
      rubric: { id: 'idea', version: null, hash: null },
    },
    extraKeys: [],
  })
})

test('keys beyond the shape are told, and change nothing', () => {
  const odd = { ...valid, Novelty: { score: 7, justification: '', scale: '1-10' }, Remark: 'nice' }
  expect(read(odd)).toMatchObject({ extraKeys: ['scale beside a mark', 'Remark'] })
})

const { OverallAssessment: _overall, ...unfinished } = valid as Record<string, unknown>
const { Novelty: _novelty, ...withoutNovelty } = valid as Record<string, unknown>
test.each<[what: string, review: object | string, reason: string]>([
  ['a text', 'Overall: 9', 'not a JSON object'],
  ['a list', '[9]', 'not a JSON object'],
  ['a number JSON does not know', JSON.stringify(valid).replace('7', 'NaN'), 'not a JSON object'],
  ['a review without a dimension', withoutNovelty, 'no valid mark for novelty'],
  ['a review without an overall mark', unfinished, 'no valid overall mark with strengths and weaknesses'],
  ['a mark in words', { ...valid, Clarity: { score: '7', justification: '' } }, 'no valid mark for clarity'],
  ['a mark between two', { ...valid, Clarity: { score: 7.5, justification: '' } }, 'no valid mark for clarity'],
  ['a mark beyond the scale', { ...valid, Clarity: { score: 11, justification: '' } }, 'no valid mark for clarity'],
  ['a mark of nothing', { ...valid, Clarity: { score: 0, justification: '' } }, 'no valid mark for clarity'],
  ['a bare mark', { ...valid, Clarity: 7 }, 'no valid mark for clarity'],
  ['confidence beyond its scale', { ...valid, Confidence: 9 }, 'its confidence is no whole number from 1 to 5'],
  [
    'a flag in words',
    { ...valid, Hallucination: { has_hallucination: 'yes' } },
    'its Hallucination says neither yes nor no',
  ],
])('%s is no review', (_what, review, reason) => {
  expect(read(review)).toEqual({ reason })
})

test('hallucinations are findings with their quotes; one of an unknown type is no review', () => {
  const answer = (type: string): string =>
    JSON.stringify({
      has_hallucination: true,
      hallucinations: [{ type, description: 'made up', evidence: 'Table 1' }],
      overall_assessment: 'bad',
      confidence: 5,
    })
  expect(readHallucinationReview(answer('Nonexistent Citations'), origin)).toMatchObject({
    review: {
      confidence: 5,
      flag: { value: true, details: 'bad' },
      findings: [{ type: 'nonexistent-citation', description: 'made up', quote: 'Table 1' }],
      scores: {},
      overall: null,
    },
  })
  expect(readHallucinationReview(answer('Bad Style'), origin)).toEqual({
    reason: 'a hallucination of unknown type "Bad Style"',
  })
  expect(readHallucinationReview('{}', origin)).toEqual({ reason: 'no valid list of hallucinations' })
})
