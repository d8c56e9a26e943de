import { createBudget } from '../models/budget.ts'
import { ModelCallError } from '../models/model-call-error.ts'
import type { Budget, Reservation } from '../models/model.ts'
import type { GatewayLimit, GatewayRoute, GatewayUse } from './gateway.ts'
import { RefusalError } from './refusal.ts'

/** The most a call can use. */
export interface CallBound {
  readonly tokens: number
  /** Null where no price is known. */
  readonly usd: number | null
}

export interface CallReservation {
  /** Null for what the provider did not tell: the whole bound is used up. */
  settle(used: { tokens: number | null; usd: number | null }): void
  release(): void
}

export interface Ledger {
  /** This gateway's own, without what earlier attempts used. */
  readonly use: GatewayUse
  readonly hasLimits: boolean
  /** What is neither used nor can be: null where nothing limits it. */
  readonly left: { readonly tokens: number | null; readonly usd: number | null }
  /** @throws RefusalError `call-too-large` for what would not fit if nothing had been used yet */
  checkSize(bound: CallBound): void
  /**
   * Waits while open calls stand in the way.
   * @throws RefusalError with the limit that a call does not fit into even when no other is open; the signal's reason
   */
  reserve(bound: CallBound, signal: AbortSignal): Promise<CallReservation>
}

/** What one caller may use, in calls, tokens, its own dollars and the run's. */
export function openLedger({ limits, used }: Pick<GatewayRoute, 'limits' | 'used'>, run: Budget): Ledger {
  const calls = createBudget(limits.maxCalls, used.calls)
  const tokens = createBudget(limits.maxTokens, used.tokens)
  const dollars = createBudget(limits.maxCostUsd, used.costUsd, 'cost-limit')
  // of its own, as sums of dollars lose digits when an earlier sum is taken off again
  let use: GatewayUse = { calls: 0, tokens: 0, costUsd: 0 }
  const leftIn = ({ limitUsd, spentUsd }: Budget): number | null => (limitUsd === null ? null : limitUsd - spentUsd)

  return {
    get use() {
      return use
    },
    hasLimits: limits.maxTokens !== null || limits.maxCostUsd !== null || run.limitUsd !== null,
    get left() {
      const usd = [leftIn(dollars), leftIn(run)].filter((amount) => amount !== null)
      return { tokens: leftIn(tokens), usd: usd.length === 0 ? null : Math.min(...usd) }
    },
    checkSize({ tokens: most, usd }) {
      const { maxTokens, maxCostUsd } = limits
      if (maxTokens !== null && most > maxTokens)
        throw tooLarge(`${most} tokens`, `${maxTokens} tokens for all calls of this experiment`)
      if (usd === null) return
      for (const [limit, whose] of [
        [maxCostUsd, 'experiment'],
        [run.limitUsd, 'run'],
      ] as const)
        if (limit !== null && usd > limit)
          throw tooLarge(`$${usd.toFixed(4)}`, `$${limit} for all calls of this ${whose}`)
    },
    async reserve(bound, signal) {
      const held: Reservation[] = []
      const take = async (code: GatewayLimit, [ledger, amount]: [Budget, number | null]): Promise<Reservation> => {
        try {
          const reservation = await ledger.reserve(amount, signal)
          held.push(reservation)
          return reservation
        } catch (error) {
          if (!(error instanceof ModelCallError)) throw error
          throw new RefusalError(code, describeLimit(code, { ledger, amount, told: error.message }))
        }
      }
      try {
        // everybody takes them in this order, the run's last, so that no two can wait for each other
        const call = await take('call-limit', [calls, 1])
        const ofTokens = await take('token-limit', [tokens, bound.tokens])
        const own = await take('cost-limit', [dollars, bound.usd])
        const shared = await take('budget-spent', [run, bound.usd])
        return {
          settle(used) {
            const [spentTokens, spentUsd] = [used.tokens ?? bound.tokens, used.usd ?? bound.usd]
            use = { calls: use.calls + 1, tokens: use.tokens + spentTokens, costUsd: use.costUsd + (spentUsd ?? 0) }
            call.settle(1)
            ofTokens.settle(spentTokens)
            own.settle(spentUsd)
            shared.settle(used.usd)
          },
          release() {
            for (const reservation of held) reservation.release()
          },
        }
      } catch (error) {
        for (const reservation of held) reservation.release()
        throw error
      }
    },
  }
}

const tooLarge = (most: string, limit: string): RefusalError =>
  new RefusalError(
    'call-too-large',
    `this call may use up to ${most}, and there are ${limit}: ask for a shorter answer`,
  )

function describeLimit(
  code: GatewayLimit,
  { ledger, amount, told }: { ledger: Budget; amount: number | null; told: string },
): string {
  switch (code) {
    case 'call-limit':
      return `all ${ledger.limitUsd} calls of this experiment are made`
    case 'token-limit':
      return `${ledger.spentUsd} of ${ledger.limitUsd} tokens of this experiment are used and this call may use up to ${amount}`
    case 'cost-limit':
    case 'budget-spent':
      return told
  }
}
