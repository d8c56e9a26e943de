import type { Packing } from './packed-words.ts'
import { mulberry32 } from './random.ts'

export interface DrawOptions {
  readonly resamples: number
  readonly seed: number
}

/** Drawing is a pure function of its arguments, and many statistics of one study share its draws: the last few are kept. */
const keptDraws = new Map<string, Uint32Array>()
const keptWords = new Map<string, Float64Array>()
const mostKept = 8
const longestKept = 4_000_000

/** Which clusters each resample holds: resamples × clusters places 0..clusters-1, one resample after the other, drawn with replacement
 * by a generator that begins anew for every call. Do not write into it.
 * @throws RangeError for resamples that are not a positive whole number */
export function drawClusters(clusters: number, { resamples, seed }: DrawOptions): Uint32Array {
  assertResamples(resamples)
  return keep(keptDraws, `${clusters} ${resamples} ${seed}`, () => {
    const random = mulberry32(seed)
    const draws = new Uint32Array(clusters * resamples)
    for (let place = 0; place < draws.length; place += 1) draws[place] = Math.floor(random() * clusters)
    return draws
  })
}

/** How often each resample of {@link drawClusters} holds each cluster, with several resamples in a word, the first of them lowest:
 * words × clusters, the last words not always full. Do not write into it.
 * @throws RangeError as drawClusters */
export function timesDrawn(
  clusters: number,
  { resamples, seed, base, perWord }: DrawOptions & Packing,
): Float64Array<ArrayBufferLike> {
  assertResamples(resamples)
  return keep(keptWords, `${clusters} ${resamples} ${seed} ${base}`, () => {
    const random = mulberry32(seed)
    const words = new Float64Array(Math.ceil(resamples / perWord) * clusters)
    for (let resample = 0; resample < resamples; resample += 1) {
      const from = Math.floor(resample / perWord) * clusters
      const unit = base ** (resample % perWord)
      for (let draw = 0; draw < clusters; draw += 1) {
        const cell = from + Math.floor(random() * clusters)
        words[cell] = (words[cell] as number) + unit
      }
    }
    return words
  })
}

function assertResamples(resamples: number): void {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`the number of resamples must be a positive whole number, not ${resamples}`)
}

function keep<Kept extends { readonly length: number }>(kept: Map<string, Kept>, key: string, make: () => Kept): Kept {
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = make()
  if (made.length <= longestKept) {
    const oldest = kept.keys().next()
    if (kept.size >= mostKept && oldest.done !== true) kept.delete(oldest.value)
    kept.set(key, made)
  }
  return made
}
