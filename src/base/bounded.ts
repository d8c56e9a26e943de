import PQueue from 'p-queue'

/**
 * Does the same work for many items, several at once. The first fault stops the rest: nothing new begins, and what is in
 * hand is told by its signal. Rejects with that fault, or with the caller's own reason, once everything came to rest.
 */
export async function forEachBounded<Item>(
  items: readonly Item[],
  work: (item: Item, signal: AbortSignal) => Promise<void>,
  limits: { concurrency: number; signal?: AbortSignal },
): Promise<void> {
  const queue = new PQueue({ concurrency: limits.concurrency })
  const fault = new AbortController()
  const stop = limits.signal ? AbortSignal.any([limits.signal, fault.signal]) : fault.signal
  await Promise.allSettled(
    items.map((item) =>
      queue.add(async () => {
        if (stop.aborted) return
        await work(item, stop).catch((error: unknown) => fault.abort(error))
      }),
    ),
  )
  limits.signal?.throwIfAborted()
  fault.signal.throwIfAborted()
}
