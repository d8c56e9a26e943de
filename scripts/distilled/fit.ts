import type { TextFeatures } from '../../src/judges/distilled/features.ts'
import type { LinearModel } from '../../src/judges/distilled/predict.ts'
import { addKernels, encode, type Encoding, innerProducts, learnEncoding, type Vector } from './encode.ts'
import { fitRidge, selectSquare, type Square } from './ridge.ts'

/** What is to be learned, one entry a text. */
export interface TrainingSet {
  readonly tasks: readonly string[]
  readonly features: readonly TextFeatures[]
  /** For each dimension, the mean score of the judges for each text. */
  readonly targets: readonly (readonly number[])[]
}

export interface Choice {
  readonly penalty: number
  readonly formShare: number
}

export interface Learned {
  readonly encoding: Encoding
  readonly vectors: readonly Vector[]
  readonly kernels: { readonly ofTerms: Square; readonly ofForm: Square }
}

const vocabularyLimits = { leastTexts: 3, mostTerms: 24_000 }

const penalties = [0.2, 0.5, 1.2, 3, 7]
const formShares = [0.03, 0.1, 0.3]
const choices: readonly Choice[] = formShares.flatMap((formShare) =>
  penalties.map((penalty) => ({ penalty, formShare })),
)

export function learn({ features }: Pick<TrainingSet, 'features'>): Learned {
  const encoding = learnEncoding(features, vocabularyLimits)
  const vectors = features.map((own) => encode(own, encoding))
  return { encoding, vectors, kernels: innerProducts(vectors, encoding.hashes.length) }
}

/**
 * For each dimension, the penalty and share of form with the least squared error on held-out tasks of the training set.
 * @param folds of the tasks, 0, 1, …
 */
export function choose({ kernels }: Learned, set: TrainingSet, folds: ReadonlyMap<string, number>): Choice[] {
  const errors = choices.map((choice) => {
    const kernel = addKernels(kernels, choice.formShare)
    const sums = set.targets.map(() => 0)
    for (const fold of new Set(folds.values())) {
      const [inside, outside] = split(set.tasks, (task) => folds.get(task) !== fold)
      const fits = fitRidge(selectSquare(kernel, inside), pick(set.targets, inside), choice.penalty)
      const base = rowMeans(kernel, inside)
      for (const [dimension, { weights, mean }] of fits.entries())
        for (const index of outside) {
          const predicted = inside.reduce(
            (sum, other, place) =>
              sum +
              (weights[place] ?? Number.NaN) *
                ((kernel.cells[index * kernel.size + other] ?? Number.NaN) - (base[place] ?? Number.NaN)),
            mean,
          )
          const error = predicted - (set.targets[dimension]?.[index] ?? Number.NaN)
          sums[dimension] = (sums[dimension] ?? 0) + error * error
        }
    }
    return sums
  })
  return set.targets.map((_, dimension) => {
    const least = Math.min(...errors.map((sums) => sums[dimension] ?? Number.NaN))
    const chosen = choices[errors.findIndex((sums) => sums[dimension] === least)]
    if (chosen === undefined) throw new Error('no penalty gave a finite error')
    return chosen
  })
}

function split<Item>(items: readonly Item[], isInside: (item: Item) => boolean): [number[], number[]] {
  const indices = items.map((_, index) => index)
  return [
    indices.filter((index) => isInside(items[index] as Item)),
    indices.filter((index) => !isInside(items[index] as Item)),
  ]
}

const pick = (rows: readonly (readonly number[])[], indices: readonly number[]): number[][] =>
  rows.map((row) => indices.map((index) => row[index] ?? Number.NaN))

function rowMeans({ size, cells }: Square, indices: readonly number[]): number[] {
  return indices.map(
    (row) => indices.reduce((sum, column) => sum + (cells[row * size + column] ?? Number.NaN), 0) / indices.length,
  )
}

/** The linear model in terms of words and form that the choices give. */
export function fitModel(
  { encoding, vectors, kernels }: Learned,
  targets: TrainingSet['targets'],
  options: { ids: readonly string[]; choices: readonly Choice[] },
): LinearModel {
  // equal choices share a factorisation
  const fits = new Map<string, { weights: Float64Array; mean: number }>()
  for (const same of Map.groupBy(options.ids.entries(), ([index]) => JSON.stringify(options.choices[index])).values()) {
    const choice = options.choices[same[0]?.[0] ?? -1]
    if (choice === undefined) throw new Error(`no penalty was chosen for ${same.join()}`)
    const own = same.map(([index]) => targets[index] ?? [])
    const found = fitRidge(addKernels(kernels, choice.formShare), own, choice.penalty)
    for (const [place, [, id]] of same.entries()) fits.set(id, found[place] as (typeof found)[number])
  }
  const dimensions = options.ids.map((id, index) => {
    const fit = fits.get(id)
    if (fit === undefined) throw new Error(`no fit for ${id}`)
    const termWeights = new Float64Array(encoding.hashes.length)
    const formWeights = new Float64Array(encoding.form.length)
    const formShare = (options.choices[index]?.formShare ?? Number.NaN) / encoding.form.length
    for (const [text, { places, values, form }] of vectors.entries()) {
      const weight = fit.weights[text] ?? Number.NaN
      addScaled(termWeights, { places, values }, weight)
      addScaled(formWeights, { places: form.keys(), values: form }, weight * formShare)
    }
    // the mean prediction on the training set is the mean target
    const above = vectors.map(
      ({ places, values, form }) =>
        dot(termWeights, { places, values }) + dot(formWeights, { places: form.keys(), values: form }),
    )
    const intercept = fit.mean - above.reduce((sum, value) => sum + value, 0) / above.length
    return { id, intercept, formWeights: [...formWeights], termWeights, termScale: 1 }
  })
  return { vocabulary: encoding.vocabulary, form: encoding.form, dimensions }
}

interface Sparse {
  readonly places: Iterable<number>
  readonly values: ArrayLike<number>
}

function addScaled(total: Float64Array, { places, values }: Sparse, factor: number): void {
  let position = 0
  for (const place of places) {
    total[place] = (total[place] ?? Number.NaN) + factor * (values[position] ?? Number.NaN)
    position += 1
  }
}

function dot(dense: Float64Array, { places, values }: Sparse): number {
  let sum = 0
  let position = 0
  for (const place of places) {
    sum += (dense[place] ?? Number.NaN) * (values[position] ?? Number.NaN)
    position += 1
  }
  return sum
}
