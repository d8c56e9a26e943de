import type { RunEvent } from '../schema/event.ts'
import type { Spending } from '../schema/state.ts'
import type { Usage } from '../schema/usage.ts'

/**
 * Sums what calls used and cost. A reply used again counts once, under its call's id; one out of the shared cache counts where
 * it was paid for.
 */
export function sumSpending(events: readonly RunEvent[]): Spending {
  const counted = new Set<string>()
  const usage: Usage = {
    inputTokens: 0,
    outputTokens: 0,
    cachedReadTokens: 0,
    cachedWriteTokens: 0,
    reasoningTokens: 0,
  }
  let spending: Spending = {
    calls: 0,
    failedCalls: 0,
    retries: 0,
    brokenTries: 0,
    brokenUpToUsd: 0,
    usage,
    costUsd: 0,
    knownCostUsd: 0,
  }
  for (const event of events) {
    if (event.type === 'call-broken')
      spending = {
        ...spending,
        brokenTries: spending.brokenTries + 1,
        brokenUpToUsd: spending.brokenUpToUsd + (event.upToUsd ?? 0),
      }
    if (event.type === 'call-retried') spending = { ...spending, retries: spending.retries + 1 }
    if (event.type === 'model-call-failed') spending = { ...spending, failedCalls: spending.failedCalls + 1 }
    if (event.type !== 'model-called' || event.cache === 'shared' || counted.has(event.callId)) continue
    counted.add(event.callId)
    spending = {
      ...spending,
      calls: spending.calls + 1,
      usage: addUsage(spending.usage, event.usage),
      costUsd: addKnown(spending.costUsd, event.costUsd),
      knownCostUsd: spending.knownCostUsd + (event.costUsd ?? 0),
    }
  }
  return spending
}

/** What counts as spent against a budget: what is known, and for tries that broke off all that was set aside. */
export function countedUsd({ knownCostUsd, brokenUpToUsd }: Pick<Spending, 'knownCostUsd' | 'brokenUpToUsd'>): number {
  return knownCostUsd + brokenUpToUsd
}

/** Field by field; the sum of something unknown is unknown. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: addKnown(a.inputTokens, b.inputTokens),
    outputTokens: addKnown(a.outputTokens, b.outputTokens),
    cachedReadTokens: addKnown(a.cachedReadTokens, b.cachedReadTokens),
    cachedWriteTokens: addKnown(a.cachedWriteTokens, b.cachedWriteTokens),
    reasoningTokens: addKnown(a.reasoningTokens, b.reasoningTokens),
  }
}

export function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
