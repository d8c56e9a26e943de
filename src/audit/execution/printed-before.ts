import type { ScannedNumber } from '../numbers/scan-numbers.ts'
import type { EvidencePool } from '../evidence/evidence.ts'

/** Whether a program had printed a number before a step of the session. */
export type PrintedBefore = (number: ScannedNumber, step: number) => boolean

const indexes = new WeakMap<EvidencePool, ReadonlyMap<string, number>>()

/** Values that processes printed, as the pool holds them, with the first step that shows each. Indexed when first asked for, once for all rules. */
export function indexPrinted(pool: EvidencePool): PrintedBefore {
  return (number, step) => {
    const first = indexes.get(pool) ?? indexValues(pool)
    indexes.set(pool, first)
    const known = first.get(keyOf(Math.abs(number.value), number.decimals))
    return known !== undefined && known < step
  }
}

function indexValues(pool: EvidencePool): Map<string, number> {
  const first = new Map<string, number>()
  for (const { number, source } of pool.numbers) {
    const from = pool.sources[source]
    if (from?.kind !== 'process' || from.step === null) continue
    for (const key of keysOf(number)) {
      const known = first.get(key)
      if (known === undefined || from.step < known) first.set(key, from.step)
    }
  }
  return first
}

/** A printed value answers for itself, for its roundings, and as a percentage. */
function keysOf(number: ScannedNumber): string[] {
  const value = Math.abs(number.value)
  const most = Math.min(number.decimals, 8)
  const keys: string[] = []
  for (let decimals = 0; decimals <= most; decimals += 1) {
    keys.push(keyOf(value, decimals))
    if (decimals <= most - 2) keys.push(keyOf(value * 100, decimals))
  }
  return keys
}

function keyOf(value: number, decimals: number): string {
  return value.toFixed(Math.min(Math.max(decimals, 0), 8))
}
