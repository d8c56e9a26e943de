import type { IncomingHttpHeaders } from 'node:http'
import type PQueue from 'p-queue'
import type { ModelAccount } from '../models/model-account.ts'
import type { ModelCallCode } from '../models/model-call-error.ts'
import type { NewEvent, Purpose } from '../schema/event.ts'
import type { AdmittedCall } from './admit-call.ts'
import { type CallRecord, openRecord } from './call-record.ts'
import type { CallerSide } from './caller-side.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import type { CallReservation, Ledger } from './ledger.ts'
import { createUsageFilter } from './hide-usage.ts'
import { createMeter, isEventStream } from './meter.ts'
import { readFault } from './read-fault.ts'
import { RefusalError } from './refusal.ts'
import { describeFault, type Upstream, type UpstreamAnswer } from './upstream.ts'

export interface CallPlace {
  readonly side: CallerSide
  readonly ledger: Ledger
  readonly account: ModelAccount
  readonly upstream: Upstream
  /** This gateway's own line before the provider's queue. */
  readonly line: PQueue
  readonly headers: IncomingHttpHeaders
  /** Made when the call goes out; null for one that only counts tokens. */
  readonly purpose: (() => Purpose) | null
  readonly append: (event: NewEvent) => void
  readonly readOnMs: number
  /** Throws when the call must not go out any more, which may have changed while it waited. */
  readonly onTurn: () => void
  /** When the gateway closes. */
  readonly closing: AbortSignal
}

/** What became of a call. Nothing has been told to the caller when it was not authorised, or given up before it was sent. */
export type CallEnd = 'answered' | 'failed' | 'not-authorised' | 'given-up'

/**
 * Waits for room, sends the call, and hands the answer on as it comes.
 * @throws RefusalError when nothing has been told to the caller yet
 */
export async function runCall(call: AdmittedCall, place: CallPlace): Promise<CallEnd> {
  const { ledger, account, side } = place
  // a caller that leaves takes back what has not been sent; what has been sent is read on for a while
  const waiting = new AbortController()
  let isSent = false
  const giveUp = (): void => {
    if (!isSent) waiting.abort()
  }
  const stay = side.onLeave(giveUp)
  place.closing.addEventListener('abort', giveUp, { once: true })
  if (place.closing.aborted) giveUp()
  const { signal } = waiting
  try {
    // money is set aside only once it is this call's turn here, so that calls of other experiments do not wait for it
    return await place.line.add(takeTurn, { signal })
  } catch (error) {
    if (signal.aborted) return 'given-up'
    throw error
  } finally {
    stay()
    place.closing.removeEventListener('abort', giveUp)
  }

  async function takeTurn(): Promise<CallEnd> {
    place.onTurn()
    const reservation = place.purpose === null ? null : await ledger.reserve(call.bound, signal)
    const send = (): Promise<CallEnd> => {
      place.onTurn()
      isSent = true
      return sendCall(call, { ...place, reservation })
    }
    try {
      return await account.queueFor(call.connected).add(send, { signal })
    } finally {
      reservation?.release()
    }
  }
}

type SendPlace = CallPlace & { readonly reservation: CallReservation | null }

async function sendCall(call: AdmittedCall, place: SendPlace): Promise<CallEnd> {
  const { side, closing, readOnMs } = place
  const record = openRecord(call, place)
  const stopper = new AbortController()
  let whyStopped: 'timed-out' | 'aborted' = 'aborted'
  const stop = (): void => stopper.abort()
  const timers = [
    setTimeout(() => {
      whyStopped = 'timed-out'
      stop()
    }, call.settings.timeoutMs),
  ]
  const stay = side.onLeave(() => timers.push(setTimeout(stop, readOnMs)))
  closing.addEventListener('abort', stop, { once: true })
  if (closing.aborted) stop()
  const codeOf = (otherwise: 'connection-broken' | 'cut-off') => (stopper.signal.aborted ? whyStopped : otherwise)
  try {
    const headers = requestHeaders(place.headers, call.connected)
    let answer: UpstreamAnswer
    try {
      answer = await place.upstream.send(call.url, { headers, body: call.body, signal: stopper.signal })
    } catch (error) {
      const code = codeOf('connection-broken')
      record.fail(code, describeFault(error))
      throw code === 'timed-out'
        ? new RefusalError('timed-out', 'the provider did not answer in time')
        : new RefusalError('provider-failed', 'the provider cannot be reached')
    }
    if (answer.status < 200 || answer.status >= 300) return await passFault(answer, call, { side, record })
    return await passAnswer(answer, call, { side, record, codeOf: () => codeOf('cut-off') })
  } finally {
    // what is still to be told to the caller needs no timer
    stay()
    for (const timer of timers) clearTimeout(timer)
    closing.removeEventListener('abort', stop)
  }
}

async function passFault(
  answer: UpstreamAnswer,
  { connected, wire }: AdmittedCall,
  { side, record }: { side: CallerSide; record: CallRecord },
): Promise<CallEnd> {
  const fault = await readFault(answer, connected.connection.apiKey)
  record.fail(fault.code, fault.message)
  if (fault.code === 'not-authorised') return 'not-authorised'
  if (fault.body === null) {
    const body = wire.errorBody({ status: fault.status, code: 'provider-failed', message: fault.message })
    side.begin(fault.status, { ...responseHeaders(answer.headers), 'content-type': 'application/json' })
    await side.write(Buffer.from(JSON.stringify(body)))
  } else {
    side.begin(fault.status, responseHeaders(answer.headers))
    await side.write(fault.body)
  }
  side.end()
  return 'failed'
}

async function passAnswer(
  answer: UpstreamAnswer,
  { wire, hidesUsage }: AdmittedCall,
  { side, record, codeOf }: { side: CallerSide; record: CallRecord; codeOf: () => ModelCallCode | 'aborted' },
): Promise<CallEnd> {
  const contentType = answer.headers['content-type'] ?? ''
  const meter = createMeter(wire, contentType)
  const filter = hidesUsage && isEventStream(contentType) ? createUsageFilter() : null
  side.begin(answer.status, responseHeaders(answer.headers))
  let cut: { code: ModelCallCode | 'aborted'; message: string } | null = null
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      meter.feed(chunk)
      await side.write(filter === null ? chunk : filter.push(chunk))
    }
    if (filter !== null) await side.write(filter.end())
  } catch (error) {
    cut = { code: codeOf(), message: describeFault(error) }
  }
  // the call stands in the log before its caller can go on to the next
  const isWhole = record.conclude(meter.end(), cut)
  if (cut === null) side.end()
  else side.breakOff()
  return isWhole ? 'answered' : 'failed'
}
