import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { missingNetwork } from './missing-network.ts'

const find = async (setup: string, code: string, files: Record<string, string> = {}) =>
  missingNetwork.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n`, 'run.py': code, ...files },
      sessionOf([{ ran: 'python run.py', output: 'accuracy 0.713' }]),
    ),
  )
const forest = 'model = RandomForestClassifier().fit(rows, labels)\n'

it.each([
  ['We train a two-layer GCN on the citations.', 'graph convolutional network'],
  ['We implemented an LSTM over the traces.', 'LSTM'],
  ['Models: CNN, random forest.', 'convolutional network'],
  ['We trained a variational autoencoder on the images.', 'variational autoencoder'],
])('finds a kind of network that nothing builds: %s', async (setup, name) => {
  const found = await find(setup, forest)
  expect(found).toMatchObject([{ severity: 'minor' }])
  expect(found[0]?.message).toContain(`ran a ${name}`)
})

it.each([
  ['layers of the kind', 'We train an LSTM.', 'rnn = nn.LSTM(4, 8)\n', {}],
  ['the same by hand', 'We train a GCN.', 'out = adjacency @ features\n', {}],
  ['other networks of the kind', 'We train a CNN.', 'net = resnet18()\n', {}],
  ['configuration', 'We train an LSTM.', 'main()\n', { 'config.yaml': 'model: lstm\n' }],
  ['notebooks', 'We train an LSTM.', forest, { 'net.ipynb': '{"cells": ["LSTM(4)"]}' }],
  ['data of that name', 'We evaluate on CNN/DailyMail.', forest, {}],
  ['work of others', 'Kim et al. trained a CNN for this.', forest, {}],
  ['pretrained networks', 'We use a pre-trained CNN for features.', forest, {}],
  ['plans', 'We plan to train a GCN next.', forest, {}],
])('says nothing of %s', async (...[, setup, code, files]) => {
  expect(await find(setup, code, files)).toEqual([])
})
