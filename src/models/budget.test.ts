import { getEventListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createBudget } from './budget.ts'
import type { Reservation } from './model.ts'

const never = new AbortController().signal

/** A reservation, and whether it was granted yet. */
function watch(reservation: Promise<Reservation>): { state: 'waiting' | 'granted' | 'refused' } {
  const watched: { state: 'waiting' | 'granted' | 'refused' } = { state: 'waiting' }
  reservation.then(
    () => (watched.state = 'granted'),
    () => (watched.state = 'refused'),
  )
  return watched
}

describe('a budget with a limit', () => {
  test('is never overrun by calls in flight together, whatever their order', async () => {
    const budget = createBudget(1)
    let open = 0
    let most = 0
    const calls = Array.from({ length: 40 }, async (_, index) => {
      const bound = 0.1 + 0.05 * (index % 4)
      const reservation = await budget.reserve(bound, never)
      open += bound
      most = Math.max(most, open + budget.spentUsd)
      await nextTurn()
      open -= bound
      if (index % 3 === 0) reservation.release()
      else reservation.settle(bound * 0.9)
    })
    const results = await Promise.allSettled(calls)
    expect(most).toBeGreaterThan(0.7)
    expect(most).toBeLessThanOrEqual(1 + 1e-9)
    expect(budget.spentUsd).toBeLessThanOrEqual(1)
    const refusals = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown)
    expect(refusals.length).toBeGreaterThan(0)
    for (const reason of refusals) expect(reason).toMatchObject({ code: 'budget-spent', retryable: false })
  })

  test.each([
    ['is settled for less', (reservation: Reservation) => reservation.settle(0.1)],
    ['is released', (reservation: Reservation) => reservation.release()],
  ])('lets a waiting call go on when another one %s', async (_, end) => {
    const budget = createBudget(1)
    const first = await budget.reserve(0.8, never)
    const second = watch(budget.reserve(0.8, never))
    await nextTurn()
    expect(second.state).toBe('waiting')
    end(first)
    await nextTurn()
    expect(second.state).toBe('granted')
  })

  test('refuses a waiting call as soon as it can no longer fit', async () => {
    const budget = createBudget(1)
    const first = await budget.reserve(0.8, never)
    const second = budget.reserve(0.8, never)
    first.settle(0.7)
    await expect(second).rejects.toThrow('$0.7000 of $1 are spent and this call may cost up to $0.8000')
  })

  test('counts the whole reservation when the cost stays unknown', async () => {
    const budget = createBudget(1)
    ;(await budget.reserve(0.6, never)).settle(null)
    expect(budget.spentUsd).toBe(0.6)
  })

  test('counts what is over the reservation too', async () => {
    const budget = createBudget(1)
    ;(await budget.reserve(0.6, never)).settle(0.9)
    expect(budget.spentUsd).toBe(0.9)
  })

  test('counts what was spent before', async () => {
    const budget = createBudget(1, 0.7)
    expect(budget.spentUsd).toBe(0.7)
    await expect(budget.reserve(0.4, never)).rejects.toMatchObject({ code: 'budget-spent' })
    await expect(budget.reserve(0.3, never)).resolves.toBeDefined()
  })

  test('refuses a model without a known price, and says what to do', async () => {
    await expect(createBudget(1).reserve(null, never)).rejects.toThrow(/no price is known.*use a model with/)
  })

  test('ends a reservation only once', async () => {
    const budget = createBudget(1)
    const reservation = await budget.reserve(0.5, never)
    reservation.settle(0.2)
    reservation.settle(0.2)
    reservation.release()
    expect(budget.spentUsd).toBe(0.2)
    // had the release counted again, this would fit
    const rest = await budget.reserve(0.8, never)
    expect(watch(budget.reserve(0.5, never)).state).toBe('waiting')
    rest.release()
  })

  test('grants all that is left once nothing is in flight, whatever came and went before', async () => {
    // a running sum of these would end a little above 0
    const bounds = Array.from({ length: 30 }, (_, index) => (index + 1) / 700)
    const budget = createBudget(1)
    const reservations = await Promise.all(bounds.map((bound) => budget.reserve(bound, never)))
    for (const reservation of reservations) reservation.release()
    const all = watch(budget.reserve(1, never))
    await nextTurn()
    expect(all.state).toBe('granted')
  })

  test('rejects with the reason when the signal aborts while a call waits, and gives the money to others', async () => {
    const budget = createBudget(1)
    const stop = new AbortController()
    const first = await budget.reserve(0.8, never)
    const second = budget.reserve(0.8, stop.signal)
    const third = watch(budget.reserve(0.9, never))
    const reason = new Error('stopped')
    stop.abort(reason)
    await expect(second).rejects.toBe(reason)
    first.release()
    await nextTurn()
    expect(third.state).toBe('granted')
  })

  test('leaves no listener on the signal of a call that waited', async () => {
    const { signal } = new AbortController()
    const budget = createBudget(1)
    const first = await budget.reserve(0.8, signal)
    const second = budget.reserve(0.8, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    first.release()
    await second
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('does not wait at all when the signal was aborted before', async () => {
    const budget = createBudget(1)
    await budget.reserve(0.8, never)
    const reason = new Error('stopped')
    await expect(budget.reserve(0.8, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})

test('without a limit nothing is refused, and known spending is counted', async () => {
  const budget = createBudget(null)
  ;(await budget.reserve(null, never)).settle(null)
  ;(await budget.reserve(1_000_000, never)).settle(2.5)
  ;(await budget.reserve(3, never)).release()
  expect(budget.spentUsd).toBe(2.5)
})
