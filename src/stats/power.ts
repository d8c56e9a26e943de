import { mean, standardDeviation } from './mean.ts'
import { normalQuantile, studentQuantile } from './normal.ts'
import { mulberry32 } from './random.ts'

/**
 * Where simulated differences between two sides come from: observed ones, by task, of which only the spread of the task means is used; or
 * a normal distribution.
 */
export type DifferenceSource =
  | { readonly kind: 'observed'; readonly clusters: readonly (readonly number[])[] }
  | { readonly kind: 'normal'; readonly standardDeviation: number }

export interface SimulationOptions {
  /** Of the two-sided paired t-test over tasks; default 0.05. */
  readonly alpha?: number | undefined
  /** Simulated studies; default 4,000: an error of at most 0.8 points in the power. */
  readonly simulations?: number | undefined
  readonly seed?: number | undefined
}

export interface Power {
  /** Chance 0..1 of a significant difference in the right direction. */
  readonly power: number
  /** Of the simulation. */
  readonly standardError: number
}

/**
 * Chance that a study of `tasks` tasks finds a true mean difference `delta` significant, and in its direction. Task means are drawn
 * with replacement from the source, moved to mean `delta`, and tested by a paired t-test over tasks.
 * @returns null when the source has fewer than two tasks, or no spread
 * @throws RangeError for fewer than two tasks, or a delta below 0
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 25
 */
export function simulatePower(
  source: DifferenceSource,
  options: SimulationOptions & { readonly tasks: number; readonly delta: number },
): Power | null {
  checkDelta(options.delta)
  const thresholds = smallestFound(source, options)
  return thresholds === null ? null : powerAt(thresholds, options.delta)
}

/**
 * Smallest true mean difference that a study of `tasks` tasks finds with the given power, in the unit of the differences.
 * @param options power 0..1, default 0.8
 * @returns null when the source has fewer than two tasks, or no spread
 * @throws RangeError for fewer than two tasks
 */
export function minimumDetectableEffect(
  source: DifferenceSource,
  options: SimulationOptions & { readonly tasks: number; readonly power?: number | undefined },
): number | null {
  const { power = 0.8 } = options
  checkPower(power)
  const thresholds = smallestFound(source, options)
  const smallest = thresholds?.[Math.ceil(power * thresholds.length) - 1]
  return smallest === undefined || smallest === Infinity ? null : Math.max(0, smallest)
}

/**
 * Fewest tasks with which a true mean difference `delta` is found with the given power, as with every larger
 * number tried (about a third more). Simulated studies are followed task by task.
 * @param options delta > 0 in the unit of the differences; power 0..1, default 0.8; maximumTasks, default 2,000
 * @returns null when the source has fewer than two tasks or no spread, or when `maximumTasks` are not enough
 * @throws RangeError for a delta that is not positive
 */
export function tasksNeeded(
  source: DifferenceSource,
  options: SimulationOptions & {
    readonly delta: number
    readonly power?: number | undefined
    readonly maximumTasks?: number | undefined
  },
): number | null {
  const { delta, power = 0.8, maximumTasks = 2_000, ...simulation } = options
  checkDelta(delta)
  checkPower(power)
  if (delta === 0) throw new RangeError('no number of tasks finds a difference of 0')
  if (!Number.isInteger(maximumTasks) || maximumTasks < 2) {
    throw new RangeError(`a study needs at least two tasks, not ${maximumTasks}`)
  }
  const spread = spreadOf(source)
  if (spread === null) return null
  // About a third more than the normal distribution asks for: mostly enough at once.
  const deviations = normalQuantile(1 - (simulation.alpha ?? 0.05) / 2) + normalQuantile(power)
  const first = 8 + Math.ceil(1.3 * ((deviations * spread) / delta) ** 2)
  for (let tasks = Math.min(first, maximumTasks); ; tasks = Math.min(2 * tasks, maximumTasks)) {
    const powers = powerByTasks(source, { ...simulation, tasks, delta })
    if (powers === null) return null
    if ((powers[tasks] ?? 0) >= power) return powers.findLastIndex((value) => value < power) + 1
    if (tasks >= maximumTasks) return null
  }
}

/** The power for each number of tasks up to `tasks`, in its place; 0 for fewer than two. Null when the source has no spread. */
function powerByTasks(
  source: DifferenceSource,
  options: SimulationOptions & { readonly tasks: number; readonly delta: number },
): Float64Array | null {
  const { tasks, delta, alpha = 0.05, simulations = 4_000 } = options
  const critical = Array.from({ length: tasks + 1 }, (_, n) => (n < 2 ? 0 : studentQuantile(1 - alpha / 2, n - 1)))
  const found = new Float64Array(tasks + 1)
  const simulated = simulateStudies(source, options, (n, centre, squares) => {
    if (thresholdOf(critical[n] ?? 0, { n, centre, squares }) <= delta) found[n] = (found[n] ?? 0) + 1
  })
  return simulated ? found.map((count) => count / simulations) : null
}

/**
 * For each simulated study, the smallest true difference that its t-test would find: the same noise with a larger difference is found
 * too, so that the power never falls as the difference grows. Ascending; null when the source has no spread.
 */
function smallestFound(
  source: DifferenceSource,
  options: SimulationOptions & { readonly tasks: number },
): Float64Array | null {
  const { tasks, alpha = 0.05 } = options
  if (!Number.isInteger(tasks) || tasks < 2) throw new RangeError(`a study needs at least two tasks, not ${tasks}`)
  const critical = studentQuantile(1 - alpha / 2, tasks - 1)
  const thresholds: number[] = []
  const simulated = simulateStudies(source, options, (n, centre, squares) => {
    if (n === tasks) thresholds.push(thresholdOf(critical, { n, centre, squares }))
  })
  return simulated ? Float64Array.from(thresholds).sort() : null
}

interface Study {
  readonly n: number
  /** Mean of the noise. */
  readonly centre: number
  /** Sum of squared distances from it. */
  readonly squares: number
}

/** The smallest true difference a t-test finds under this noise. Tasks that all came out the same leave it undefined: nothing is found. */
function thresholdOf(critical: number, { n, centre, squares }: Study): number {
  return squares === 0 ? Infinity : critical * Math.sqrt(squares / (n - 1) / n) - centre
}

/**
 * Visits every simulated study each time a task, from the second on, has joined it. A study of n tasks is the beginning of the same study with
 * more, so that numbers of tasks are compared on the same noise.
 * @returns whether there was a spread to simulate
 */
function simulateStudies(
  source: DifferenceSource,
  { tasks, simulations = 4_000, seed = 19955 }: SimulationOptions & { readonly tasks: number },
  visit: (n: number, centre: number, squares: number) => void,
): boolean {
  if (!Number.isInteger(simulations) || simulations < 1)
    throw new RangeError(`no number of simulations: ${simulations}`)
  const noise = noiseOf(source)
  if (noise === null) return false
  const seeds = mulberry32(seed)
  for (let study = 0; study < simulations; study += 1) {
    const random = mulberry32(Math.floor(seeds() * 2 ** 32))
    let centre = 0
    let squares = 0
    for (let n = 1; n <= tasks; n += 1) {
      const distance = noise(random) - centre
      centre += distance / n
      squares += distance * distance * (1 - 1 / n)
      if (n > 1) visit(n, centre, squares)
    }
  }
  return true
}

function powerAt(thresholds: Float64Array, delta: number): Power {
  const found = thresholds.findIndex((threshold) => threshold > delta)
  const power = (found === -1 ? thresholds.length : found) / thresholds.length
  return { power, standardError: Math.sqrt((power * (1 - power)) / thresholds.length) }
}

/** Draws task differences with mean 0; null when the source has no spread. */
function noiseOf(source: DifferenceSource): ((random: () => number) => number) | null {
  const spread = spreadOf(source)
  if (spread === null) return null
  if (source.kind === 'normal') {
    // Box & Muller 1958; 1 - u is never 0.
    return (random) => spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  }
  const means = taskMeans(source.clusters)
  const centre = mean(means) ?? 0
  // Drawn values have the divisor n; the population's estimate has n - 1.
  const stretch = Math.sqrt(means.length / (means.length - 1))
  const noise = means.map((value) => (value - centre) * stretch)
  return (random) => noise[Math.floor(random() * noise.length)] ?? 0
}

/** Standard deviation of the task means; null when there is none or it is 0. */
function spreadOf(source: DifferenceSource): number | null {
  const spread =
    source.kind === 'normal'
      ? source.standardDeviation
      : standardDeviation(taskMeans(source.clusters), { divisor: 'n-1' })
  return spread === null || !(spread > 0 && spread < Infinity) ? null : spread
}

function taskMeans(clusters: readonly (readonly number[])[]): number[] {
  return clusters.flatMap((cluster) => mean(cluster) ?? [])
}

function checkDelta(delta: number): void {
  if (!(delta >= 0)) throw new RangeError(`the difference to find must not be below 0: ${delta}`)
}

function checkPower(power: number): void {
  if (!(power > 0 && power < 1)) throw new RangeError(`the power must lie between 0 and 1: ${power}`)
}
