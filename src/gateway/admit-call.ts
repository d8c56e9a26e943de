import { providers } from '../models/index.ts'
import { modelId } from '../models/model-id.ts'
import { contextWindow } from '../models/price.ts'
import type { ModelProvider } from '../models/model.ts'
import type { ConnectedProvider } from '../models/connections.ts'
import type { ModelAccount } from '../models/model-account.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { GatewayRoute } from './gateway.ts'
import type { CallBound, Ledger } from './ledger.ts'
import { mostInputTokens, mostUsd } from './price.ts'
import { parseBody, writeBody } from './read-body.ts'
import { RefusalError } from './refusal.ts'
import type { CallTarget } from './target.ts'
import type { GatewayWire, Json } from './wires/gateway-wire.ts'
import { gatewayWires } from './wires/index.ts'
import { isJson, stringOf } from './wires/json.ts'

/** A call that may go out, once there is room for it. */
export interface AdmittedCall {
  readonly wire: GatewayWire
  readonly settings: ModelSettings
  readonly connected: ConnectedProvider
  readonly url: string
  readonly body: Buffer
  readonly bound: CallBound
  /** Whether the answer has a limit: without one the bound covers the request alone. */
  readonly isBounded: boolean
  /** Whether to leave out what the answer tells of its usage: the caller has not asked for it. */
  readonly hidesUsage: boolean
  /** Names of unknown fields that the call goes out without, as they are told; null when there are none. */
  readonly leftOut: string | null
  /** The answer to a question for a count of tokens that the provider itself does not take; null otherwise. */
  readonly estimate: Json | null
}

export interface AdmitPlace {
  readonly target: CallTarget
  readonly route: GatewayRoute
  readonly ledger: Ledger
  readonly account: ModelAccount
  readonly hostedTools: boolean
}

/**
 * Looks a request through, all at once: what was read out of its bytes takes many times their room, and is gone before the next one.
 * @throws RefusalError for what may not go out
 */
export function admitCall(bytes: Buffer, place: AdmitPlace): AdmittedCall {
  const { target, route, ledger } = place
  const wire = gatewayWires[target.wire]
  const asked = parseBody(bytes)
  const { settings, connected } = findModel(target.inPath?.model ?? stringOf(asked['model']) ?? '', place)
  const model = modelId(settings)
  // Google counts the tokens of a whole request that stands inside another; what else stands there is left out
  const inner = isGoogleCount(target) ? asked['generateContentRequest'] : null
  const content = isJson(inner) ? inner : asked
  const body = isJson(inner) ? { generateContentRequest: inner } : asked
  if (target.inPath === null) body['model'] = model
  else if (isJson(inner)) inner['model'] = `models/${model}`
  // it stands in the path
  else delete body['model']
  const inputs = wire.admit(content, {
    connected,
    modelId: model,
    // what such a tool costs, fees and all it reads, is in no bound
    hostedTools: place.hostedTools && !ledger.hasLimits,
    leavesOut: route.caller === 'coder',
  })
  const written = writeBody(content)
  const choices = wire.choices(content)
  const inputTokens = mostInputTokens(model, { ...inputs, bytes: written.byteLength + bytesOfLimit })
  // a cache kept for an hour costs more to write
  const hourCache = written.includes('"1h"')
  const price = (limit: number): number | null =>
    mostUsd({ connected, modelId: model }, { inputTokens, outputTokens: limit * choices, hourCache })
  let isLimited = false
  if (target.operation === 'generate') {
    const wanted = wire.outputLimit(content)
    const own = settings.maxOutputTokens
    const limit =
      wanted === null
        ? (own ?? (ledger.hasLimits ? fittingLimit(ledger, { inputTokens, choices, price }) : null))
        : Math.min(wanted, own ?? wanted, mostOutput(connected.provider, { model, wanted }) ?? wanted)
    isLimited = limit !== null && limit !== wanted
    if (limit !== null && isLimited) wire.limitOutput(content, { tokens: limit, connected })
  }
  const output = wire.outputLimit(content)
  const bound =
    target.operation === 'count'
      ? { tokens: 0, usd: 0 }
      : { tokens: inputTokens + (output ?? 0) * choices, usd: output === null ? null : price(output) }
  ledger.checkSize(bound)
  return {
    wire,
    hidesUsage: inputs.addsUsage,
    leftOut: inputs.leftOut,
    isBounded: output !== null,
    estimate:
      target.operation === 'count' && !countsTokens.has(connected.provider)
        ? (wire.countBody?.(Math.ceil(written.byteLength / bytesPerToken)) ?? null)
        : null,
    settings,
    connected,
    url: `${connected.connection.baseUrl.replace(/\/$/, '')}${pathOf(target, model)}`,
    body: isLimited || content !== body ? writeBody(body) : written,
    bound,
  }
}

const isGoogleCount = ({ wire, operation }: CallTarget): boolean =>
  wire === 'google-generate-content' && operation === 'count'

/** By what stands behind the slash, or in full; of models of one name, the first whose provider speaks the format. */
function findModel(
  name: string,
  { route, account, target }: AdmitPlace,
): { settings: ModelSettings; connected: ConnectedProvider } {
  const named = route.models
    .filter((settings) => modelId(settings) === name || settings.model === name)
    .map((settings) => ({ settings, connected: account.connect(settings) }))
  const found = named.find(({ connected }) => connected.wires.includes(target.wire))
  if (found !== undefined) return found
  const [other] = named
  if (other !== undefined) {
    const { connected } = other
    throw new RefusalError(
      'wire-not-spoken',
      `${connected.name} does not speak ${target.wire}, but ${connected.wires.join(', ')}`,
    )
  }
  const allowed = route.models.map(modelId).join(', ') || 'none'
  throw new RefusalError(
    'model-not-allowed',
    `the model "${name.slice(0, 100)}" may not be called here; allowed: ${allowed}`,
  )
}

function pathOf({ wire, operation, inPath }: CallTarget, model: string): string {
  switch (wire) {
    case 'anthropic-messages':
      return operation === 'count' ? '/messages/count_tokens' : '/messages'
    case 'openai-responses':
      return '/responses'
    case 'openai-chat':
      return '/chat/completions'
    case 'google-generate-content': {
      const path = `/models/${model.split('/').map(encodeURIComponent).join('/')}`
      if (operation === 'count') return `${path}:countTokens`
      return inPath?.stream === true ? `${path}:streamGenerateContent?alt=sse` : `${path}:generateContent`
    }
  }
}

/** Providers that count the tokens of a request without charge; servers that speak the same format mostly do not. */
const countsTokens: ReadonlySet<ModelProvider> = new Set([providers.anthropic, providers.google])
/** Of English text, roughly. */
const bytesPerToken = 4

/** What writing a limit into a request adds to it at most. */
const bytesOfLimit = 100

/** An answer longer than this is asked for on purpose. */
const usualLimit = 32_000
/** Not worth asking with less. */
const leastLimit = 1_024

/** Where the tables say how much the model can write at all; only asked for where it may matter, as looking it up takes time. */
function mostOutput(provider: ModelProvider, { model, wanted }: { model: string; wanted: number }): number | null {
  return wanted > usualLimit ? contextWindow(provider, model) : null
}

/** What a caller that sets no limit gets where tokens or dollars are limited: the usual, or what still fits. */
function fittingLimit(
  { left }: Ledger,
  call: { inputTokens: number; choices: number; price: (outputTokens: number) => number | null },
): number {
  const fits = (limit: number): boolean => {
    const usd = call.price(limit)
    return (
      (left.tokens === null || call.inputTokens + limit * call.choices <= left.tokens) &&
      (left.usd === null || usd === null || usd <= left.usd)
    )
  }
  let limit = usualLimit
  while (limit > leastLimit && !fits(limit)) limit = Math.max(leastLimit, Math.floor(limit / 2))
  return limit
}
