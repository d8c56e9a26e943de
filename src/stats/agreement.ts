import { agreementMeasures, agreementNames, workspaceFor } from './agreement-measures.ts'
import { type AgreementTable, agreementTable, countCells, type Pair } from './agreement-table.ts'
import { timesDrawn } from './draws.ts'
import { type BootstrapOptions, bootstrapDefaults, type Interval, intervalOf } from './interval.ts'
import { packingFor, takeLowest } from './packed-words.ts'

export type { Pair } from './agreement-table.ts'

/** How far two raters of the same items agree; null where a measure is undefined. */
export interface Agreement {
  /** -1..1; null when a rater gave all items the same score. */
  readonly pearson: number | null
  /** -1..1, over average ranks; null as for pearson. */
  readonly spearman: number | null
  /** Interval metric, at most 1; null when all scores of both raters are equal. */
  readonly krippendorffAlpha: number | null
  /** ICC(2,1): absolute agreement of one rating. Null for fewer than two items or when all scores are equal; so are the next two. */
  readonly icc21: number | null
  /** ICC(2,k): absolute agreement of the mean of the two. */
  readonly icc2k: number | null
  /** ICC(3,1): consistency of one rating. */
  readonly icc31: number | null
  /** Quadratic weights over whole scores, others rounded half-up; at most 1. Any scale will do: these weights do not depend on its ends. */
  readonly weightedKappa: number | null
  /** Mean of x - y. */
  readonly bias: number | null
  /** Mean of |x - y|. */
  readonly meanAbsoluteDifference: number | null
  /** Share of items with equal scores. */
  readonly exact: number | null
  /** Share of items with scores at most 1 apart. */
  readonly withinOne: number | null
}

/** All measures of agreement at once; all null for no pairs.
 * @throws RangeError for a score that is not finite
 * @see krippendorffAlpha, icc, weightedKappa for their sources */
export function agreement(pairs: readonly Pair[]): Agreement {
  const table = agreementTable([pairs])
  return named((place) => orNull(measuresOf(table, Float64Array.of(1))[place]))
}

/** The same, each with its bootstrap interval over whole clusters (tasks). All measures of a resample come from the counts of the score pairs
 * in it, so that thousands of resamples of thousands of items take milliseconds.
 * @param clusters the pairs of each cluster, in an order fixed by the caller
 * @param options.measures those to give intervals; default: all
 * @returns an interval is null as for `bootstrapStatistic`, and where it was not asked for */
export function agreementWithIntervals(
  clusters: readonly (readonly Pair[])[],
  {
    measures = agreementNames,
    ...options
  }: BootstrapOptions & { readonly measures?: readonly (keyof Agreement)[] } = {},
): { readonly point: Agreement; readonly intervals: Readonly<Record<keyof Agreement, Interval | null>> } {
  const table = agreementTable(clusters)
  const point = measuresOf(table, new Float64Array(clusters.length).fill(1))
  const estimates = resampledMeasures(table, options)
  const asked = agreementNames.map((name) => measures.includes(name))
  let leftOut: Float64Array[] | null = null
  const leaveOneOut = (place: number): (number | null)[] => {
    leftOut ??= clusters.map((_, left) =>
      measuresOf(table, new Float64Array(clusters.length).fill(1).fill(0, left, left + 1)),
    )
    return leftOut.map((measures) => orNull(measures[place]))
  }
  return {
    point: named((place) => orNull(point[place])),
    intervals: named((place) =>
      asked[place] === true
        ? intervalOf(
            {
              estimates: estimates[place] ?? new Float64Array(),
              point: orNull(point[place]),
              leaveOneOut: () => leaveOneOut(place),
            },
            options,
          )
        : null,
    ),
  }
}

/** measures × resamples; without resamples for fewer than two clusters. */
function resampledMeasures(table: AgreementTable, options: BootstrapOptions): Float64Array[] {
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const estimates = agreementNames.map(() => new Float64Array(table.clusters < 2 ? 0 : resamples))
  if (table.clusters < 2) return estimates
  const packing = packingFor(table.clusters * table.largestCluster)
  const words = timesDrawn(table.clusters, { resamples, seed, ...packing })
  const packed = new Float64Array(table.cellX.length)
  const counts = new Float64Array(table.cellX.length)
  const out = new Float64Array(agreementNames.length)
  const workspace = workspaceFor(table)
  for (let resample = 0; resample < resamples; resample += 1) {
    const place = resample % packing.perWord
    if (place === 0)
      countCells(table, { of: words, from: ((resample - place) / packing.perWord) * table.clusters }, packed)
    takeLowest(packed, packing.base, counts)
    agreementMeasures(table, { counts, workspace }, out)
    for (let place = 0; place < out.length; place += 1) {
      const values = estimates[place] as Float64Array
      values[resample] = out[place] as number
    }
  }
  return estimates
}

function measuresOf(table: AgreementTable, times: Float64Array): Float64Array {
  const counts = new Float64Array(table.cellX.length)
  countCells(table, { of: times, from: 0 }, counts)
  const out = new Float64Array(agreementNames.length)
  agreementMeasures(table, { counts, workspace: workspaceFor(table) }, out)
  return out
}

const orNull = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value)

/** One value for each measure, by its place in {@link agreementNames}. */
function named<Value>(valueAt: (place: number) => Value): Record<keyof Agreement, Value> {
  return {
    pearson: valueAt(0),
    spearman: valueAt(1),
    krippendorffAlpha: valueAt(2),
    icc21: valueAt(3),
    icc2k: valueAt(4),
    icc31: valueAt(5),
    weightedKappa: valueAt(6),
    bias: valueAt(7),
    meanAbsoluteDifference: valueAt(8),
    exact: valueAt(9),
    withinOne: valueAt(10),
  }
}
