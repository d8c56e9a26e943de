export interface ComparisonCounts {
  readonly names: readonly string[]
  /** names × names, row beat column so many times. */
  readonly wins: Float64Array
  /** names × names, symmetric. */
  readonly ties: Float64Array
}

export type DavidsonFit =
  | {
      readonly status: 'fitted'
      /** Mean 0, in the order of the names. */
      readonly logStrengths: readonly number[]
      /** ν, at least 0. */
      readonly tiePropensity: number
    }
  | { readonly status: 'undefined'; readonly reason: string }

interface Pairing {
  readonly a: number
  readonly b: number
  readonly aWins: number
  readonly bWins: number
  readonly ties: number
}

/** Maximum likelihood of Davidson's model (JASA 65(329), 1970) by Newton's method: it is an exponential family in log strengths and log ν. */
export function fitDavidson(counts: ComparisonCounts): DavidsonFit {
  const pairings = pairingsOf(counts)
  const reason = whyUnbounded(counts.names, pairings)
  if (reason !== null) return { status: 'undefined', reason }
  const size = counts.names.length
  const ties = pairings.reduce((sum, pairing) => sum + pairing.ties, 0)
  const decided = pairings.reduce((sum, pairing) => sum + pairing.aWins + pairing.bWins, 0)
  // The first strength stays 0 and the last place is log ν; without ties ν is 0 and its place is left out.
  const free = Array.from({ length: size - 1 }, (_, i) => i + 1)
  if (ties > 0) free.push(size)
  let point: number[] = Array.from({ length: size + 1 }, () => 0)
  point[size] = ties > 0 ? Math.log((2 * ties) / decided) : -Infinity
  let current = likelihoodAt(point, pairings)
  for (let iteration = 0; iteration < 200; iteration += 1) {
    const step = newtonStep(current, free)
    const longest = Math.max(...step.map(Math.abs))
    let share = 1
    let next = current
    let moved = point
    for (; share > 1e-6; share /= 2) {
      moved = point.slice()
      for (const [i, place] of free.entries()) moved[place] = (point[place] ?? 0) + share * (step[i] ?? 0)
      next = likelihoodAt(moved, pairings)
      // Near the top the likelihood's own rounding decides nothing: a short step is taken as it is.
      if (next.logLikelihood >= current.logLikelihood || longest < 1e-5) break
    }
    point = moved
    current = next
    if (longest < 1e-11) {
      const strengths = point.slice(0, size)
      const centre = strengths.reduce((sum, strength) => sum + strength, 0) / size
      return {
        status: 'fitted',
        logStrengths: strengths.map((strength) => strength - centre),
        tiePropensity: Math.exp(point[size] ?? -Infinity),
      }
    }
  }
  return { status: 'undefined', reason: 'the likelihood is too flat for its maximum to be found' }
}

function pairingsOf({ names, wins, ties }: ComparisonCounts): Pairing[] {
  const pairings: Pairing[] = []
  for (let a = 0; a < names.length; a += 1) {
    for (let b = a + 1; b < names.length; b += 1) {
      const forward = a * names.length + b
      const pairing = { aWins: wins[forward] ?? 0, bWins: wins[b * names.length + a] ?? 0, ties: ties[forward] ?? 0 }
      if (pairing.aWins + pairing.bWins + pairing.ties > 0) pairings.push({ a, b, ...pairing })
    }
  }
  return pairings
}

interface Likelihood {
  readonly logLikelihood: number
  readonly gradient: Float64Array
  /** (names + 1)², minus the second derivatives. */
  readonly information: Float64Array
}

/** With x = (θa - θb)/2 the outcomes a, b, tie have weights e^x, e^-x and ν, whose sufficient statistics are (1, 0), (-1, 0), (0, 1). */
function likelihoodAt(point: readonly number[], pairings: readonly Pairing[]): Likelihood {
  const width = point.length
  const last = width - 1
  const logTie = point[last] ?? -Infinity
  const gradient = new Float64Array(width)
  const information = new Float64Array(width * width)
  const add = (row: number, column: number, value: number) => {
    information[row * width + column] = (information[row * width + column] ?? 0) + value
  }
  let logLikelihood = 0
  for (const { a, b, aWins, bWins, ties } of pairings) {
    const x = ((point[a] ?? 0) - (point[b] ?? 0)) / 2
    const top = Math.max(Math.abs(x), logTie)
    const weights = Math.exp(x - top) + Math.exp(-x - top) + Math.exp(logTie - top)
    const logSum = top + Math.log(weights)
    const tie = Math.exp(logTie - logSum)
    const lead = Math.exp(x - logSum) - Math.exp(-x - logSum)
    const n = aWins + bWins + ties
    logLikelihood += (aWins - bWins) * x - n * logSum + (ties > 0 ? ties * logTie : 0)
    const slope = (aWins - bWins - n * lead) / 2
    gradient[a] = (gradient[a] ?? 0) + slope
    gradient[b] = (gradient[b] ?? 0) - slope
    gradient[last] = (gradient[last] ?? 0) + ties - n * tie
    const curve = (n * (1 - tie - lead * lead)) / 4
    add(a, a, curve)
    add(b, b, curve)
    add(a, b, -curve)
    add(b, a, -curve)
    const cross = (-n * tie * lead) / 2
    add(a, last, cross)
    add(last, a, cross)
    add(b, last, -cross)
    add(last, b, -cross)
    add(last, last, n * tie * (1 - tie))
  }
  return { logLikelihood, gradient, information }
}

/** Solves information · step = gradient over the free places, by elimination; the matrix is positive definite. */
function newtonStep({ gradient, information }: Likelihood, free: readonly number[]): number[] {
  const width = gradient.length
  const rows = free.map((row) => [...free.map((column) => information[row * width + column] ?? 0), gradient[row] ?? 0])
  for (const [i, row] of rows.entries()) {
    for (const lower of rows.slice(i + 1)) {
      const factor = (lower[i] ?? 0) / (row[i] ?? 0)
      for (let k = i; k <= free.length; k += 1) lower[k] = (lower[k] ?? 0) - factor * (row[k] ?? 0)
    }
  }
  const step: number[] = free.map(() => 0)
  for (const [i, row] of [...rows.entries()].toReversed()) {
    const known = step.reduce((sum, value, k) => sum + (k > i ? value * (row[k] ?? 0) : 0), 0)
    step[i] = ((row[free.length] ?? 0) - known) / (row[i] ?? 0)
  }
  return step
}

/** Why the likelihood has no maximum, or null when it has one. */
function whyUnbounded(names: readonly string[], pairings: readonly Pairing[]): string | null {
  if (names.length < 2) return 'there is nothing to compare'
  const reaches = reachable(names.length, pairings)
  const list = (group: readonly string[]) => group.map((name) => `"${name}"`).join(', ')
  for (const i of names.keys()) {
    const beyond = names.filter((_, j) => reaches[i]?.[j] !== true)
    const unreached = names.filter((_, j) => reaches[j]?.[i] !== true)
    if (beyond.length === 0 && unreached.length === 0) continue
    const apart = beyond.filter((other) => unreached.includes(other))
    if (
      apart.length > 0 &&
      pairings.every(({ a, b }) => apart.includes(names[a] ?? '') === apart.includes(names[b] ?? ''))
    ) {
      return `no comparisons connect ${list(names.filter((other) => !apart.includes(other)))} with ${list(apart)}`
    }
    const winners = beyond.length > 0 ? beyond : names.filter((other) => !unreached.includes(other))
    const losers = names.filter((other) => !winners.includes(other))
    return `${list(winners)} never lost to nor tied with ${list(losers)}, so the gap between them has no bound`
  }
  if (pairings.every(({ aWins, bWins }) => aWins + bWins === 0)) return 'every comparison is a tie'
  if (pairings.some(({ ties }) => ties > 0) && tiesOutgrowWins(names.length, pairings)) {
    return 'wins all point one way between sides that also tie, so strengths and ties can grow together without bound'
  }
  return null
}

/** reaches[i][j]: j is i, or i beat or tied with someone who reaches j. */
function reachable(size: number, pairings: readonly Pairing[]): boolean[][] {
  const reaches = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => i === j))
  for (const { a, b, aWins, bWins, ties } of pairings) {
    const [forward, backward] = [reaches[a], reaches[b]]
    if (forward !== undefined && aWins + ties > 0) forward[b] = true
    if (backward !== undefined && bWins + ties > 0) backward[a] = true
  }
  for (let via = 0; via < size; via += 1) {
    for (const row of reaches)
      if (row[via] === true) for (let j = 0; j < size; j += 1) row[j] ||= reaches[via]?.[j] === true
  }
  return reaches
}

/**
 * Whether strengths exist under which every win is by a factor of at least e² and every tie within it. If so, stretching them and log ν
 * together makes the comparisons ever more likely. It is a system of difference constraints: solvable unless relaxing never ends.
 */
function tiesOutgrowWins(size: number, pairings: readonly Pairing[]): boolean {
  const bounds = pairings.flatMap(({ a, b, aWins, bWins, ties }) => [
    ...(aWins > 0 ? [{ from: a, to: b, gap: -2 }] : []),
    ...(bWins > 0 ? [{ from: b, to: a, gap: -2 }] : []),
    ...(ties > 0
      ? [
          { from: a, to: b, gap: 2 },
          { from: b, to: a, gap: 2 },
        ]
      : []),
  ])
  const highest = Array.from({ length: size }, () => 0)
  for (let round = 0; round <= size; round += 1) {
    let changed = false
    for (const { from, to, gap } of bounds) {
      const bound = (highest[from] ?? 0) + gap
      if (bound < (highest[to] ?? 0)) {
        highest[to] = bound
        changed = true
      }
    }
    if (!changed) return true
  }
  return false
}
