import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type Gateway, type GatewayCaller, type GatewayOptions, type GatewayStop, usualBounds } from './gateway.ts'
import { openLedger } from './ledger.ts'
import { openRefusalLog } from './refusal-log.ts'
import { createService, maxOpenCalls, type RouteState } from './serve-request.ts'
import { openUpstream } from './upstream.ts'

/** How long `settle` waits beyond what a call is read on. */
const settleMs = 5_000

/** Against programs that send slowly, or without end. */
const serverLimits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 30_000,
  // of the whole request: its body too has to come in this time
  requestTimeout: 120_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
}

/**
 * Starts a model endpoint for one experiment.
 * @throws when the socket cannot be made, e.g. because its path is longer than the 107 bytes that a unix socket's may have
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const bounds = { ...usualBounds, ...options.bounds }
  const states = new Map<GatewayCaller, RouteState>()
  for (const route of options.routes) {
    const ledger = openLedger(route, options.account.budget)
    states.set(route.caller, { route, ledger, stop: null, steps: 0, failures: 0, counts: 0, open: 0 })
  }
  const refusals = openRefusalLog(options)
  const upstream = openUpstream()
  const closing = new AbortController()
  const listeners: ((caller: GatewayCaller, stop: GatewayStop) => void)[] = []
  const serve = createService({
    options,
    bounds,
    states,
    refusals,
    upstream,
    closing: closing.signal,
    onStop: (caller, stop) => {
      for (const listener of listeners) listener(caller, stop)
    },
  })
  const underWay = new Set<Promise<void>>()
  const faults: unknown[] = []

  const server = createServer(serverLimits, (request, response) => {
    // a caller that leaves while it is answered is no fault of ours
    response.on('error', () => {})
    const work = serve(request, response)
      .catch((error: unknown) => {
        response.destroy()
        faults.push(error)
      })
      .finally(() => underWay.delete(work))
    underWay.add(work)
  })
  server.maxConnections = 2 * maxOpenCalls
  server.listen(options.socketPath)
  await once(server, 'listening')
  // the folder keeps others out; a sandbox may run under another user than the harness
  await chmod(options.socketPath, 0o666)

  return {
    use(caller) {
      const { ledger, counts = 0 } = states.get(caller) ?? {}
      return {
        ...(ledger?.use ?? { calls: 0, tokens: 0, costUsd: 0 }),
        ...(counts === 0 ? {} : { tokenCounts: counts }),
      }
    },
    stopOf: (caller) => states.get(caller)?.stop ?? null,
    onStop: (listener) => void listeners.push(listener),
    async settle({ withinMs = bounds.readOnMs + settleMs } = {}) {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, withinMs)
      await Promise.race([Promise.all(underWay), late])
      clearTimeout(timer)
      throwFault()
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all(underWay)
      await closed
      await upstream[Symbol.asyncDispose]()
      refusals.close()
      throwFault()
    },
  }

  /** What the harness itself got wrong, such as a log that cannot be written, is thrown once to whoever runs the experiment. */
  function throwFault(): void {
    const [fault] = faults.splice(0)
    if (fault !== undefined) throw fault
  }
}
