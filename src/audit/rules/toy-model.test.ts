import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { toyModel } from './toy-model.ts'

const find = async (setup: string, code: string, command = 'python run.py') =>
  toyModel.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n`, 'run.py': code },
      sessionOf([{ ran: command, output: 'accuracy 0.713' }]),
    ),
  )

it.each([
  ['a network of its own', 'class Toy(nn.Module):\n    pass\n', 'small networks'],
  ['draws', 'score = np.random.normal(0.7, 0.1)\n', 'draws numbers'],
])('finds %s under the name of a large model', async (_, code, why) => {
  const found = await find('We evaluate Llama-2-7B on all tasks.', code)
  expect(found).toMatchObject([{ severity: 'major', disclosed: false, points: 1, executed: true }])
  expect(found[0]?.message).toContain(why)
})

it('tells where the paper says so', async () => {
  const setup = 'We evaluate Llama-2-7B. All results are simulated and no model was run.'
  expect(await find(setup, 'score = np.random.normal(0.7, 0.1)\n')).toMatchObject([{ disclosed: true }])
})

it.each([
  ['code that loads a model', 'We evaluate Llama-2-7B.', "AutoModel.from_pretrained('x')\n"],
  ['code that calls a service', 'We prompt GPT-4 with the task.', 'client.chat.completions.create()\n'],
  ['networks that are what the paper says', 'We train a small recurrent network.', 'class Toy(nn.Module):\n    pass\n'],
  ['models of others', 'Prior work evaluated GPT-4.', 'class Toy(nn.Module):\n    pass\n'],
])('says nothing of %s', async (_, setup, code) => {
  expect(await find(setup, code)).toEqual([])
})

it('says nothing where commands call a model, or no commands are on record', async () => {
  expect(await find('We evaluate Llama-2-7B.', 'x = 1\n', 'ollama run llama2 && python run.py')).toEqual([])
  const facts = await factsOf({ 'paper.md': '## Experiment Setup\nWe evaluate Llama-2-7B.\n', 'run.py': 'x = 1\n' })
  expect(toyModel.find(facts)).toEqual([])
})
