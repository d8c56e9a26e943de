import type { GatewayCaller, GatewayOptions } from './gateway.ts'
import type { RefusalCode } from './refusal.ts'

export interface RefusalLog {
  note(caller: GatewayCaller, refusal: { code: RefusalCode; message: string }): void
  /** Tells of those that were only counted. */
  close(): void
}

/** The first refusal of each code is told at once, all others in one sum at the end: a caller in a loop fills no log. */
export function openRefusalLog({ append, attempt }: Pick<GatewayOptions, 'append' | 'attempt'>): RefusalLog {
  const untold = new Map<string, { caller: GatewayCaller; code: RefusalCode; message: string; count: number }>()
  const tell = (refusal: { caller: GatewayCaller; code: RefusalCode; message: string; count: number }): void =>
    void append({ type: 'gateway-refused', stage: 'experiment', attempt, ...refusal })
  return {
    note(caller, { code, message }) {
      const key = `${caller} ${code}`
      const seen = untold.get(key)
      if (seen === undefined) {
        untold.set(key, { caller, code, message, count: 0 })
        tell({ caller, code, message, count: 1 })
      } else seen.count += 1
    },
    close() {
      for (const refusal of untold.values()) if (refusal.count > 0) tell(refusal)
      untold.clear()
    },
  }
}
