import { scales } from './rounding.ts'

/** Numbers sorted by their absolute value, so that the ones near a claim are found without looking at the rest. */
export interface ValueIndex {
  /** Places of values within `[low, high]`, ascending by value; at most `most`, spread evenly where there are more. */
  within(range: readonly [low: number, high: number], most: number): number[]
  /** Share of values of this precision within 30 % of the value that the evidence holds on any scale: 0..1. */
  coverage(value: number, decimals: number): number
}

/** Share of itself by which a value may be moved for the coverage around it. */
const around = 0.3

export function indexValues(values: readonly number[]): ValueIndex {
  const places = values.flatMap((value, place) => (Number.isFinite(value) ? [place] : []))
  const size = (place: number) => Math.abs(values[place] ?? 0)
  places.sort((a, b) => size(a) - size(b) || a - b)
  const sorted = Float64Array.from(places, size)
  const occupied = new Map<string, Float64Array>()

  /** The distinct cells of one width that the values fall into, ascending. */
  function cellsOf(unit: number, scale: number): Float64Array {
    const key = `${unit} ${scale}`
    let cells = occupied.get(key)
    if (cells === undefined) {
      const distinct: number[] = []
      for (const value of sorted) {
        const cell = Math.round((value * scale) / unit)
        if (cell !== distinct.at(-1)) distinct.push(cell)
      }
      cells = Float64Array.from(distinct)
      occupied.set(key, cells)
    }
    return cells
  }

  return {
    within([low, high], most) {
      const from = firstNotBelow(sorted, low)
      const to = firstAbove(sorted, high)
      const step = Math.max(1, (to - from) / most)
      const found: number[] = []
      for (let at = from; at < to; at += step) {
        const place = places[Math.floor(at)]
        if (place !== undefined) found.push(place)
      }
      return found
    },
    coverage(value, decimals) {
      const window = valuesAround(value, decimals)
      if (window === null) return 0
      const { low, high, unit } = window
      let filled = 0
      for (const scale of scales) {
        const cells = cellsOf(unit, scale)
        filled += firstAbove(cells, high) - firstNotBelow(cells, low)
      }
      return Math.min(1, filled / (high - low + 1))
    },
  }
}

/** The values of one precision within 30 % of a value, as multiples of their unit; null where there are none to speak of. */
export function valuesAround(value: number, decimals: number): { low: number; high: number; unit: number } | null {
  // Wider and finer precisions than these say no more, and each costs a pass.
  const unit = 10 ** -Math.max(-12, Math.min(8, decimals))
  const middle = Math.abs(value) / unit
  const low = Math.ceil(middle * (1 - around))
  const high = Math.floor(middle * (1 + around))
  return high >= low && middle <= 2 ** 52 ? { low, high, unit } : null
}

/** Place of the first value that is at least `bound`. */
function firstNotBelow(sorted: Float64Array, bound: number): number {
  return bisect(sorted, (value) => value >= bound)
}

function firstAbove(sorted: Float64Array, bound: number): number {
  return bisect(sorted, (value) => value > bound)
}

function bisect(sorted: Float64Array, isBehind: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBehind(sorted[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}
