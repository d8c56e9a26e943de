import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingModel } from './missing-model.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (setup: string, code: string, related = '') =>
  missingModel.find(
    await factsOf(
      {
        'paper.md': `# A title\n\n## Related Work\n${related}\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n`,
        'run.py': code,
      },
      sessionOf([{ ran: 'python run.py', output: 'accuracy 0.713' }]),
    ),
  )

it('finds a model that was never loaded, where another one that the paper never names was', async () => {
  const found = await find('We fine-tune GPT-2 on the task.', "model = load('distilbert-base-uncased')\n")
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain('GPT-2')
  expect(found[0]?.message).toContain('DistilBERT')
  expect(found[0]?.evidence.map(({ path, line }) => [path, line])).toEqual([
    ['paper.md', 7],
    ['run.py', 1],
  ])
})

it('is mild where nothing else stands in its place', async () => {
  expect(await find('Models: RoBERTa and a linear probe.', 'x = 1\n')).toMatchObject([{ severity: 'minor' }])
})

it.each([
  ['the model that the code loads', 'We fine-tune GPT-2 on the task.', "load('gpt2')\n"],
  ['another spelling', 'We evaluate Llama-2-7B.', "load('meta-llama/Llama-2-7b-hf')\n"],
  ['plans', 'Future experiments would use GPT-4.', 'x = 1\n'],
  ['examples', 'We use any encoder, such as BERT.', 'x = 1\n'],
  ['part of another name', 'We use a BERT-like encoder and BERTScore.', 'x = 1\n'],
])('says nothing of %s', async (_, setup, code) => {
  expect(await find(setup, code)).toEqual([])
})

it('says nothing of related work, and where there is no code', async () => {
  expect(await find('We train a linear model.', 'x = 1\n', 'We use GPT-4 as others did.')).toEqual([])
  expect(await find('We use GPT-4 as a judge.', '')).toEqual([])
})
