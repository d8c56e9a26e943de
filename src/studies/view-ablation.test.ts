import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { tabulateMarks } from './marks.ts'
import { ablateViews } from './view-ablation.ts'

test('views are compared on what the same judge marked in both', () => {
  const reviews = [
    sampleReview({ overall: 4 }, { task: 'a' }),
    sampleReview({ overall: 7 }, { task: 'a', view: 'no-code' }),
    sampleReview({ overall: 2 }, { task: 'b' }),
    sampleReview({ overall: 3 }, { task: 'b', view: 'no-code' }),
    // seen by this judge in one view alone
    sampleReview({ overall: 9 }, { task: 'b', judge: 'openai/b' }),
    sampleReview({ overall: 9 }, { task: 'c' }),
  ]
  const [ablation, ...others] = ablateViews(tabulateMarks([{ run: 'r', agents: ['one'], reviews }], 'mean'))
  expect(others).toEqual([])
  const difference = { items: 2, fullMean: 3, otherMean: 5, difference: 2, interval: { lo: 1, hi: 3 } }
  expect(ablation).toMatchObject({
    view: 'no-code',
    agent: 'one',
    trials: ['a/one/1', 'b/one/1'],
    dimensions: [{ dimension: 'overall', average: difference, judges: [{ judge: 'openai/a', ...difference }] }],
  })
})

test('without the full view there is nothing to compare with', () => {
  const reviews = [sampleReview({ overall: 4 }, { view: 'blind' })]
  expect(ablateViews(tabulateMarks([{ run: 'r', agents: ['one'], reviews }], 'mean'))).toEqual([])
})
