import type { ScannedNumber } from '../numbers/scan-numbers.ts'

/** A value as evidence gives it; decimals as in `ScannedNumber`. */
export interface Written {
  readonly value: number
  readonly decimals: number
}

/** A share may be written as a percentage, and the other way round: what the evidence is multiplied with. */
export const scales = [1, 100, 0.01] as const
export type Scale = (typeof scales)[number]

/** How far a written number may lie from what it was rounded from: half a unit of its last digit, doubled where it is called approximate. */
export function reachOf(number: ScannedNumber): number {
  return unitOf(number) * (number.isApproximate ? 1 : 0.5)
}

/** One unit of the last written digit; NaN where that is no finite number above 0. */
function unitOf(number: Written): number {
  const unit = 10 ** -number.decimals
  return Number.isFinite(unit) && unit > 0 ? unit : Number.NaN
}

/**
 * `same`: the claim is the evidence, rounded. `slip`: it was cut off where it should have been rounded. `apart`: neither.
 * Signs are ignored. Evidence that is written with fewer digits than the claim must be equal to it.
 */
export function compareRounded(claim: ScannedNumber, evidence: Written, scale: Scale): 'same' | 'slip' | 'apart' {
  const stated = Math.abs(claim.value)
  const found = Math.abs(evidence.value) * scale
  const unit = unitOf(claim)
  if (!Number.isFinite(stated) || !Number.isFinite(found) || Number.isNaN(unit)) return 'apart'
  const noise = 1e-9 * Math.max(stated, found)
  const distance = Math.abs(stated - found)
  if (distance <= noise) return 'same'
  if (evidence.decimals - decimalsOfScale[scale] < claim.decimals) return 'apart'
  if (distance <= reachOf(claim) + noise) return 'same'
  return found > stated && distance < unit - noise ? 'slip' : 'apart'
}

const decimalsOfScale: Record<Scale, number> = { 1: 0, 100: 2, 0.01: -2 }

/** Whether it makes sense to read the evidence on this scale: only shares of at most about 1 become percentages. */
export function isPlausibleScale(claim: ScannedNumber, found: number, scale: Scale): boolean {
  const value = Math.abs(found)
  switch (scale) {
    case 1:
      return true
    case 100:
      return value <= 2 || claim.unit === '%'
    case 0.01:
      return claim.unit !== '%' && value <= 200
  }
}
