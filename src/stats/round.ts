/** Rounds as one does on paper: to the nearer decimal, and a half away from zero (0.125 to 0.13, -0.125 to -0.13).
 * A value that misses a half by binary noise alone counts as the half: 1.005, stored as 1.00499999999999989, gives 1.01.
 * @param decimals digits kept after the point, 0..15
 * @throws RangeError for a value that is not finite */
export function roundHalfUp(value: number, decimals: number): number {
  return Number(formatHalfUp(value, decimals))
}

/** {@link roundHalfUp} as text with exactly that many decimals; never a negative zero. */
export function formatHalfUp(value: number, decimals: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`cannot round ${value}`)
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 15) {
    throw new RangeError(`decimals must be a whole number between 0 and 15, not ${decimals}`)
  }
  const size = Math.abs(value)
  // Far above the noise of a sum of thousands of numbers, and never more than a millionth of the last digit kept.
  const noise = Math.min(size * 1e-13, 10 ** -decimals * 1e-6)
  const text = (size + noise).toFixed(decimals) // exact, and the larger of two equally near
  return value < 0 && Number(text) !== 0 ? `-${text}` : text
}
