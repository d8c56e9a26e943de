import type { ResultValue } from '../../schema/audit.ts'
import { areEqual, excessOf } from './compare.ts'
import type { ResultValues } from './read-values.ts'

/** How the original and each new run lie to the others, over the values that change from run to run. */
export interface Chance {
  /** How many values change. */
  readonly values: number
  readonly original: Outliers
  /** Of the new run that lies farthest from the others. */
  readonly newRuns: Outliers
}

interface Outliers {
  /** Of values farther outside the others' range than the range is wide, 0..1. */
  readonly share: number
  /** Of the farthest, in widths of the range. */
  readonly farthest: number
}

const none: Outliers = { share: 0, farthest: 0 }
export const noChance: Chance = { values: 0, original: none, newRuns: none }

/** How far the original is from the new runs, and how far these are from each other, by the same measure. */
export function measureChance(
  before: ReadonlyMap<string, ResultValues>,
  runs: readonly ReadonlyMap<string, ResultValues>[],
): Chance {
  let values = 0
  const original = { share: 0, farthest: 0 }
  const news = runs.map(() => ({ share: 0, farthest: 0 }))
  for (const [path, { values: placed }] of before)
    for (const [place, { value }] of placed) {
      const after = runs.map((run) => run.get(path)?.values.get(place)?.value)
      const present = after.filter((one) => one !== undefined)
      const [first] = present
      if (first === undefined || present.every((one) => areEqual(one, first))) continue
      values += 1
      count(original, value, present)
      for (const [index, one] of after.entries()) {
        const own = news[index]
        const others = after.toSpliced(index, 1).filter((other) => other !== undefined)
        if (one !== undefined && own !== undefined) count(own, one, others)
      }
    }
  if (values === 0) return noChance
  const share = Math.max(...news.map((run) => run.share)) / values
  return {
    values,
    original: { ...original, share: original.share / values },
    newRuns: { share, farthest: Math.max(...news.map((run) => run.farthest)) },
  }
}

function count(
  outliers: { share: number; farthest: number },
  value: ResultValue,
  others: readonly ResultValue[],
): void {
  const excess = excessOf(value, others)
  if (excess > 1) outliers.share += 1
  if (excess > outliers.farthest) outliers.farthest = excess
}

/** Whether the original lies outside the new runs more often, or farther, than any of these outside the others: chance does not do that often. */
export function isBeyondChance({ original, newRuns }: Chance): boolean {
  return original.share > newRuns.share || (original.farthest > 1 && original.farthest > newRuns.farthest)
}

/** Null where no value changes from run to run. */
export function describeChance({ values, original, newRuns }: Chance, runs: number): string | null {
  if (values === 0) return null
  const percent = (share: number): string => `${Math.round(100 * share)} %`
  return `${values} values change from run to run: of the original's ${percent(original.share)} lie too far outside the ${runs} new runs, of a new run's up to ${percent(newRuns.share)} too far outside the others`
}
