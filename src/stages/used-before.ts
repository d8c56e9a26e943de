import type { GatewayCaller, GatewayUse } from '../gateway/gateway.ts'
import { countedUsd, sumSpending } from '../runs/spending.ts'
import type { Purpose, RunEvent } from '../schema/event.ts'

/**
 * What attempts at an experiment used up since the last one that came to an end: the next one goes on with their limits, so that
 * interrupting it wins nothing. Of calls whose tokens are not known only the number and the cost count.
 */
export function usedByInterrupted(events: readonly RunEvent[], caller: GatewayCaller): GatewayUse {
  const ended = events.findLastIndex(
    (event) => (event.type === 'stage-finished' || event.type === 'stage-failed') && event.stage === 'experiment',
  )
  const since = events.slice(ended + 1).filter((event) => 'purpose' in event && isOf(event.purpose, caller))
  const { calls, brokenTries, usage, ...spent } = sumSpending(since)
  return {
    calls: calls + brokenTries,
    tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0),
    costUsd: countedUsd(spent),
  }
}

function isOf(purpose: Purpose, caller: GatewayCaller): boolean {
  return caller === 'coder'
    ? purpose.kind === 'stage' && purpose.stage === 'experiment'
    : purpose.kind === 'experiment-code'
}
