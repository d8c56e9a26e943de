import { expect, test } from 'vitest'
import { sha256 } from '../base/hash.ts'
import { createBudget } from '../models/budget.ts'
import { createModelCaller } from '../models/model-caller.ts'
import { loadRubric, rubricIds } from '../rubrics/rubric.ts'
import { type Review, reviewSchema } from '../schema/review.ts'
import { formCheck } from './form-check.ts'

async function check(rubricId: string, text: string): Promise<Review> {
  const models = createModelCaller({ providers: {}, secrets: {}, budget: createBudget(null), cache: null })
  return formCheck.review({
    subject: { trialId: 'task/one/1', trialFolder: '/nowhere', path: 'idea.md', sha256: sha256(text), text },
    rubric: await loadRubric(rubricId),
    view: 'full',
    repeat: 1,
    id: 'id',
    failedBefore: 0,
    models,
    append: () => {},
    signal: new AbortController().signal,
  })
}

const marks = ({ scores, overall }: Review): Record<string, number | undefined> => ({
  ...Object.fromEntries(Object.entries(scores).map(([id, { score }]) => [id, score])),
  overall: overall?.score,
})
const words = (count: number): string => 'word '.repeat(count)

test('covers the four artefacts of the stages and nothing else', async () => {
  const rubrics = await Promise.all(rubricIds.map(loadRubric))
  const covered = rubrics.filter((rubric) => formCheck.covers(rubric)).map(({ rubric }) => rubric.id)
  expect(covered).toEqual(['idea', 'proposal', 'experiment', 'paper'])
})

test('says that it is made by rules, under a rubric of its own, free of charge', async () => {
  const review = await check('idea', '# An idea')
  expect(reviewSchema.parse(review)).toEqual(review)
  expect(review.judge).toEqual({ name: 'scripted/form-check', kind: 'rule', responseModel: null })
  expect(review.rubric.id).toBe('idea-form')
  expect(review.overall?.weaknesses.join()).toMatch(/nothing about the research/)
  expect(review.costUsd).toBe(0)
})

test('gives 10 for all that is expected', async () => {
  const idea = `# Title: X\n**Motivation**\n${words(60)}\n**Main idea**\n${words(60)}`
  expect(marks(await check('idea', idea))).toEqual({ sections: 10, length: 10, overall: 10 })
  const sections = ['Abstract', 'Introduction', 'Related Work', 'Methodology', 'Experiment Setup', 'Results']
  const references = Array.from({ length: 8 }, (_, index) => `${index + 1}. A paper.`).join('\n')
  const paper = [
    ...[...sections, 'Conclusion'].map((title) => `## ${title}\n${words(250)}`),
    '$$a = b$$ and $c$ and \\(d\\)',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    `## References\n${references}`,
  ].join('\n')
  expect(Object.values(marks(await check('paper', paper)))).toEqual([10, 10, 10, 10, 10, 10])
})

test.each(['idea', 'proposal', 'experiment', 'paper'])(
  'stays within 1 to 10 for whatever is called a %s',
  async (id) => {
    for (const text of ['x', '$'.repeat(5_000), '|--|\n'.repeat(5_000), '# \n'.repeat(5_000), words(100_000)]) {
      const given = Object.values(marks(await check(id, text)))
      expect(given.filter((mark) => !(Number.isInteger(mark) && (mark ?? 0) >= 1 && (mark ?? 0) <= 10))).toEqual([])
    }
  },
)

test.each(['\n', '\\[', '\\(', '$', '$$', '-', '|', '# ', '** references\n', '1'])(
  'a paper of 300 kB of %j is counted at once',
  { timeout: 20_000 },
  async (piece) => {
    const review = await check('paper', `${piece.repeat(300_000 / piece.length)} end`)
    expect(review.scores['length']?.score).toBeLessThanOrEqual(10)
  },
)

test('marks fall with what is missing and with what is too much', async () => {
  const proposal = (count: number): Promise<Review> => check('proposal', `# Introduction\n# Method\n${words(count)}`)
  const [short, right, long] = [await proposal(300), await proposal(2_000), await proposal(12_000)]
  expect([short, right, long].map(({ scores }) => scores['length']?.score)).toEqual([3, 10, 3])
  expect(right.scores['sections']).toEqual({ score: 6, justification: '2 of 4 expected sections' })
  expect(right.scores['maths']?.score).toBe(1)
})
