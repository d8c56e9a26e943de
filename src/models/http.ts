import { Agent, fetch as undiciFetch } from 'undici'

/**
 * Node's own fetch gives up on a connection that is silent for five minutes, which a reasoning model may well be. Here the
 * only clock is the call's own time-out.
 */
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })

export const patientFetch: typeof globalThis.fetch = (input, init) =>
  undiciFetch(input as Parameters<typeof undiciFetch>[0], {
    ...(init as Parameters<typeof undiciFetch>[1]),
    dispatcher,
  }) as unknown as Promise<Response>
