import type { RunEvent } from '../schema/event.ts'
import type { Stage } from '../schema/stage.ts'
import type { Spending } from '../schema/state.ts'
import { type Usage, unknownUsage } from '../schema/usage.ts'

/**
 * Sums what calls used and cost. A reply used again counts once, under its call's id; one out of the shared cache counts where
 * it was paid for. Where the cost of some call of an attempt is unknown, what the coder reported for the whole session stands in place of
 * all of them; where a coder worked and not one of its calls is known, neither is what it used.
 */
export function sumSpending(events: readonly RunEvent[]): Spending {
  const counted = new Set<string>()
  const sessions = gatherSessions(events)
  let usage = noUsage
  let [calls, failedCalls, retries, brokenTries, brokenUpToUsd, knownCostUsd] = [0, 0, 0, 0, 0, 0]
  let costUsd: number | null = 0
  const addCost = (amount: number | null): void => {
    costUsd = addKnown(costUsd, amount)
    knownCostUsd += amount ?? 0
  }
  for (const event of events) {
    if (event.type === 'call-broken') {
      brokenTries += 1
      brokenUpToUsd += event.upToUsd ?? 0
    }
    if (event.type === 'call-retried') retries += 1
    if (event.type === 'model-call-failed') failedCalls += 1
    if (event.type !== 'model-called' || event.cache === 'shared' || counted.has(event.callId)) continue
    counted.add(event.callId)
    calls += 1
    usage = addUsage(usage, event.usage)
    const session = sessions.get(attemptOf(event.purpose))
    if (session === undefined || !standsForCalls(session)) addCost(event.costUsd)
  }
  for (const session of sessions.values()) {
    if (!session.hasCalls) usage = unknownUsage
    if (standsForCalls(session) || !session.hasCalls) addCost(session.costUsd)
  }
  return { calls, failedCalls, retries, brokenTries, brokenUpToUsd, usage, costUsd, knownCostUsd }
}

const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedReadTokens: 0,
  cachedWriteTokens: 0,
  reasoningTokens: 0,
}

interface Session {
  /** As reported; null where it was not. */
  costUsd: number | null
  hasCalls: boolean
  hasUnpricedCalls: boolean
}

const standsForCalls = ({ costUsd, hasUnpricedCalls }: Session): boolean => costUsd !== null && hasUnpricedCalls

/** The coders' sessions, by attempt. */
function gatherSessions(events: readonly RunEvent[]): Map<string, Session> {
  const sessions = new Map<string, Session>()
  const inOurSandbox = new Set<string>()
  for (const event of events) {
    if (event.type === 'sandbox-opened') inOurSandbox.add(attemptOf({ kind: 'stage', ...event }))
    if (event.type !== 'session-reported' && event.type !== 'coder-finished') continue
    const key = attemptOf({ kind: 'stage', ...event })
    // a coder that a limit ended before its first step used nothing; a foreign transcript without steps only does not tell of them
    if (event.type === 'coder-finished' && event.steps === 0 && inOurSandbox.has(key)) continue
    const session = sessions.get(key) ?? { costUsd: null, hasCalls: false, hasUnpricedCalls: false }
    sessions.set(key, session)
    if (event.type === 'session-reported' && event.costUsd !== null)
      session.costUsd = (session.costUsd ?? 0) + event.costUsd
  }
  for (const event of events) {
    if (event.type !== 'model-called' && event.type !== 'model-call-failed') continue
    const session = sessions.get(attemptOf(event.purpose))
    if (session === undefined) continue
    session.hasCalls = true
    if (event.type === 'model-called' && event.cache !== 'shared' && event.costUsd === null)
      session.hasUnpricedCalls = true
  }
  return sessions
}

type AttemptPurpose =
  | { readonly kind: 'stage'; readonly stage: Stage; readonly attempt: number }
  | { readonly kind: 'review' | 'experiment-code' }

const attemptOf = (purpose: AttemptPurpose): string =>
  purpose.kind === 'stage' ? `${purpose.stage}/${purpose.attempt}` : ''

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
