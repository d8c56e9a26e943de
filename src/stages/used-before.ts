import type { GatewayCaller, GatewayUse } from '../gateway/gateway.ts'
import type { Purpose, RunEvent } from '../schema/event.ts'

/**
 * What attempts at an experiment used up since the last one that came to an end: the next one goes on with their limits, so that
 * interrupting it wins nothing. A call that broke off counts with all that was set aside for it; of one whose tokens or cost nobody told, only
 * the call itself counts.
 */
export function usedByInterrupted(events: readonly RunEvent[], caller: GatewayCaller): GatewayUse {
  const ended = events.findLastIndex(
    (event) => (event.type === 'stage-finished' || event.type === 'stage-failed') && event.stage === 'experiment',
  )
  const seen = new Set<string>()
  const use = { calls: 0, tokens: 0, costUsd: 0 }
  for (const event of events.slice(ended + 1)) {
    if (!('purpose' in event) || !isOf(event.purpose, caller)) continue
    if (event.type === 'call-broken') {
      use.calls += 1
      use.tokens += event.upToTokens ?? 0
      use.costUsd += event.upToUsd ?? 0
    }
    // a reply used again was paid for once
    if (event.type !== 'model-called' || event.cache === 'shared' || seen.has(event.callId)) continue
    seen.add(event.callId)
    use.calls += 1
    use.tokens += (event.usage.inputTokens ?? 0) + (event.usage.outputTokens ?? 0)
    use.costUsd += event.costUsd ?? 0
  }
  return use
}

function isOf(purpose: Purpose, caller: GatewayCaller): boolean {
  return caller === 'coder'
    ? purpose.kind === 'stage' && purpose.stage === 'experiment'
    : purpose.kind === 'experiment-code'
}
