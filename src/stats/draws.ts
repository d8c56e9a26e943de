import { mulberry32 } from './random.ts'

export interface DrawOptions {
  readonly resamples: number
  readonly seed: number
}

/** Drawing is a pure function of its arguments, and many statistics of one study share its draws: the last few are kept. */
const kept = new Map<string, Uint32Array>()
const mostKept = 8
const longestKept = 4_000_000

/** Which clusters each resample holds: resamples × clusters places 0..clusters-1, one resample after the other, drawn with replacement
 * by a generator that begins anew for every call. Do not write into it.
 * @throws RangeError for resamples that are not a positive whole number */
export function drawClusters(clusters: number, options: DrawOptions): Uint32Array {
  const { resamples, seed } = options
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(`the number of resamples must be a positive whole number, not ${resamples}`)
  }
  const key = `${clusters} ${resamples} ${seed}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const random = mulberry32(seed)
  const draws = new Uint32Array(clusters * resamples)
  for (let place = 0; place < draws.length; place += 1) draws[place] = Math.floor(random() * clusters)
  if (draws.length <= longestKept) {
    const oldest = kept.keys().next()
    if (kept.size >= mostKept && oldest.done !== true) kept.delete(oldest.value)
    kept.set(key, draws)
  }
  return draws
}

const counted = new WeakMap<Uint32Array, Uint16Array>()

/** How often each resample holds each cluster, resamples × clusters. Do not write into it.
 * @param draws what {@link drawClusters} gave for that many clusters; a count holds up to 65,535, far above what is ever drawn */
export function timesDrawn(draws: Uint32Array, clusters: number): Uint16Array {
  const known = counted.get(draws)
  if (known !== undefined) return known
  const times = new Uint16Array(draws.length)
  for (let place = 0; place < draws.length; place += 1) {
    const cell = place - (place % clusters) + (draws[place] as number)
    times[cell] = (times[cell] as number) + 1
  }
  counted.set(draws, times)
  return times
}
