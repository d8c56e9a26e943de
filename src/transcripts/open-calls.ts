/** Tool calls that wait for their result. */
export interface OpenCalls<Call> {
  /** @param bytes about what it holds in memory */
  open(id: string, call: Call, bytes: number): void
  get(id: string): Call | undefined
  close(id: string): Call | undefined
  /** Hands over those that never got a result, oldest first. */
  drain(): Call[]
}

/** A real session has one, or a few side by side. */
const mostCalls = 256
const mostBytes = 32 * 1_048_576

/** @param giveUp called with the oldest when there are more, or larger ones, than any real session has */
export function openCalls<Call>(giveUp: (call: Call) => void): OpenCalls<Call> {
  const calls = new Map<string, { readonly call: Call; readonly bytes: number }>()
  let held = 0
  function close(id: string): Call | undefined {
    const found = calls.get(id)
    if (found === undefined) return undefined
    calls.delete(id)
    held -= found.bytes
    return found.call
  }
  return {
    open(id, call, bytes) {
      // the same id again is the same call, told once more
      close(id)
      calls.set(id, { call, bytes })
      held += bytes
      while (calls.size > mostCalls || (held > mostBytes && calls.size > 1)) {
        const [oldest] = calls.keys()
        const dropped = oldest === undefined ? undefined : close(oldest)
        if (dropped === undefined) return
        giveUp(dropped)
      }
    },
    get: (id) => calls.get(id)?.call,
    close,
    drain: () => [...calls.keys()].flatMap((id) => close(id) ?? []),
  }
}
