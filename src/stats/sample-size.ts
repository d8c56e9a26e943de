import { normalQuantile } from './normal.ts'

/** Of the correlation: its variance under Fisher's transformation is 1/(n - 3), for ranks (1 + ρ²/2)/(n - 3). */
export type CorrelationKind = 'pearson' | 'spearman'

/**
 * Items with which an interval for a correlation excludes `excluded`, with the given power, when the true correlation is
 * `expected`: ((z(1 - α/2) + z(power)) / (atanh ρ1 - atanh ρ0))² + 3, rounded up; at least 4. Items count as independent: where several share a
 * task, the truth needs more.
 * @param options expected and excluded within -1..1, the ends left out; power default 0.8; alpha default 0.05
 * @returns null when expected and excluded are equal
 * @throws RangeError for a correlation outside the range
 * @see Fisher 1921, Metron 1; Bonett & Wright 2000, Psychometrika 65(1) for ranks
 */
export function sampleSizeForCorrelation(options: {
  readonly expected: number
  readonly excluded: number
  readonly power?: number | undefined
  readonly alpha?: number | undefined
  readonly kind?: CorrelationKind | undefined
}): number | null {
  const { expected, excluded, power = 0.8, alpha = 0.05, kind = 'pearson' } = options
  const distance = Math.abs(fisherZ(expected) - fisherZ(excluded))
  if (distance === 0) return null
  const deviations = normalQuantile(1 - alpha / 2) + normalQuantile(power)
  return Math.max(4, Math.ceil(varianceFactor(expected, kind) * (deviations / distance) ** 2 + 3))
}

/**
 * Items (or tasks, whichever was resampled) with which an interval would shrink to the wanted half width, as any interval does about with
 * the root of their number: n (h/w)², rounded up.
 * @param observed the number behind an interval, and half its length
 * @throws RangeError for half widths that are not positive
 */
export function sampleSizeForInterval(
  observed: { readonly items: number; readonly halfWidth: number },
  wantedHalfWidth: number,
): number {
  checkHalfWidth(observed.halfWidth)
  checkHalfWidth(wantedHalfWidth)
  return Math.ceil(observed.items * (observed.halfWidth / wantedHalfWidth) ** 2)
}

function fisherZ(correlation: number): number {
  if (!(Math.abs(correlation) < 1))
    throw new RangeError(`a correlation must lie within -1..1, the ends left out: ${correlation}`)
  return Math.atanh(correlation)
}

function varianceFactor(correlation: number, kind: CorrelationKind): number {
  return kind === 'spearman' ? 1 + correlation ** 2 / 2 : 1
}

function checkHalfWidth(halfWidth: number): void {
  if (!(halfWidth > 0)) throw new RangeError(`a half width must be positive: ${halfWidth}`)
}
