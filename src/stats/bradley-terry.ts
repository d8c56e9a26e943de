import { type ComparisonCounts, fitDavidson } from './davidson.ts'
import { drawClusters } from './draws.ts'
import { type BootstrapOptions, bootstrapDefaults, type Interval, intervalOf } from './interval.ts'

export interface Comparison {
  readonly a: string
  readonly b: string
  readonly winner: 'a' | 'b' | 'tie'
  /** What is drawn together when resampling: the task. */
  readonly cluster: string
}

export interface Strength {
  readonly name: string
  /** Natural logarithm of the strength, the mean of all being 0; null where the comparisons do not settle it. */
  readonly strength: number | null
  /** Percentile interval over resampled clusters, null for fewer than two; the resamples that settle nothing are left out and counted. */
  readonly interval: Interval | null
  readonly wins: number
  readonly ties: number
  readonly losses: number
}

export interface BradleyTerry {
  readonly tiesModel: 'Davidson 1970'
  /** In code-unit order of the names. */
  readonly strengths: readonly Strength[]
  /** Davidson's ν: 0 without ties; between equals a tie is ν/2 times as likely as not. Null where strengths are. */
  readonly tiePropensity: number | null
  /** Why there are no strengths; null when there are. */
  readonly reason: string | null
}

/**
 * Strengths from paired comparisons by maximum likelihood: a beats b, b beats a, and they tie in proportion π_a : π_b : ν √(π_a π_b).
 * Where the likelihood has no maximum (groups never compared, one side that always wins, only ties) every strength is null, with the
 * reason.
 * @throws RangeError when something is compared with itself
 * @see Bradley & Terry 1952, Biometrika 39; Davidson 1970, JASA 65(329)
 */
export function bradleyTerry(
  comparisons: readonly Comparison[],
  options: Omit<BootstrapOptions, 'method'> = {},
): BradleyTerry {
  const names = [...new Set(comparisons.flatMap(({ a, b }) => [a, b]))].toSorted()
  const clusters = outcomesByCluster(comparisons, names)
  const counts = countOutcomes(clusters, names)
  const fit = fitDavidson(counts)
  const fitted = fit.status === 'fitted' ? fit : null
  const intervals = fitted === null || clusters.length < 2 ? [] : strengthIntervals(clusters, names, options)
  return {
    tiesModel: 'Davidson 1970',
    strengths: names.map((name, i) => ({
      name,
      strength: fitted?.logStrengths[i] ?? null,
      interval: intervals[i] ?? null,
      ...recordOf(counts, i),
    })),
    tiePropensity: fitted?.tiePropensity ?? null,
    reason: fit.status === 'fitted' ? null : fit.reason,
  }
}

interface Outcome {
  /** Places among the names; when `tied`, in any order. */
  readonly winner: number
  readonly loser: number
  readonly tied: boolean
}

/** Clusters in code-unit order of their names, so that the order of the comparisons does not matter. */
function outcomesByCluster(comparisons: readonly Comparison[], names: readonly string[]): Outcome[][] {
  const places = new Map(names.map((name, i) => [name, i]))
  const byCluster = new Map<string, Outcome[]>()
  for (const { a, b, winner, cluster } of comparisons) {
    if (a === b) throw new RangeError(`"${a}" is compared with itself`)
    const outcomes = byCluster.get(cluster) ?? []
    byCluster.set(cluster, outcomes)
    const [first, second] = winner === 'b' ? [b, a] : [a, b]
    outcomes.push({ winner: places.get(first) ?? 0, loser: places.get(second) ?? 0, tied: winner === 'tie' })
  }
  return [...byCluster].toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([, outcomes]) => outcomes)
}

function strengthIntervals(
  clusters: readonly (readonly Outcome[])[],
  names: readonly string[],
  options: Omit<BootstrapOptions, 'method'>,
): (Interval | null)[] {
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const draws = drawClusters(clusters.length, { resamples, seed })
  const fits = Array.from({ length: resamples }, (_, i) => {
    const drawn = draws.subarray(i * clusters.length, (i + 1) * clusters.length)
    return fitDavidson(
      countOutcomes(
        Array.from(drawn, (place) => clusters[place] ?? []),
        names,
      ),
    )
  })
  return names.map((_, i) => {
    const estimates = Float64Array.from(
      fits,
      (fit) => (fit.status === 'fitted' ? fit.logStrengths[i] : null) ?? Number.NaN,
    )
    // Percentile intervals ask for neither the point nor the jackknife.
    return intervalOf({ estimates, point: null, leaveOneOut: () => [] }, options)
  })
}

function countOutcomes(clusters: readonly (readonly Outcome[])[], names: readonly string[]): ComparisonCounts {
  const size = names.length
  const wins = new Float64Array(size * size)
  const ties = new Float64Array(size * size)
  for (const outcomes of clusters) {
    for (const { winner, loser, tied } of outcomes) {
      const forward = winner * size + loser
      if (!tied) wins[forward] = (wins[forward] ?? 0) + 1
      else for (const cell of [forward, loser * size + winner]) ties[cell] = (ties[cell] ?? 0) + 1
    }
  }
  return { names, wins, ties }
}

function recordOf({ names, wins, ties }: ComparisonCounts, i: number): Pick<Strength, 'wins' | 'ties' | 'losses'> {
  const size = names.length
  const record = { wins: 0, ties: 0, losses: 0 }
  for (let j = 0; j < size; j += 1) {
    record.wins += wins[i * size + j] ?? 0
    record.ties += ties[i * size + j] ?? 0
    record.losses += wins[j * size + i] ?? 0
  }
  return record
}
