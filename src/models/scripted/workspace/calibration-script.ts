/** `experiment.mjs` of the calibration study. */
export const calibrationScript = String.raw`// Spends each budget of labels in each way and measures calibration error and log loss.
import { readFileSync } from 'node:fs'
import { addGradient, argmax, createNetwork, createRandom, descend, drawExamples, logitsOf, logLoss, oneHot, softmax } from './network.mjs'
import { openReport } from './report.mjs'

const study = JSON.parse(readFileSync('study.json', 'utf8'))
const classes = 3
const bins = 10
// Temperatures tried, from 1/4 to 8 in equal steps of the logarithm.
const temperatures = Array.from({ length: 61 }, (_, i) => 0.25 * 32 ** (i / 60))

const report = openReport(study)
for (const seed of study.seeds)
  study.conditions.forEach((condition, i) => {
    const budget = study.settings[i]
    const random = createRandom(seed)
    const teacher = createNetwork(random, { inputs: 6, hidden: 8, classes, spread: 2 })
    const test = drawExamples(teacher, random, 800)
    const labelled = drawExamples(teacher, random, budget)
    const heldOut = labelled.slice(0, budget / 4)
    const onAll = train(labelled, seed)
    const onRest = train(labelled.slice(budget / 4), seed)
    const fitted = {
      'no calibration': [onAll, 1],
      'temperature scaling': [onRest, chooseTemperature(onRest, heldOut, 0)],
      'shrunken temperature': [onRest, chooseTemperature(onRest, heldOut, 4)],
    }
    for (const method of study.methods) {
      const [network, temperature] = fitted[method]
      report.record({ seed, condition, method }, {
        'calibration error': calibrationError(network, test, temperature),
        'log loss': logLoss(network, test, temperature),
      })
    }
  })
report.finish()

function train(labelled, seed) {
  const network = createNetwork(createRandom(seed + 100000), { inputs: 6, hidden: 16, classes, spread: 1 })
  const examples = labelled.map(({ input, label }) => ({ input, target: oneHot(label, classes) }))
  const velocity = new Float64Array(network.parameters.length)
  for (let epoch = 0; epoch < 100; epoch++) {
    const gradient = new Float64Array(network.parameters.length)
    for (const example of examples) addGradient(network, example, gradient)
    descend(network, { gradient, velocity, count: examples.length, rate: 0.1 })
  }
  return network
}

/** The temperature with the smallest held-out loss plus "strength" times the squared distance of its logarithm from log 1.5. */
function chooseTemperature(network, heldOut, strength) {
  const cost = (temperature) =>
    heldOut.length * logLoss(network, heldOut, temperature) + strength * Math.log(temperature / 1.5) ** 2
  return temperatures.reduce((best, next) => (cost(next) < cost(best) ? next : best))
}

/** Gap between confidence and accuracy in equal-width bins of confidence, averaged over the examples. */
function calibrationError(network, examples, temperature) {
  const gaps = new Float64Array(bins)
  for (const { input, label } of examples) {
    const probabilities = softmax(logitsOf(network, input), temperature)
    const confidence = Math.max(...probabilities)
    const bin = Math.min(bins - 1, Math.floor(confidence * bins))
    gaps[bin] += confidence - (argmax(probabilities) === label ? 1 : 0)
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / examples.length
}
`
