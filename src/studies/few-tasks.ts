import { mean, standardDeviation } from '../stats/mean.ts'
import { studentQuantile } from '../stats/normal.ts'

/** With fewer tasks, resampled ones leave no doubt as soon as all of them agree, which three do by chance one time in four. */
export const fewTasks = 10

/**
 * One-sided 95 % bounds, by Student's t, for the mean of the tasks' means: what a verdict over few tasks must hold against besides the
 * interval from resampled tasks.
 * @param clusters values by task
 * @returns no bounds at all for a single task; null with tasks enough to resample
 */
export function studentBounds(clusters: readonly (readonly number[])[]): { lo: number; hi: number } | null {
  const means = clusters.flatMap((own) => mean(own) ?? [])
  if (means.length >= fewTasks) return null
  const [middle, deviation] = [mean(means), standardDeviation(means, { divisor: 'n-1' })]
  if (middle === null || deviation === null) return { lo: -Infinity, hi: Infinity }
  const reach = (studentQuantile(0.95, means.length - 1) * deviation) / Math.sqrt(means.length)
  return { lo: middle - reach, hi: middle + reach }
}
