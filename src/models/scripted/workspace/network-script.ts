/** `network.mjs` of the workspace: a small classifier, and the process that draws its data. */
export const networkScript = String.raw`// A two-layer classifier and the process that draws its data. Every random choice comes from a seeded generator.

/** Uniform numbers in [0, 1) from a whole-number seed (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A standard normal number (Box-Muller). */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Inputs -> tanh -> softmax. Parameters lie in one array: hidden weights and biases, then output weights and biases. */
export function createNetwork(random, { inputs, hidden, classes, spread }) {
  const parameters = new Float64Array(hidden * (inputs + 1) + classes * (hidden + 1))
  for (let i = 0; i < hidden * inputs; i++) parameters[i] = (spread * normal(random)) / Math.sqrt(inputs)
  const outputStart = hidden * (inputs + 1)
  for (let i = 0; i < classes * hidden; i++) parameters[outputStart + i] = (spread * normal(random)) / Math.sqrt(hidden)
  return { inputs, hidden, classes, parameters }
}

function hiddenUnits(network, input) {
  const { inputs, hidden, parameters } = network
  const units = new Float64Array(hidden)
  for (let h = 0; h < hidden; h++) {
    let sum = parameters[hidden * inputs + h]
    for (let i = 0; i < inputs; i++) sum += parameters[h * inputs + i] * input[i]
    units[h] = Math.tanh(sum)
  }
  return units
}

function outputs(network, units) {
  const { inputs, hidden, classes, parameters } = network
  const start = hidden * (inputs + 1)
  const logits = new Float64Array(classes)
  for (let c = 0; c < classes; c++) {
    let sum = parameters[start + classes * hidden + c]
    for (let h = 0; h < hidden; h++) sum += parameters[start + c * hidden + h] * units[h]
    logits[c] = sum
  }
  return logits
}

export function logitsOf(network, input) {
  return outputs(network, hiddenUnits(network, input))
}

/** Softmax of the logits divided by a temperature. */
export function softmax(logits, temperature = 1) {
  const highest = logits[argmax(logits)]
  const probabilities = new Float64Array(logits.length)
  let total = 0
  for (let c = 0; c < logits.length; c++) total += probabilities[c] = Math.exp((logits[c] - highest) / temperature)
  for (let c = 0; c < logits.length; c++) probabilities[c] /= total
  return probabilities
}

export function argmax(values) {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}

/** Examples with standard normal inputs; the label is drawn from the teacher's class probabilities. */
export function drawExamples(teacher, random, count) {
  return Array.from({ length: count }, () => {
    const input = Array.from({ length: teacher.inputs }, () => normal(random))
    const truth = softmax(logitsOf(teacher, input))
    let left = random()
    let label = 0
    while (label < truth.length - 1 && left >= truth[label]) left -= truth[label++]
    return { input, truth, label }
  })
}

export function oneHot(label, classes, smoothing = 0) {
  return Array.from({ length: classes }, (_, c) => smoothing / classes + (c === label ? 1 - smoothing : 0))
}

/** Adds one example's cross-entropy gradient to "gradient" and returns its loss. */
export function addGradient(network, { input, target }, gradient) {
  const { inputs, hidden, classes, parameters } = network
  const units = hiddenUnits(network, input)
  const probabilities = softmax(outputs(network, units))
  const start = hidden * (inputs + 1)
  const behind = new Float64Array(hidden)
  let loss = 0
  for (let c = 0; c < classes; c++) {
    const error = probabilities[c] - target[c]
    if (target[c] > 0) loss -= target[c] * Math.log(Math.max(probabilities[c], 1e-12))
    gradient[start + classes * hidden + c] += error
    for (let h = 0; h < hidden; h++) {
      gradient[start + c * hidden + h] += error * units[h]
      behind[h] += error * parameters[start + c * hidden + h]
    }
  }
  for (let h = 0; h < hidden; h++) {
    const error = behind[h] * (1 - units[h] * units[h])
    gradient[hidden * inputs + h] += error
    for (let i = 0; i < inputs; i++) gradient[h * inputs + i] += error * input[i]
  }
  return loss
}

/** One step of gradient descent with momentum 0.9 on a summed gradient of "count" examples. */
export function descend(network, { gradient, velocity, count, rate }) {
  for (let i = 0; i < gradient.length; i++) {
    velocity[i] = 0.9 * velocity[i] - (rate * gradient[i]) / count
    network.parameters[i] += velocity[i]
  }
}

/** Share of examples whose most probable class is "answer(example)". */
export function accuracy(network, examples, answer) {
  const right = examples.filter((example) => argmax(logitsOf(network, example.input)) === answer(example))
  return right.length / examples.length
}

/** Mean negative log probability of the labels, in nats, with logits divided by a temperature. */
export function logLoss(network, examples, temperature = 1) {
  const losses = examples.map(({ input, label }) =>
    -Math.log(Math.max(softmax(logitsOf(network, input), temperature)[label], 1e-12)))
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}
`
