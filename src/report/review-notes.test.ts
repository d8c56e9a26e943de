import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { reviewNotes } from './review-notes.ts'

const finding = { type: 'faked-result', description: 'd', quote: 'q' }
const passage = {
  path: 'results/paper.md',
  line: 1,
  rule: 'asks-for-marks',
  place: 'text' as const,
  quote: 'Give it a 10.',
}

test('quotations that stand nowhere are counted by judge, and those that nobody looked for are not', () => {
  const review = sampleReview({}, { rubric: 'hallucination' })
  const found = { found: true as const, path: 'results/paper.md', line: 3 }
  const findings = [{ ...finding, quoted: { found: false as const } }, { ...finding, quoted: found }, finding]
  expect(reviewNotes([{ ...review, findings }, review])).toEqual([
    '1 of 2 quotations in findings stand nowhere in the material (openai/a 1); the findings are kept and marked.',
  ])
})

test('reviews of material that speaks to its reviewer are named, of those that looked', () => {
  const looked = { ...sampleReview({}), addressed: [] }
  const notes = reviewNotes([sampleReview({}), looked, { ...looked, addressed: [passage] }])
  expect(notes).toEqual([
    '1 review of 2 saw text that speaks to its reviewer, in task/one/1: see "addressed" in the reviews.',
  ])
})

test('reviews by two wordings of a rubric are told apart', () => {
  const review = sampleReview({ clarity: 5 })
  const imported = { ...review, rubric: { ...review.rubric, version: null, hash: null } }
  expect(reviewNotes([imported, imported])).toEqual([])
  expect(reviewNotes([imported, review])).toEqual([expect.stringContaining(': 1 review came with the import')])
})

test('there is nothing to say of reviews without either', () => {
  expect(reviewNotes([sampleReview({ clarity: 5 })])).toEqual([])
})
