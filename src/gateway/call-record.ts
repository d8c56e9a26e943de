import { randomUUID } from 'node:crypto'
import { type ModelCallCode, mayHaveCost } from '../models/model-call-error.ts'
import { modelId } from '../models/model-id.ts'
import type { NewEvent, Purpose } from '../schema/event.ts'
import { type Usage, unknownUsage } from '../schema/usage.ts'
import type { AdmittedCall } from './admit-call.ts'
import type { CallReservation } from './ledger.ts'
import { priceAnswer } from './price.ts'
import type { Reading } from './wires/gateway-wire.ts'

type FailureCode = ModelCallCode | 'aborted'

/** Writes down what became of a call that was sent, and settles what was set aside for it. */
export interface CallRecord {
  fail(code: FailureCode, message: string): void
  /**
   * @param cut what ended the answer before its end; null when it ended by itself
   * @returns whether the answer is complete
   */
  conclude(reading: Reading, cut: { code: FailureCode; message: string } | null): boolean
}

export function openRecord(
  call: AdmittedCall,
  place: {
    /** Both null for a call that only counts tokens, of which nothing is written down. */
    readonly purpose: (() => Purpose) | null
    readonly reservation: CallReservation | null
    readonly append: (event: NewEvent) => void
  },
): CallRecord {
  const { reservation } = place
  if (place.purpose === null || reservation === null) return unwritten
  const about = { callId: randomUUID(), purpose: place.purpose() }
  const { model } = call.settings
  const startedAt = performance.now()

  const breakOff = (code: string): void => {
    reservation.settle({ tokens: null, usd: null })
    const upToTokens = call.isBounded ? { upToTokens: call.bound.tokens } : {}
    place.append({ type: 'call-broken', ...about, code, upToUsd: call.bound.usd, ...upToTokens })
  }
  const fail = (code: FailureCode, message: string, hasCost: boolean): void => {
    if (hasCost) breakOff(code)
    place.append({ type: 'model-call-failed', ...about, model, code, message, retries: 0 })
  }

  return {
    fail: (code, message) => fail(code, message, mayHaveCost(code)),
    conclude(reading, cut) {
      const usage = reading.rawUsage === null ? unknownUsage : call.wire.usageOf(reading.rawUsage)
      const tokens = tokensOf(usage)
      const priced = { connected: call.connected, modelId: modelId(call.settings) }
      const costUsd = priceAnswer(priced, { usage, raw: reading.rawUsage })
      const isWhole = reading.isComplete && (cut === null || tokens !== null)
      if (!isWhole) {
        // an error before the first word is charged by nobody
        const { code, message } = describeEnd(reading, cut)
        fail(code, message, reading.isBegun || mayHaveCost(code))
        return false
      }
      // nobody says what it cost, though it has a price: it stays spent as far as it was set aside
      if (costUsd === null && call.bound.usd !== null) {
        breakOff('no-usage')
        return true
      }
      reservation.settle({ tokens, usd: costUsd })
      place.append({
        type: 'model-called',
        ...about,
        model,
        responseModel: reading.responseModel,
        usage,
        costUsd,
        latencyMs: performance.now() - startedAt,
        finishReason: reading.finishReason ?? 'other',
        retries: 0,
        cache: 'off',
      })
      return true
    },
  }
}

const unwritten: CallRecord = { fail: () => {}, conclude: () => true }

const tokensOf = ({ inputTokens, outputTokens }: Usage): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens

function describeEnd(
  { error, isBegun }: Reading,
  cut: { code: FailureCode; message: string } | null,
): { code: FailureCode; message: string } {
  if (error !== null) return { code: 'provider-failed', message: error.slice(0, 300) }
  if (cut !== null) return cut
  return isBegun
    ? { code: 'cut-off', message: 'the answer ended before its end' }
    : { code: 'malformed-reply', message: "the provider's answer cannot be read" }
}
