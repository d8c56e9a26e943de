import type { EvidenceNumber } from './evidence.ts'
import { numberOfValue, type Sink } from './collector.ts'

export interface SeriesValue {
  readonly value: number
  readonly line: number
}

/** Longer series are told by what is said of a series, not by each value. */
export const longestSeries = 60

/**
 * Adds what is commonly said of a series: mean, both standard deviations, extremes, median, first and last.
 * @param of.isPart of a table too long to be read value by value: then its extremes, first and last are told however short it is
 */
export function addStatistics(
  sink: Sink,
  series: readonly SeriesValue[],
  { words, isPart = false }: { words: readonly string[]; isPart?: boolean },
): void {
  let [count, sum, low, high] = [0, 0, -1, -1]
  const values = new Float64Array(series.length)
  for (const [index, { value }] of series.entries()) {
    if (!Number.isFinite(value)) continue
    values[count] = value
    count += 1
    sum += value
    if (low === -1 || value < (series[low]?.value ?? value)) low = index
    if (high === -1 || value > (series[high]?.value ?? value)) high = index
  }
  const first = series.find(({ value }) => Number.isFinite(value))
  if (count < 2 || first === undefined) return
  const mean = sum / count
  let squares = 0
  for (let index = 0; index < count; index += 1) squares += ((values[index] ?? mean) - mean) ** 2
  const add = (statistic: EvidenceNumber['statistic'], value: number, line: number): void => {
    const number = numberOfValue(value)
    const source = sink.sourceOf(line)
    if (number !== null && source !== null) sink.collector.add({ number, source, line, words, statistic })
  }
  add('mean', mean, first.line)
  add('std', Math.sqrt(squares / count), first.line)
  add('std', Math.sqrt(squares / (count - 1)), first.line)
  if (series.length <= longestSeries && !isPart) return
  const last = series.findLast(({ value }) => Number.isFinite(value)) ?? first
  add('min', series[low]?.value ?? first.value, series[low]?.line ?? first.line)
  add('max', series[high]?.value ?? first.value, series[high]?.line ?? first.line)
  add('first', first.value, first.line)
  add('last', last.value, last.line)
  add('median', medianOf(values.subarray(0, count).sort()), first.line)
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1
  const [below, above] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0]
  return sorted.length % 2 === 1 ? above : (below + above) / 2
}
