import type { Budget, Reservation } from './model.ts'
import { ModelCallError } from './model-call-error.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * A ledger of dollars.
 * @param limitUsd null: nothing is refused, and spending is only counted
 * @param alreadySpentUsd what earlier processes spent on the same account
 * @param code of the error that says it is spent: the run's own budget ends the run, another one what it was for
 */
export function createBudget(
  limitUsd: number | null,
  alreadySpentUsd = 0,
  code: 'budget-spent' | 'cost-limit' = 'budget-spent',
): Budget {
  let spent = alreadySpentUsd
  // kept one by one: a running sum of what comes and goes drifts, and would hold back a call that just fits
  const open = new Set<{ readonly upperBoundUsd: number }>()
  const reserved = (): number => [...open].reduce((sum, { upperBoundUsd }) => sum + upperBoundUsd, 0)
  let waiting: (() => void)[] = []
  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resume of woken) resume()
  }

  return {
    limitUsd,
    get spentUsd() {
      return spent
    },
    async reserve(upperBoundUsd, signal) {
      if (limitUsd === null) return settleWith((costUsd) => (spent += costUsd ?? 0), wake)
      if (upperBoundUsd === null)
        throw refuse(
          code,
          'no price is known for this model, so a budget in dollars cannot hold: use a model with a known price, or run without a budget',
        )
      for (;;) {
        if (spent + upperBoundUsd > limitUsd)
          throw refuse(
            code,
            `$${spent.toFixed(4)} of $${limitUsd} are spent and this call may cost up to $${upperBoundUsd.toFixed(4)}${code === 'budget-spent' ? ': raise the budget and resume' : ''}`,
          )
        if (spent + reserved() + upperBoundUsd <= limitUsd) break
        await untilAborted(new Promise<void>((resolve) => waiting.push(resolve)), signal)
      }
      const own = { upperBoundUsd }
      open.add(own)
      return settleWith(
        (costUsd) => (spent += costUsd ?? upperBoundUsd),
        () => {
          open.delete(own)
          wake()
        },
      )
    },
  }
}

/** A reservation ends once: settled or released, whichever comes first. */
function settleWith(charge: (costUsd: number | null) => void, end: () => void): Reservation {
  let open = true
  const close = (): boolean => {
    const wasOpen = open
    open = false
    return wasOpen
  }
  return {
    settle(costUsd) {
      if (!close()) return
      charge(costUsd)
      end()
    },
    release() {
      if (close()) end()
    },
  }
}

function refuse(code: 'budget-spent' | 'cost-limit', message: string): ModelCallError {
  return new ModelCallError(code, message, { retryable: false })
}
