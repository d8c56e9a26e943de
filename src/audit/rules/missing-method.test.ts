import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingMethod } from './missing-method.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (said: string, code: string, heading = 'Experiment Setup') =>
  missingMethod.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## ${heading}\n${said}\n\n## Results\nAccuracy is 71.3 %.\n`, 'run.py': code },
      sessionOf([{ ran: 'python run.py', output: 'accuracy 0.713' }]),
    ),
  )

it.each([
  ['an optimiser', 'Optimizer: AdamW with weight decay.', 'model.step()\n', 'AdamW'],
  ['an adapter', 'The model was fine-tuned with LoRA.', 'loss.backward()\n', 'LoRA'],
  ['a way of decoding', 'Outputs were generated with beam search.', 'model.generate(x)\n', 'beam search'],
])('finds %s that nothing names', async (...[, said, code, name]) => {
  const found = await find(said, code)
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain(name)
})

it.each([
  ['what the code names', 'Optimizer: AdamW.', 'torch.optim.AdamW(p)\n'],
  ['a default of a library', 'Optimizer: AdamW.', 'Trainer(model).run()\n'],
  ['another spelling', 'Outputs were generated with beam search.', 'model.generate(x, num_beams=4)\n'],
  ['plans', 'Future versions would be fine-tuned with LoRA.', 'x = 1\n'],
])('says nothing of %s', async (_, said, code) => {
  expect(await find(said, code)).toEqual([])
})

it('says nothing of chapters on the method as such', async () => {
  expect(await find('The policy is trained with LoRA.', 'x = 1\n', 'Methodology')).toEqual([])
})
