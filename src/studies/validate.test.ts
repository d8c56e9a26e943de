import { describe, expect, test } from 'vitest'
import { mulberry32 } from '../stats/random.ts'
import type { HumanRow, JudgeRow } from './human-csv.ts'
import { validateJudges } from './validate.ts'

interface Study {
  readonly tasks: number
  /** A judge's mark for a paper of this quality, 1..10, given noise of -1..1. */
  readonly judge: (quality: number, noise: number) => number
  readonly reviewers?: number
}

const clamp = (mark: number): number => Math.min(10, Math.max(1, Math.round(mark)))

/** Two agents a task, papers of known quality, people who see it with little noise. */
function simulate({ tasks, judge, reviewers = 3 }: Study): { humans: HumanRow[]; judges: JudgeRow[] } {
  const random = mulberry32(1)
  const noise = (): number => 2 * random() - 1
  const humans: HumanRow[] = []
  const judges: JudgeRow[] = []
  for (let number = 0; number < tasks; number += 1)
    for (const agent of ['x', 'y']) {
      const task = `t${String(number).padStart(3, '0')}`
      const quality = 2 + 7 * random()
      for (let reviewer = 0; reviewer < reviewers; reviewer += 1)
        humans.push({ task, agent, reviewer: `r${reviewer}`, scores: { overall: clamp(quality + 1.5 * noise()) } })
      judges.push({ task, agent, judge: 'j', scores: { overall: clamp(judge(quality, noise())) } })
    }
  return { humans, judges }
}

function validate(study: Study) {
  const { humans, judges } = simulate(study)
  return validateJudges(humans, judges, {
    dimensions: ['overall'],
    margin: 1,
    targetCorrelation: 0.5,
    bootstrap: { resamples: 400 },
  })
}

describe('the verdict follows what is true of the judges', () => {
  test('judges who see what people see agree, and pass the alternative annotator test', () => {
    const { verdicts, alternativeAnnotator } = validate({ tasks: 40, judge: (quality, noise) => quality + noise })
    expect(verdicts).toMatchObject([{ kind: 'agree', papersNeeded: null }])
    expect(alternativeAnnotator[0]?.result).toMatchObject({ status: 'tested', passed: true })
  })

  test('judges who see it from three points above order papers alike, no more', () => {
    const { verdicts, equivalence } = validate({ tasks: 40, judge: (quality) => 4 + quality * 0.6 })
    expect(verdicts).toMatchObject([{ kind: 'order-only' }])
    expect(verdicts[0]?.text).toMatch(/cannot be read as people's: they mark 1\.\d\d points above/)
    expect(equivalence).toMatchObject([{ equivalent: false }])
  })

  test('an order that is there, and weaker than was asked for, is not called that of people', () => {
    const { verdicts } = validate({ tasks: 60, judge: (quality, noise) => 4 + 0.35 * quality + 3 * noise })
    expect(verdicts[0]?.text).toMatch(
      /order papers only a little as people do, less than is useful .*0\.50 was asked for/,
    )
  })

  test('a study that is large enough is not told to be as large', () => {
    const { verdicts } = validate({ tasks: 60, judge: (_quality, noise) => 6 + 3 * noise })
    expect(verdicts[0]?.text).toMatch(/No evidence .* These papers are enough to have told 0\.50 from none\.$/)
  })

  test('judges who toss a coin give no evidence, and are told how much would', () => {
    const { verdicts } = validate({ tasks: 10, judge: (_quality, noise) => 6 + 3 * noise })
    expect(verdicts).toMatchObject([{ kind: 'no-evidence' }])
    expect(verdicts[0]?.text).toMatch(
      /No evidence that these judges can stand in for people on overall, because over 20/,
    )
    expect(verdicts[0]?.papersNeeded).toBeGreaterThan(20)
  })

  test('judges who like what people dislike are contrary', () => {
    expect(validate({ tasks: 40, judge: (quality) => 11 - quality }).verdicts).toMatchObject([{ kind: 'contrary' }])
  })

  test('two tasks, or marks that never vary, say nothing', () => {
    expect(validate({ tasks: 2, judge: (quality) => quality }).verdicts).toMatchObject([{ kind: 'too-few' }])
    expect(validate({ tasks: 40, judge: () => 7 }).verdicts).toMatchObject([{ kind: 'too-few' }])
  })
})

test('several rows of one reviewer for one paper are said', () => {
  const { humans, judges } = simulate({ tasks: 3, judge: (quality) => quality })
  const options = { dimensions: ['overall'], margin: 1, targetCorrelation: 0.5, bootstrap: { resamples: 20 } }
  expect(validateJudges(humans, judges, options).repeatedRows).toEqual([])
  expect(validateJudges([...humans, ...humans.slice(0, 1)], judges, options).repeatedRows).toEqual([
    { reviewer: 'r0', task: 't000', agent: 'x', rows: 2 },
  ])
})

test('papers that only one side marked are named and count nowhere', () => {
  const { humans, judges } = simulate({ tasks: 5, judge: (quality) => quality })
  const rest = judges.filter(({ task }) => task !== 't001')
  const more = [...rest, { task: 't9', agent: 'x', judge: 'j', scores: { overall: 5 } }]
  const result = validateJudges(humans, more, { dimensions: ['overall'], margin: 1, targetCorrelation: 0.5 })
  expect(result).toMatchObject({ papers: 8, tasks: 4, humanReviews: 24 })
  expect(result.onlyHumans).toEqual(['t001/x', 't001/y'])
  expect(result.onlyJudges).toEqual(['t9/x'])
})

test('several judges are taken one by one and as a panel, which is their mean', () => {
  const { humans, judges } = simulate({ tasks: 5, judge: (quality) => quality })
  const second = judges.map((own) => ({ ...own, judge: 'k', scores: { overall: 1 } }))
  const result = validateJudges(humans, [...judges, ...second], {
    dimensions: ['overall'],
    margin: 1,
    targetCorrelation: 0.5,
  })
  expect(result.agreement.map(({ judge }) => judge)).toEqual(['j', 'k', 'panel'])
  const [first, low, panel] = result.agreement.map(({ point }) => point.bias ?? Number.NaN)
  expect(panel).toBeCloseTo(((first ?? 0) + (low ?? 0)) / 2, 12)
})

test('the published test drops reviewers with unequal numbers of rows; the other rule does not', () => {
  const people = (agent: string, marks: readonly [string, number][]): HumanRow[] =>
    marks.map(([reviewer, overall]) => ({ task: 't', agent, reviewer, scores: { overall } }))
  const humans = [
    ...people('x', [
      ['a', 2],
      ['b', 5],
    ]),
    ...people('y', [
      ['a', 4],
      ['a', 6],
      ['b', 9],
    ]),
  ]
  const judges = ['x', 'y'].map((agent) => ({ task: 't', agent, judge: 'j', scores: { overall: 5 } }))
  const { publishedTest } = validateJudges(humans, judges, {
    dimensions: ['overall'],
    margin: 1,
    targetCorrelation: 0.5,
  })
  expect(publishedTest.published).toMatchObject([{ humanPairs: 1, panelPairs: 5, meanHuman: 3 }])
  expect(publishedTest.allPairs).toMatchObject([{ humanPairs: 3, panelPairs: 5, meanHuman: (3 + 5 + 3) / 3 }])
  expect(publishedTest.droppedPairs).toEqual([{ task: 't', agent: 'y', reviewers: ['a', 'b'] }])
})
