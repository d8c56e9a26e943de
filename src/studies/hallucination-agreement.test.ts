import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import type { HumanReview } from '../schema/human.ts'
import type { Review } from '../schema/review.ts'
import { agreeOnFaults } from './hallucination-agreement.ts'

const [first, second] = ['openai/a', 'openai/b']
const [byFirst, bySecond] = [{ judge: first }, { judge: second }]

function search(by: { judge: string; repeat?: number }, task: string, types: readonly string[]): Review {
  const review = sampleReview({}, { rubric: 'hallucination', task, ...by })
  const findings = types.map((type) => ({ type, description: 'd', quote: 'q' }))
  return { ...review, flag: { id: 'hallucination', value: types.length > 0, details: '' }, findings }
}

function label(task: string, labels: HumanReview['labels'], reviewer = '1'): HumanReview {
  return {
    schema: 'mlrbench/human-review@1',
    id: `${task}-${reviewer}`,
    trial: `${task}/one/1`,
    subject: { path: 'results/paper.md', sha256: null },
    reviewer,
    rubric: 'hallucination',
    scores: {},
    overall: null,
    confidence: null,
    labels,
    comment: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    imported: null,
  }
}

const agree = (reviews: readonly Review[], humanReviews: readonly HumanReview[] = []) =>
  agreeOnFaults([{ run: 'r', agents: ['one'], reviews, humanReviews }])

test('judges are counted by question and by type of finding', () => {
  const [own] = agree([
    search(byFirst, 'a', ['faked-result', 'faked-result']),
    search(bySecond, 'a', ['faked-result']),
    search(byFirst, 'b', []),
    search(bySecond, 'b', ['faked-result']),
  ])
  const counts = { union: 2, intersection: 1, pairs: [{ items: 2, rawAgreement: 0.5, cohenKappa: 0 }] }
  expect(own).toMatchObject({ agent: 'one', items: 2, tasks: 2, flag: { id: 'hallucination', ...counts } })
  expect(own?.types).toMatchObject([{ type: 'faked-result', ...counts, human: null }])
  expect(own?.types[0]?.instances).toEqual([
    { judge: first, count: 2 },
    { judge: second, count: 2 },
  ])
})

test('of repeats, half are enough', () => {
  const [own] = agree([
    search(byFirst, 'a', ['faked-result']),
    search({ ...byFirst, repeat: 2 }, 'a', []),
    search(byFirst, 'b', []),
  ])
  expect(own?.flag?.judges).toEqual([{ judge: first, answered: 2, yes: 1 }])
  expect(own?.types[0]?.instances).toEqual([{ judge: first, count: 0.5 }])
})

test('a judge that was not heard says neither yes nor no', () => {
  const [own] = agree([search(byFirst, 'a', ['faked-result']), search(bySecond, 'b', [])])
  expect(own?.flag).toMatchObject({ union: 1, intersection: 0, pairs: [] })
  expect(own?.flag?.byItem).toEqual([
    { trial: 'a/one/1', task: 'a', judges: { [first]: true, [second]: null } },
    { trial: 'b/one/1', task: 'b', judges: { [first]: null, [second]: false } },
  ])
})

test('people are the truth where they are sure, and agree with each other', () => {
  const tasks = ['a', 'b', 'c', 'd', 'e']
  const [own] = agree(
    tasks.map((task) => search(byFirst, task, task === 'a' || task === 'b' ? ['faked-result'] : [])),
    [
      label('a', { 'faked-result': 'yes' }),
      label('b', { 'faked-result': 'no' }),
      label('c', { 'faked-result': 'yes' }),
      label('d', { 'faked-result': 'no' }),
      label('d', { 'faked-result': 'yes' }, '2'),
    ],
  )
  const [type] = own?.types ?? []
  expect(type?.human).toMatchObject({ yes: 2, no: 1, notSure: 1, unlabelled: 1, yesShare: 2 / 5 })
  expect(type?.human?.against[0]).toEqual({
    by: { judge: first },
    truePositives: 1,
    falsePositives: 1,
    falseNegatives: 1,
    trueNegatives: 0,
    accuracy: 1 / 3,
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
    specificity: 0,
  })
})
