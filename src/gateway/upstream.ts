import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Agent, request as sendRequest } from 'undici'
import { describeError } from '../base/errors.ts'

export interface UpstreamAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Readable
}

/** The way out. It follows no redirect, and its only clock is the caller's signal: a reasoning model may be silent for long. */
export interface Upstream extends AsyncDisposable {
  send(
    url: string,
    call: { headers: Record<string, string>; body: Buffer; signal: AbortSignal },
  ): Promise<UpstreamAnswer>
}

export function openUpstream(): Upstream {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  return {
    async send(url, { headers, body, signal }) {
      const answer = await sendRequest(url, { method: 'POST', headers, body, signal, dispatcher })
      return { status: answer.statusCode, headers: answer.headers as IncomingHttpHeaders, body: answer.body }
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
    },
  }
}

/** Errors of the way out, without an address that might hold more than the name of a host. */
export function describeFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  return `${code}${describeError(error)}`.slice(0, 300)
}
