import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { sumSpending } from '../runs/spending.ts'
import type { Review } from '../schema/review.ts'
import { reportTables, scoresCsv } from './report-tables.ts'
import type { AgentReport, RunReport } from './run-report.ts'
import { summariseScores } from './scores.ts'

const spending = sumSpending([])

function agent(name: string, changes: Partial<AgentReport> = {}): AgentReport {
  return {
    agent: name,
    trials: { done: 1, failed: 0, running: 0, interrupted: 0, pending: 1 },
    spending,
    stages: [{ stage: 'idea', done: 1, failed: 1, medianDurationMs: 1_500 }],
    sandboxes: [],
    ...changes,
  }
}

function report(reviews: Review[], changes: Partial<RunReport> = {}): RunReport {
  return {
    schema: 'mlrbench/report@1',
    run: 'r',
    folder: '/logs/r',
    createdAt: '2026-01-01T00:00:00.000Z',
    stages: ['idea', 'paper'],
    trials: [],
    agents: [agent('one'), agent('two')],
    scores: summariseScores(reviews),
    reviews,
    failedReviews: [],
    judging: spending,
    unreadableEvents: 0,
    ...changes,
  }
}

test('the first tables say what was done and what it took', () => {
  const sandboxes = [{ name: 'host', isolated: false }]
  const unknown = {
    ...spending,
    calls: 3,
    costUsd: null,
    knownCostUsd: 0.5,
    usage: { ...spending.usage, inputTokens: null },
  }
  const [stages, costs] = reportTables(report([], { agents: [agent('one', { sandboxes, spending: unknown })] }))
  expect(stages?.rows).toEqual([['one', '1 of 2', '1 done, 1 failed (1.5 s)', null, 'host (not isolated)']])
  expect(costs?.rows).toEqual([
    ['one', '3', '0', '0', null, '0', '≥ $0.5000'],
    ['judges', '0', '0', '0', '0', '0', '$0.00'],
  ])
})

test('a try that broke off may have cost something, and a line that cannot be read may be missing', () => {
  const broken = { ...spending, brokenTries: 1, costUsd: 0.5, knownCostUsd: 0.5 }
  const [, costs] = reportTables(report([], { agents: [agent('one', { spending: broken })], unreadableEvents: 2 }))
  expect(costs?.rows[0]?.at(-1)).toBe('≥ $0.5000')
  expect(costs?.notes).toContain('2 lines of the event files cannot be read and count nowhere.')
})

test('where no experiment ran there is no column for its sandbox', () => {
  const [stages] = reportTables(report([]))
  expect(stages?.columns).toEqual(['agent', 'trials done', 'idea', 'paper'])
  expect(stages?.rows.map((row) => row.length)).toEqual([4, 4])
})

test('each rubric has its table, in the order of the stages, models before rules', () => {
  const tables = reportTables(
    report([
      sampleReview({ clarity: 8 }, { rubric: 'paper' }),
      sampleReview({ sections: 8 }, { rubric: 'idea-form', kind: 'rule', judge: 'scripted/form-check' }),
      sampleReview({ soundness: 8 }, { rubric: 'end-to-end', view: 'no-code' }),
      sampleReview({ soundness: 8 }, { rubric: 'end-to-end' }),
      sampleReview({ clarity: 8 }, { rubric: 'idea' }),
    ]),
  )
  expect(tables.slice(2).map(({ title }) => title)).toEqual([
    'idea: scores',
    'idea: form only, by rules, no judgement of the research',
    'paper: scores',
    'end-to-end: scores',
    'end-to-end: scores, judged without code',
  ])
})

test('a table shows what is missing as unknown, and says whose reviews are', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const failure = {
    type: 'review-failed',
    at,
    review: 'x',
    trial: 'b/one/1',
    rubric: 'idea',
    judge: 'openai/b',
    view: 'full',
    repeat: 1,
  } as const
  const table = reportTables(
    report(
      [
        sampleReview({ clarity: 8 }, { task: 'a' }),
        sampleReview({ clarity: 4 }, { task: 'a', judge: 'openai/b' }),
        sampleReview({ clarity: 5 }, { task: 'b' }),
        sampleReview({ novelty: 3 }, { task: 'a', agent: 'two' }),
      ],
      { failedReviews: [{ ...failure, code: 'invalid-review', message: 'no' }] },
    ),
  )[2]
  expect(table?.columns).toEqual(['agent', 'clarity', 'novelty', 'items'])
  expect(table?.rows).toEqual([
    ['one', '5.50', null, '2'],
    ['two', null, '3.00', '1'],
  ])
  expect(table?.notes).toEqual([
    'Mean over tasks of the mean over judges, 1 to 10. Judges: openai/a, openai/b.',
    'Up to 1 item without a review by one of the judges.',
    '1 review failed, by openai/b.',
  ])
})

test('CSV has a line for the mean over judges and one for each judge', () => {
  const reviews = [sampleReview({ clarity: 8 }), sampleReview({ clarity: 5 }, { judge: 'openai/b' })]
  expect(scoresCsv(report(reviews)).split('\r\n')).toEqual([
    'run,agent,rubric,view,judge_kind,dimension,judge,mean,items',
    'r,one,idea,full,model,clarity,all,6.5,1',
    'r,one,idea,full,model,clarity,openai/a,8,1',
    'r,one,idea,full,model,clarity,openai/b,5,1',
    '',
  ])
})
