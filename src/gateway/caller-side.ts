import type { ServerResponse } from 'node:http'

/** The end of a call that the caller holds; it may leave at any time. */
export interface CallerSide {
  readonly hasLeft: boolean
  /**
   * Calls back once when the caller leaves before the end, at once if it already has.
   * @returns what takes the listener back
   */
  onLeave(listener: () => void): () => void
  begin(status: number, headers: Record<string, string>): void
  /** Resolves when there is room for more, or the caller has left. */
  write(chunk: Uint8Array): Promise<void>
  end(): void
  /** Ends it so that the caller sees that something is missing. */
  breakOff(): void
}

/** A caller that takes nothing for so long has left. */
const stallMs = 60_000

export function openCallerSide(response: ServerResponse): CallerSide {
  const left = new AbortController()
  let isDone = false
  response.on('close', () => {
    if (!isDone) left.abort()
  })
  response.on('error', () => left.abort())
  if (response.destroyed) left.abort()

  return {
    get hasLeft() {
      return left.signal.aborted
    },
    onLeave(listener) {
      if (left.signal.aborted) listener()
      else left.signal.addEventListener('abort', listener, { once: true })
      return () => left.signal.removeEventListener('abort', listener)
    },
    begin(status, headers) {
      if (left.signal.aborted) return
      response.writeHead(status, headers)
      response.flushHeaders()
    },
    async write(chunk) {
      if (chunk.byteLength === 0 || left.signal.aborted || response.write(chunk)) return
      await new Promise<void>((resolve) => {
        const stalled = setTimeout(() => response.destroy(), stallMs)
        const go = (): void => {
          clearTimeout(stalled)
          response.off('drain', go)
          response.off('close', go)
          resolve()
        }
        response.on('drain', go)
        response.on('close', go)
      })
    },
    end() {
      isDone = true
      response.end()
    },
    breakOff() {
      isDone = true
      response.destroy()
    },
  }
}
