import { formNames, type TextFeatures } from '../../src/judges/distilled/features.ts'
import {
  type FormScale,
  formVector,
  makeVocabulary,
  termVector,
  type Vocabulary,
} from '../../src/judges/distilled/predict.ts'
import { quantile } from '../../src/stats/mean.ts'
import type { Square } from './ridge.ts'

/** How texts become vectors, as learned from the training set alone. */
export interface Encoding {
  readonly texts: number
  readonly hashes: readonly number[]
  /** Texts that hold each term. */
  readonly textsWith: readonly number[]
  readonly vocabulary: Vocabulary
  readonly form: readonly FormScale[]
}

export interface Vector {
  readonly places: Int32Array
  readonly values: Float64Array
  readonly form: readonly number[]
}

export interface VocabularyLimits {
  /** Terms of fewer texts are left out. */
  readonly leastTexts: number
  /** The terms of most texts are kept. */
  readonly mostTerms: number
}

export function learnEncoding(features: readonly TextFeatures[], limits: VocabularyLimits): Encoding {
  const counts = new Map<number, number>()
  for (const { terms } of features) for (const hash of terms.keys()) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  const kept = [...counts]
    .filter(([, count]) => count >= limits.leastTexts)
    .toSorted(([hashA, a], [hashB, b]) => b - a || hashA - hashB)
    .slice(0, limits.mostTerms)
    .toSorted(([a], [b]) => a - b)
  const hashes = kept.map(([hash]) => hash)
  const textsWith = kept.map(([, count]) => count)
  return {
    texts: features.length,
    hashes,
    textsWith,
    vocabulary: makeVocabulary(hashes, textsWith, features.length),
    form: formNames.map((name, index) => learnScale(features.map(({ form }) => form[index] ?? missing(name)))),
  }
}

function missing(name: string): never {
  throw new Error(`a text in training has no measure ${name}`)
}

/** The range holds all but the outermost 0.5 % at either end. */
function learnScale(values: readonly number[]): FormScale {
  const sorted = values.toSorted((a, b) => a - b)
  const least = shorten(quantile(sorted, 0.005))
  const most = shorten(quantile(sorted, 0.995))
  const cut = values.map((value) => Math.min(most, Math.max(least, value)))
  const mean = cut.reduce((sum, value) => sum + value, 0) / cut.length
  const variance = cut.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cut.length
  // a measure that never varies tells nothing, whatever it is divided by
  return { least, most, mean: shorten(mean), deviation: shorten(variance > 0 ? Math.sqrt(variance) : 1) }
}

/** Six significant digits: what the file of weights holds. */
export const shorten = (value: number | null): number => Number((value ?? Number.NaN).toPrecision(6))

export function encode(features: TextFeatures, { vocabulary, form }: Encoding): Vector {
  const terms = termVector(features, vocabulary)
  return {
    places: Int32Array.from(terms, ([place]) => place),
    values: Float64Array.from(terms, ([, value]) => value),
    form: formVector(features, form),
  }
}

/** Inner products of the term vectors, and of the form vectors divided by the number of measures. */
export function innerProducts(vectors: readonly Vector[], terms: number): { ofTerms: Square; ofForm: Square } {
  const size = vectors.length
  const ofTerms = new Float64Array(size * size)
  const ofForm = new Float64Array(size * size)
  const dense = new Float64Array(terms)
  for (const [i, own] of vectors.entries()) {
    own.places.forEach((place, index) => {
      dense[place] = own.values[index] ?? Number.NaN
    })
    for (const [j, other] of vectors.slice(0, i + 1).entries()) {
      ofTerms[i * size + j] = ofTerms[j * size + i] = dotSparse(other, dense)
      const product = own.form.reduce((sum, value, index) => sum + value * (other.form[index] ?? Number.NaN), 0)
      ofForm[i * size + j] = ofForm[j * size + i] = product / own.form.length
    }
    for (const place of own.places) dense[place] = 0
  }
  return { ofTerms: { size, cells: ofTerms }, ofForm: { size, cells: ofForm } }
}

function dotSparse({ places, values }: Vector, dense: Float64Array): number {
  let sum = 0
  // the innermost loop of the training: bounds hold by construction
  for (let index = 0; index < places.length; index += 1)
    sum += (values[index] as number) * (dense[places[index] as number] as number)
  return sum
}

/** Terms and form together: form counts as much as `formShare` of the terms. */
export function addKernels({ ofTerms, ofForm }: { ofTerms: Square; ofForm: Square }, formShare: number): Square {
  return {
    size: ofTerms.size,
    cells: ofTerms.cells.map((value, index) => value + formShare * (ofForm.cells[index] ?? Number.NaN)),
  }
}
