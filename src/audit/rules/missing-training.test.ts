import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingTraining } from './missing-training.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (setup: string, code: string) =>
  missingTraining.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nROUGE is 0.213.\n`, 'run.py': code },
      sessionOf([{ ran: 'python run.py', output: 'rouge 0.213' }]),
    ),
  )
const setup = 'Models were trained with AdamW.\n\nThe learning rate is 3e-5.\n'

it('finds training that no code does', async () => {
  const found = await find(setup, "summary = pipeline('summarization')(text)\nprint(summary)\n")
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain('line 4, 6')
})

it.each([
  ['a gradient', setup, 'loss.backward()\n'],
  ['an estimator that is fitted', setup, 'model.fit(x, y)\n'],
  ['a function that trains', setup, 'train_model(data)\n'],
  ['models that others trained', 'We use pretrained models without any training.', 'pipeline(text)\n'],
  ['a single sign', 'The optimizer Adam is well known.', 'pipeline(text)\n'],
])('says nothing of %s', async (_, said, code) => {
  expect(await find(said, code)).toEqual([])
})
