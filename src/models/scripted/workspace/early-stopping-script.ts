/** `experiment.mjs` of the early-stopping study. */
export const earlyStoppingScript = String.raw`// Trains with each stopping rule on each number of labels and measures test log loss and accuracy.
import { readFileSync } from 'node:fs'
import { accuracy, addGradient, createNetwork, createRandom, descend, drawExamples, logLoss, oneHot } from './network.mjs'
import { openReport } from './report.mjs'

const study = JSON.parse(readFileSync('study.json', 'utf8'))
const classes = 3
const longest = 150
const patience = 15

const report = openReport(study)
for (const seed of study.seeds)
  study.conditions.forEach((condition, i) => {
    const budget = study.settings[i]
    const random = createRandom(seed)
    const teacher = createNetwork(random, { inputs: 6, hidden: 8, classes, spread: 2 })
    const test = drawExamples(teacher, random, 500)
    const labelled = drawExamples(teacher, random, budget)
    for (const method of study.methods) {
      const network = train(labelled, { method, seed })
      report.record({ seed, condition, method }, {
        'log loss': logLoss(network, test),
        accuracy: accuracy(network, test, (example) => example.label),
      })
    }
  })
report.finish()

function train(labelled, { method, seed }) {
  const holdOut = method === 'validation patience' ? labelled.length / 4 : 0
  const validation = labelled.slice(0, holdOut)
  const examples = labelled.slice(holdOut).map(({ input, label }) => ({ input, target: oneHot(label, classes) }))
  const network = createNetwork(createRandom(seed + 100000), { inputs: 6, hidden: 16, classes, spread: 1 })
  const velocity = new Float64Array(network.parameters.length)
  let best = { epoch: 0, loss: Infinity, parameters: network.parameters.slice() }
  for (let epoch = 0; epoch < longest; epoch++) {
    if (method === 'validation patience') {
      const loss = logLoss(network, validation)
      if (loss < best.loss) best = { epoch, loss, parameters: network.parameters.slice() }
      if (epoch - best.epoch >= patience) break
    }
    const { gradient, squares } = gradients(network, examples)
    if (method === 'gradient evidence' && evidence({ gradient, squares }, examples.length) < 1) break
    descend(network, { gradient, velocity, count: examples.length, rate: 0.1 })
  }
  return method === 'validation patience' ? { ...network, parameters: best.parameters } : network
}

/** Sums over the examples of each partial derivative and of its square. */
function gradients(network, examples) {
  const gradient = new Float64Array(network.parameters.length)
  const squares = new Float64Array(network.parameters.length)
  for (const example of examples) {
    const own = new Float64Array(network.parameters.length)
    addGradient(network, example, own)
    for (let i = 0; i < own.length; i++) {
      gradient[i] += own[i]
      squares[i] += own[i] * own[i]
    }
  }
  return { gradient, squares }
}

/** Mean over the parameters of squared mean gradient over its squared standard error; about 1 when only noise is left. */
function evidence({ gradient, squares }, count) {
  let sum = 0
  for (let i = 0; i < gradient.length; i++) {
    const centre = gradient[i] / count
    const variance = (squares[i] - count * centre * centre) / (count - 1)
    sum += (centre * centre) / Math.max(variance / count, 1e-12)
  }
  return sum / gradient.length
}
`
