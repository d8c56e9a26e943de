/** `experiment.mjs` of the label-noise study. */
export const labelNoiseScript = String.raw`// Trains each method at each rate of label noise and measures accuracy and fitted noise.
import { readFileSync } from 'node:fs'
import { accuracy, addGradient, argmax, createNetwork, createRandom, descend, drawExamples, logitsOf, oneHot, softmax } from './network.mjs'
import { openReport } from './report.mjs'

const study = JSON.parse(readFileSync('study.json', 'utf8'))
const classes = 3
const warmUp = 25
const epochs = 100
const clean = (example) => argmax(example.truth)

const report = openReport(study)
for (const seed of study.seeds)
  study.conditions.forEach((condition, i) => {
    const rate = study.settings[i]
    const random = createRandom(seed)
    const teacher = createNetwork(random, { inputs: 6, hidden: 8, classes, spread: 3 })
    const test = drawExamples(teacher, random, 500)
    // Every training label is the teacher's most probable class, then changed to another one with probability "rate".
    const training = drawExamples(teacher, random, 120).map((example) => {
      const shift = random() < rate ? 1 + Math.floor(random() * (classes - 1)) : 0
      return { ...example, label: (clean(example) + shift) % classes }
    })
    for (const method of study.methods) {
      const network = train(training, { method, rate, seed })
      report.record({ seed, condition, method }, {
        accuracy: accuracy(network, test, clean),
        'noise fitted': noiseFitted(network, training),
      })
    }
  })
report.finish()

function train(training, { method, rate, seed }) {
  // One initial network a seed, the same for every method.
  const network = createNetwork(createRandom(seed + 100000), { inputs: 6, hidden: 16, classes, spread: 1 })
  const smoothing = method === 'label smoothing' ? 0.2 : 0
  const examples = training.map(({ input, label }) => ({ input, target: oneHot(label, classes, smoothing) }))
  const velocity = new Float64Array(network.parameters.length)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const selecting = method === 'small-loss selection' && epoch >= warmUp
    const kept = selecting ? smallestLosses(network, examples, Math.round(examples.length * (1 - rate))) : examples
    const gradient = new Float64Array(network.parameters.length)
    for (const example of kept) addGradient(network, example, gradient)
    descend(network, { gradient, velocity, count: kept.length, rate: 0.1 })
  }
  return network
}

function smallestLosses(network, examples, count) {
  const lossOf = ({ input, target }) => -Math.log(Math.max(softmax(logitsOf(network, input))[argmax(target)], 1e-12))
  const ranked = examples.map((example) => ({ example, loss: lossOf(example) })).sort((a, b) => a.loss - b.loss)
  return ranked.slice(0, count).map(({ example }) => example)
}

/** Share of the wrongly labelled training examples on which the network repeats the wrong label. */
function noiseFitted(network, training) {
  const wrong = training.filter((example) => example.label !== clean(example))
  return accuracy(network, wrong, (example) => example.label)
}
`
