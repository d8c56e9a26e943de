import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { sumSpending } from '../runs/spending.ts'
import type { Review } from '../schema/review.ts'
import { assembleReport, type Report } from './report.ts'
import { paperTables } from './paper-tables.ts'
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

function report(reviews: Review[], changes: Partial<RunReport> = {}): Report {
  const run: RunReport = {
    run: 'r',
    folder: '/logs/r',
    createdAt: '2026-01-01T00:00:00.000Z',
    specs: [],
    stages: ['idea', 'paper'],
    trials: [],
    agents: [agent('one'), agent('two')],
    scores: summariseScores(reviews),
    reviews,
    humanReviews: [],
    audits: [],
    failedReviews: [],
    judging: spending,
    unreadableEvents: 0,
    ...changes,
  }
  return assembleReport([run])
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

test('what was done without a call that anybody told of cost nobody knows what', () => {
  const stages = [{ stage: 'idea', done: 1, failed: 0, medianDurationMs: null }] as const
  const imported = { path: 'review.json', sha256: 'b'.repeat(64) }
  const reviews = [{ ...sampleReview({ clarity: 8 }), imported }]
  const judging = { ...spending, costUsd: null }
  const [, costs] = reportTables(report(reviews, { agents: [agent('one', { stages: [...stages] })], judging }))
  expect(costs?.rows).toEqual([
    ['one', null, null, null, null, null, null],
    ['judges', null, null, null, null, null, null],
  ])
})

test('each rubric has its table, in the order of the stages, models before linear models before rules', () => {
  const tables = reportTables(
    report([
      sampleReview({ clarity: 8 }, { rubric: 'paper' }),
      sampleReview({ sections: 8 }, { rubric: 'idea-form', kind: 'rule', judge: 'scripted/form-check' }),
      sampleReview({ clarity: 8 }, { rubric: 'idea', kind: 'distilled', judge: 'offline/distilled' }),
      sampleReview({ soundness: 8 }, { rubric: 'end-to-end', view: 'no-code' }),
      sampleReview({ soundness: 8 }, { rubric: 'end-to-end' }),
      sampleReview({ clarity: 8 }, { rubric: 'idea' }),
    ]),
  )
  expect(tables.slice(2).map(({ title }) => title)).toEqual([
    'idea: scores',
    'idea: marks guessed by a linear model, no judgement of the research',
    'idea: form only, by rules, no judgement of the research',
    'paper: scores',
    'end-to-end: scores',
    'end-to-end: scores, judged without code',
    'end-to-end: no-code minus full view',
  ])
})

const tasks = ['a', 'b', 'c', 'd']

test('a mark stands with its interval, and beside the table how the judges agree and what that means', () => {
  const reviews = tasks.flatMap((task, index) => [
    sampleReview({ overall: index + 1 }, { task }),
    sampleReview({ overall: index + 3 }, { task, judge: 'openai/b' }),
  ])
  const [scores, agreement] = reportTables(report(reviews)).slice(2)
  expect(scores?.rows).toEqual([['one', '3.50 ±1.00', '4']])
  expect(scores?.notes[0]).toMatch(
    /^The two judges rank ideas alike \(Spearman 1\.00 \[1\.00, 1\.00\], over 4 ideas of 4 tasks\) but differ by 2\.0 points: compare agents/,
  )
  expect(agreement?.title).toBe('idea: how the judges agree')
  expect(agreement?.columns).toEqual(['dimension', 'Spearman', "Krippendorff's α", 'bias', 'equal', 'within 1'])
  expect(agreement?.rows[0]?.slice(3)).toEqual(['-2.00 [-2.00, -2.00]', '0 %', '0 %'])
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
    ['one', '5.50 ±0.50', null, '2'],
    ['two', null, '3.00', '1'],
  ])
  expect(table?.notes.slice(1)).toEqual([
    'Mean over items of the mean over judges, 1 to 10, ± half the width of its 95 % interval over tasks. Judges: openai/a, openai/b.',
    'Over 2 tasks intervals are too narrow to be believed: they need 10 tasks or more.',
    'Up to 1 item without a review by one of the judges.',
    '1 review failed, by openai/b.',
  ])
})

test('faults stand by judge, and a rubric without marks has no table of them', () => {
  const fault = { type: 'faked-result', description: 'd', quote: 'q' }
  const flag = { id: 'hallucination', value: true, details: '' }
  const found = { ...sampleReview({}, { rubric: 'hallucination' }), flag, findings: [fault] }
  const [table, ...others] = reportTables(report([found])).slice(2)
  expect(others).toEqual([])
  expect(table).toMatchObject({ title: 'hallucination: faults found' })
  expect(table?.rows).toEqual([
    ['one', 'hallucination', '1', '1', '1', null, '1'],
    ['one', 'faked-result', '1', '1', '1', null, '1'],
  ])
})

test('several runs share their tables, and agents of one name are told apart', () => {
  const run = (id: string): RunReport => ({
    run: id,
    folder: `/logs/${id}`,
    createdAt: '2026-01-01T00:00:00.000Z',
    specs: [],
    stages: ['idea'],
    trials: [],
    agents: [agent('one'), ...(id === 'r' ? [agent('two')] : [])],
    scores: [],
    reviews: [sampleReview({ clarity: id === 'r' ? 8 : 4 }), sampleReview({ clarity: 6 }, { agent: 'two' })],
    humanReviews: [],
    audits: [],
    failedReviews: [],
    judging: spending,
    unreadableEvents: 0,
  })
  const [stages, , scores] = reportTables(assembleReport([run('r'), run('s')]))
  expect(stages?.title).toBe('2 runs: trials and stages')
  expect(stages?.rows.map(([name]) => name)).toEqual(['r:one', 'two', 's:one'])
  expect(scores?.rows.map(([name, mark]) => `${name} ${mark}`)).toEqual(['r:one 8.00', 'two 6.00', 's:one 4.00'])
  // a third run of a name that is taken goes by its folder
  const twins = assembleReport([run('r'), { ...run('r'), folder: '/elsewhere/r' }])
  expect(twins.runs.map(({ run: name }) => name)).toEqual(['/logs/r', '/elsewhere/r'])
})

test('the paper’s tables have its rounding above the exact numbers', () => {
  const marks = [8, 8, 8, 9].map((mark, index) => sampleReview({ overall: mark }, { task: `t${index}` }))
  const others = [5, 5, 5, 5].map((mark, index) =>
    sampleReview({ overall: mark }, { task: `t${index}`, judge: 'openai/b' }),
  )
  const [first, , average] = paperTables(report([...marks, ...others]))
  expect(first?.rows).toEqual([
    ['one', 'paper', '8.25 ± 0.43'],
    ['one', 'exact', '8.250000 ± 0.433013'],
  ])
  // 6.625: from means rounded already, half up
  expect(average?.rows[0]).toEqual(['one', 'paper', '6.63 ± 0.22'])
  expect(average?.rows[1]).toEqual(['one', 'exact', '6.625000 ± 0.216506'])
})

test('CSV has a line for the mean over judges and one for each judge', () => {
  const reviews = [
    sampleReview({ clarity: 8 }),
    sampleReview({ clarity: 5 }, { judge: 'openai/b' }),
    sampleReview({ clarity: 6 }, { task: 'other' }),
  ]
  expect(scoresCsv(report(reviews)).split('\r\n')).toEqual([
    'run,agent,rubric,view,judge_kind,dimension,judge,n,mean,ci95_low,ci95_high,sd_population,sd_sample,min,max',
    'r,one,idea,full,model,clarity,all,2,6.25,6,6.5,0.25,0.3535533905932738,6,6.5',
    'r,one,idea,full,model,clarity,openai/a,2,7,6,8,1,1.4142135623730951,6,8',
    'r,one,idea,full,model,clarity,openai/b,1,5,,,0,,5,5',
    '',
  ])
})
