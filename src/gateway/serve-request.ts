import type { IncomingMessage, ServerResponse } from 'node:http'
import PQueue from 'p-queue'
import type { ConnectedProvider } from '../models/connections.ts'
import { modelId } from '../models/model-id.ts'
import type { Purpose } from '../schema/event.ts'
import { admitCall, type AdmittedCall } from './admit-call.ts'
import { openCallerSide } from './caller-side.ts'
import type { GatewayBounds, GatewayCaller, GatewayOptions, GatewayRoute, GatewayStop } from './gateway.ts'
import type { Ledger } from './ledger.ts'
import { createBodyStore } from './read-body.ts'
import { isFailure, isStop, isWorthRetrying, RefusalError, statusOf, wordsFor } from './refusal.ts'
import type { RefusalLog } from './refusal-log.ts'
import { runCall } from './run-call.ts'
import { type CallTarget, readTarget, type Target } from './target.ts'
import { showsToken } from './token.ts'
import type { Upstream } from './upstream.ts'
import { gatewayWires } from './wires/index.ts'

/** What one caller has done so far. */
export interface RouteState {
  readonly route: GatewayRoute
  readonly ledger: Ledger
  stop: GatewayStop | null
  /** Calls sent. */
  steps: number
  failures: number
  /** Questions how many tokens a request has. */
  counts: number
  /** Calls that have not ended. */
  open: number
}

export interface ServicePlace {
  readonly options: GatewayOptions
  readonly bounds: GatewayBounds
  readonly states: ReadonlyMap<GatewayCaller, RouteState>
  readonly refusals: RefusalLog
  readonly upstream: Upstream
  readonly closing: AbortSignal
  readonly onStop: (caller: GatewayCaller, stop: GatewayStop) => void
}

/** Answers one request; rejects only with what the harness itself got wrong. */
export type Service = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Calls of one caller at once, those waiting for room included. */
export const maxOpenCalls = 256
/** Counting tokens is free, and no coder we know asks for it more than a few times a call. */
const maxCounts = { aCall: 10, withoutLimit: 10_000 }

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

export function createService({ options, bounds, states, refusals, upstream, closing, onStop }: ServicePlace): Service {
  const { account } = options
  const { readOnMs, maxFailures } = bounds
  const bodies = createBodyStore(bounds)
  const lines = new Map<string, PQueue>()

  return async (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2)
    const target = readTarget(request.method ?? '', path)
    if (target === null)
      return sendJson(response, { status: 404, body: { error: { message: 'there is nothing here', code: 404 } } })
    if (target.kind === 'greeting') return sendJson(response, { status: 200, body: {} })
    try {
      if (!showsToken(options.token, request.headers, new URLSearchParams(query)))
        throw new RefusalError('token-wrong', 'this is not the key of this experiment')
      await serve(target, { request, response })
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      refuse(target, response, error)
    }
  }

  async function serve(target: Exclude<Target, { kind: 'greeting' }>, exchange: Exchange): Promise<void> {
    const state = states.get(target.caller)
    if (state === undefined || target.kind === 'unknown') throw new RefusalError('not-found', 'this is not served here')
    if (target.kind === 'models') return listModels(target, state.route, exchange.response)
    throwIfStopped(state)
    // so many are no bad luck: a program that goes on would fill the log, and try the provider's patience with the user
    if (state.failures >= maxFailures)
      throw new RefusalError('too-many-failures', `${maxFailures} calls of this experiment failed: no more are sent`)
    if (state.open >= maxOpenCalls)
      throw new RefusalError('too-many-calls', `${maxOpenCalls} calls are open: wait for one to end`)
    if (target.operation === 'count') countUp(state)
    state.open += 1
    try {
      await forward(target, state, exchange)
    } catch (error) {
      if (error instanceof RefusalError && isFailure(error.code)) state.failures += 1
      throw error
    } finally {
      state.open -= 1
    }
  }

  async function forward(target: CallTarget, state: RouteState, { request, response }: Exchange): Promise<void> {
    const { ledger } = state
    const side = openCallerSide(response)
    const { call, held } = await takeIn(request, { target, state })
    using _held = held
    if (call.leftOut !== null) refusals.note(target.caller, { code: 'unknown-field', message: toldOf(call.leftOut) })
    if (call.estimate !== null) return sendJson(response, { status: 200, body: call.estimate })
    const end = await runCall(call, {
      side,
      headers: request.headers,
      ledger,
      account,
      upstream,
      line: lineFor(call.connected),
      onTurn: () => throwIfStopped(state),
      readOnMs,
      purpose: target.operation === 'count' ? null : () => purposeOf(target.caller, (state.steps += 1)),
      append: (event) => void options.append(event),
      closing,
    })
    if (end === 'given-up') return void response.destroy()
    if (end !== 'answered') state.failures += 1
    if (end === 'not-authorised')
      throw new RefusalError('not-authorised', `${call.connected.name} does not take the key it was given`)
  }

  /** What came in is let go as soon as what goes out is written. */
  async function takeIn(
    request: IncomingMessage,
    { target, state: { route, ledger } }: { target: CallTarget; state: RouteState },
  ): Promise<{ call: AdmittedCall; held: Disposable }> {
    using body = await bodies.read(request)
    const call = admitCall(body.bytes, { target, route, ledger, account, hostedTools: options.hostedTools })
    return { call, held: bodies.hold(call.body) }
  }

  /** One experiment takes at most half of what a provider lets run at once: the others' calls, and the judges', find room beside it. */
  function lineFor({ name, concurrency }: ConnectedProvider): PQueue {
    const line = lines.get(name) ?? new PQueue({ concurrency: Math.max(1, Math.ceil(concurrency / 2)) })
    lines.set(name, line)
    return line
  }

  function purposeOf(caller: GatewayCaller, step: number): Purpose {
    const { attempt } = options
    return caller === 'coder'
      ? { kind: 'stage', stage: 'experiment', attempt, step }
      : { kind: 'experiment-code', attempt, step }
  }

  /** A key that is not taken ends the work of all: only the user can put it right. */
  function stop(caller: GatewayCaller, why: GatewayStop): void {
    for (const [name, state] of states) {
      if (state.stop !== null || (name !== caller && why.code !== 'not-authorised')) continue
      state.stop = why
      onStop(name, why)
    }
  }

  function refuse(target: Target, response: ServerResponse, refusal: RefusalError): void {
    const { code, message } = refusal
    refusals.note(target.caller, { code, message })
    if (isStop(code)) stop(target.caller, { code, message })
    if (response.headersSent || response.destroyed) return void response.destroy()
    const wire = gatewayWires[target.wire]
    const status = wire.statusOf?.(code) ?? statusOf(code)
    sendJson(response, {
      status,
      body: wire.errorBody({ status, code, message: wordsFor(refusal) }),
      // what is left of a request that was not read to its end is not waited for
      headers: { 'x-should-retry': String(isWorthRetrying(status)), connection: 'close' },
    })
  }
}

const toldOf = (names: string): string => `calls go out without ${names}, which the gateway does not know`

function countUp(state: RouteState): void {
  const { maxCalls } = state.route.limits
  const most = maxCalls === null ? maxCounts.withoutLimit : maxCalls * maxCounts.aCall
  if (state.counts >= most) throw new RefusalError('too-many-counts', `tokens were counted ${most} times: no more`)
  state.counts += 1
}

function throwIfStopped({ stop }: RouteState): void {
  if (stop !== null) throw new RefusalError(stop.code, stop.message)
}

function listModels(
  { wire: name, model: wanted }: Extract<Target, { kind: 'models' }>,
  route: GatewayRoute,
  response: ServerResponse,
): void {
  const wire = gatewayWires[name]
  const models = route.models.map((settings) => ({ id: modelId(settings) }))
  if (wanted === null) return sendJson(response, { status: 200, body: wire.listModels(models) })
  const model = models.find(({ id }) => id === wanted)
  if (model === undefined) throw new RefusalError('model-not-allowed', 'this model may not be called here')
  sendJson(response, { status: 200, body: wire.describeModel(model) })
}

function sendJson(
  response: ServerResponse,
  {
    status,
    body,
    headers = {},
  }: { status: number; body: Record<string, unknown>; headers?: Readonly<Record<string, string>> },
): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.byteLength, ...headers })
  response.end(bytes)
}
