/** Sum of one value for each cluster over the drawn clusters, for every resample.
 * @param values one for each cluster, finite
 * @param draws what `drawClusters` gave for that many clusters */
export function drawnTotals(values: Float64Array, draws: Uint32Array): Float64Array {
  const alike = new Map<number, number[]>()
  for (const [cluster, value] of values.entries()) {
    const others = alike.get(value)
    if (others === undefined) alike.set(value, [cluster])
    else others.push(cluster)
  }
  return alike.size * 8 <= values.length && values.length < 2 ** 16
    ? totalsOfFew(alike, { draws, clusters: values.length })
    : totalsOfMany(values, draws)
}

/** Adds up value by value. Four sums side by side: one would wait for each addition to end. */
function totalsOfMany(values: Float64Array, draws: Uint32Array): Float64Array {
  const clusters = values.length
  const totals = new Float64Array(draws.length / clusters)
  for (let resample = 0; resample < totals.length; resample += 1) {
    const end = (resample + 1) * clusters
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    let place = resample * clusters
    for (; place + 3 < end; place += 4) {
      a += values[draws[place] as number] as number
      b += values[draws[place + 1] as number] as number
      c += values[draws[place + 2] as number] as number
      d += values[draws[place + 3] as number] as number
    }
    for (; place < end; place += 1) a += values[draws[place] as number] as number
    totals[resample] = a + b + (c + d)
  }
  return totals
}

/** Scores take few values, and the total follows from how often each is drawn. Two resamples are counted with each addition, and the
 * commonest value is what the other counts leave over. Several times as fast as adding up. */
function totalsOfFew(
  alike: ReadonlyMap<number, readonly number[]>,
  drawing: { readonly draws: Uint32Array; readonly clusters: number },
): Float64Array {
  const { draws, clusters } = drawing
  const resamples = draws.length / clusters
  const lanes = lanesOf(draws, clusters)
  const words = lanes.length / clusters
  const [first, ...others] = [...alike].toSorted(([, a], [, b]) => b.length - a.length)
  const commonest = first?.[0] ?? 0
  const totals = new Float64Array(resamples).fill(commonest * clusters)
  const counts = new Uint32Array(words)
  const halves = new Uint16Array(counts.buffer)
  for (const [value, members] of others) {
    counts.fill(0)
    for (const cluster of members) {
      const row = cluster * words
      for (let word = 0; word < words; word += 1) {
        counts[word] = (counts[word] as number) + (lanes[row + word] as number)
      }
    }
    const excess = value - commonest
    for (let resample = 0; resample < resamples; resample += 1) {
      totals[resample] = (totals[resample] as number) + excess * (halves[resample] as number)
    }
  }
  return totals
}

const known = new WeakMap<Uint32Array, Uint32Array>()

/** How often each cluster is in each resample: clusters × resamples, two neighbouring resamples in one word, 16 bits each. */
function lanesOf(draws: Uint32Array, clusters: number): Uint32Array {
  const kept = known.get(draws)
  if (kept !== undefined) return kept
  const resamples = draws.length / clusters
  const words = Math.ceil(resamples / 2)
  const lanes = new Uint32Array(clusters * words)
  const halves = new Uint16Array(lanes.buffer)
  let place = 0
  for (let resample = 0; resample < resamples; resample += 1) {
    for (let item = 0; item < clusters; item += 1) {
      const half = (draws[place] as number) * 2 * words + resample
      halves[half] = (halves[half] as number) + 1
      place += 1
    }
  }
  known.set(draws, lanes)
  return lanes
}
