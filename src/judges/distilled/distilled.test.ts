import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../base/hash.ts'
import { createBudget } from '../../models/budget.ts'
import { createModelCaller } from '../../models/model-caller.ts'
import { loadRubric, rubricIds } from '../../rubrics/rubric.ts'
import { type Review, reviewSchema } from '../../schema/review.ts'
import { describeDistilledWorth, openDistilledJudge } from './distilled.ts'
import { loadWeights } from './weights.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distilled-'))
  await writeFile(
    join(folder, 'task.md'),
    '# Reliable learning\nMethods that make neural networks reliable under shift.',
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const paragraph = `**Motivation**: Neural networks often fail under distribution shift, and current methods need labels that
are costly to collect. This limits their use where reliable predictions matter most.
**Main idea**: We propose a framework that learns which features stay stable across domains and adapts the others at
test time, with a small model that predicts when adaptation would hurt. We evaluate it on public benchmarks for vision
and language against strong baselines, and measure accuracy, calibration and cost.`
const idea = `# Title: Learning when to adapt\n\n${paragraph}\n\n${paragraph.replaceAll('networks', 'models')}`

async function judge(text: string, rubricId = 'idea', trialFolder = folder): Promise<Review> {
  const models = createModelCaller({ providers: {}, secrets: {}, budget: createBudget(null), cache: null })
  return openDistilledJudge().review({
    subject: { trialId: 'task/one/1', trialFolder, path: `${rubricId}.md`, sha256: sha256(text), text },
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

const predictions = ({ scores }: Review): string[] =>
  Object.entries(scores).map(([id, { justification }]) => `${id} ${/^predicted (\d+\.\d\d)/.exec(justification)?.[1]}`)

test('covers ideas and proposals and nothing else', async () => {
  const rubrics = await Promise.all(rubricIds.map(loadRubric))
  const covered = rubrics.filter((rubric) => openDistilledJudge().covers(rubric)).map(({ rubric }) => rubric.id)
  expect(covered).toEqual(['idea', 'proposal'])
})

test('says what it is, under a rubric of its own, free of charge', async () => {
  const review = await judge(idea)
  expect(reviewSchema.parse(review)).toEqual(review)
  expect(review.judge).toEqual({ name: 'offline/distilled', kind: 'distilled', responseModel: null })
  expect(review.rubric).toMatchObject({ id: 'idea-distilled', hash: loadWeights().sha256 })
  expect(review.overall?.weaknesses[0]).toMatch(/no judgement of the research, and blind to fabrication/)
  expect(review.overall?.strengths).toEqual([])
  expect(review.costUsd).toBe(0)
  expect(review.evidence.shown.map(({ path }) => path)).toEqual(['idea.md', 'task.md'])
})

test('scores the dimensions of the rubric, and gives the same text the same marks', async () => {
  for (const id of ['idea', 'proposal']) {
    const { rubric } = await loadRubric(id)
    const review = await judge(idea, id)
    expect(Object.keys(review.scores)).toEqual(rubric.dimensions.map((dimension) => dimension.id))
    expect(predictions(await judge(idea, id))).toEqual(predictions(review))
  }
})

// new weights, or another way to read a text, change these: then say so in the version of the weights
test('predicts for a text of our own what it always predicted', async () => {
  expect(predictions(await judge(idea))).toMatchInlineSnapshot(`
    [
      "consistency 9.17",
      "clarity 8.10",
      "novelty 7.29",
      "feasibility 7.23",
      "significance 8.54",
    ]
  `)
})

test('every mark is the rounded prediction, with what was measured of this dimension', async () => {
  const { scores, overall } = await judge(idea)
  const { dimensions } = loadWeights().rubrics.idea
  for (const [id, { score, justification }] of Object.entries(scores)) {
    const accuracy = dimensions.find((dimension) => dimension.id === id)?.accuracy
    const predicted = Number(/^predicted (\d+\.\d\d)/.exec(justification)?.[1])
    expect(Math.abs(predicted - score)).toBeLessThanOrEqual(0.51)
    expect(justification).toContain(`Spearman ${accuracy?.newTasks.spearman.toFixed(2)} (within one model's works`)
    expect(justification).toContain(`models new to it as well: Spearman ${accuracy?.newModels.spearman.toFixed(2)}`)
    expect(describeDistilledWorth('idea-distilled')).toContain(`${id} ${accuracy?.newTasks.spearman.toFixed(2)} / `)
  }
  expect(overall?.weaknesses[1]).toMatch(/^predicted \d/)
})

test('trusts a text like those it was trained on, and says what sets another apart', async () => {
  expect((await judge(idea)).scores['novelty']?.justification).not.toMatch(/LOW SUPPORT/)
  const short = idea.slice(0, 450)
  expect((await judge(short)).scores['novelty']?.justification).toMatch(/LOW SUPPORT: \d+ words, trained on \d+ to \d+/)
  const odd = `${idea} ${'flimsily gorging walruses bewail zany quagmires. '.repeat(12)}`
  expect((await judge(odd)).scores['novelty']?.justification).toMatch(/LOW SUPPORT: .*of the words known/)
  const alone = await judge(idea, 'idea', join(folder, 'nowhere'))
  expect(alone.scores['novelty']?.justification).toMatch(/LOW SUPPORT: no task to compare with/)
  expect(alone.evidence.shown.map(({ path }) => path)).toEqual(['idea.md'])
})

test.each([
  ['an idea of a few words', 'Train a bigger model on more data.', 'too-short'],
  ['the same word over and over', 'excellent '.repeat(500), 'too-short'],
  [
    'another language',
    'Wir schlagen ein Verfahren vor, das robuste Merkmale über verschiedene Domänen hinweg lernt und dabei ohne zusätzliche Annotationen auskommt, sodass zuverlässige Vorhersagen auch unter veränderten Bedingungen gelingen.',
    'unknown-words',
  ],
])('does not score %s', async (_, text, code) => {
  await expect(judge(text)).rejects.toMatchObject({ name: 'JudgementError', code })
})
