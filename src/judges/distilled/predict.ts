import type { TextFeatures } from './features.ts'

/** The words and word pairs a model knows, by hash. */
export interface Vocabulary {
  /** Place of each term in the weights. */
  readonly places: ReadonlyMap<number, number>
  /** How telling each term is: ln((1 + texts) / (1 + texts that hold it)) + 1. */
  readonly rarity: Float64Array
}

/** A term of a text and its share in the text's vector. */
export type TermValue = readonly [place: number, value: number]

/** How a measure of form enters: cut to a range, then in standard deviations from the mean. */
export interface FormScale {
  readonly least: number
  readonly most: number
  readonly mean: number
  readonly deviation: number
}

/** A linear model for one rubric, as it predicts. */
export interface LinearModel {
  readonly vocabulary: Vocabulary
  readonly form: readonly FormScale[]
  readonly dimensions: readonly {
    readonly id: string
    readonly intercept: number
    readonly formWeights: readonly number[]
    readonly termWeights: ArrayLike<number>
    /** What one unit of a term's weight stands for. */
    readonly termScale: number
  }[]
}

export function makeVocabulary(hashes: ArrayLike<number>, textsWith: ArrayLike<number>, texts: number): Vocabulary {
  return {
    places: new Map(Array.from(hashes, (hash, place) => [hash, place])),
    rarity: Float64Array.from(textsWith, (count) => Math.log((1 + texts) / (1 + count)) + 1),
  }
}

/** TF-IDF of the known terms, of length 1; empty when no term is known. */
export function termVector({ terms }: Pick<TextFeatures, 'terms'>, { places, rarity }: Vocabulary): TermValue[] {
  const values: TermValue[] = []
  let squares = 0
  for (const [hash, count] of terms) {
    const place = places.get(hash)
    if (place === undefined) continue
    const value = (1 + Math.log(count)) * (rarity[place] ?? Number.NaN)
    values.push([place, value])
    squares += value * value
  }
  const length = Math.sqrt(squares)
  return values.map(([place, value]) => [place, value / length])
}

/** Measures of form in standard deviations; 0, the mean, for one that is not known. Nothing counts beyond the range seen. */
export function formVector({ form }: Pick<TextFeatures, 'form'>, scales: readonly FormScale[]): number[] {
  return scales.map(({ least, most, mean, deviation }, index) => {
    const value = form[index] ?? null
    return value === null ? 0 : (Math.min(most, Math.max(least, value)) - mean) / deviation
  })
}

/** Share of a text's words that the vocabulary knows, 0..1. */
export function knownShare({ wordHashes }: Pick<TextFeatures, 'wordHashes'>, { places }: Vocabulary): number {
  return wordHashes.filter((hash) => places.has(hash)).length / Math.max(1, wordHashes.length)
}

/** Predicted marks by dimension, 1..10 and not rounded. */
export function predict(model: LinearModel, features: Pick<TextFeatures, 'terms' | 'form'>): Map<string, number> {
  const terms = termVector(features, model.vocabulary)
  const form = formVector(features, model.form)
  return new Map(
    model.dimensions.map(({ id, intercept, formWeights, termWeights, termScale }) => {
      const ofTerms = terms.reduce((sum, [place, value]) => sum + value * (termWeights[place] ?? Number.NaN), 0)
      const ofForm = form.reduce((sum, value, index) => sum + value * (formWeights[index] ?? Number.NaN), 0)
      return [id, Math.min(10, Math.max(1, intercept + ofTerms * termScale + ofForm))]
    }),
  )
}
