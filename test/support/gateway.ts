import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  Gateway,
  GatewayBounds,
  GatewayCaller,
  GatewayLimits,
  GatewayRoute,
  GatewayUse,
} from '../../src/gateway/gateway.ts'
import { openGateway } from '../../src/gateway/open-gateway.ts'
import { createBudget } from '../../src/models/budget.ts'
import { type ModelAccount, openModelAccount } from '../../src/models/model-account.ts'
import type { Budget } from '../../src/models/model.ts'
import { type ModelSettings, modelSettingsSchema, type Wire } from '../../src/schema/config.ts'
import { type NewEvent, runEventSchema } from '../../src/schema/event.ts'
import { secrets } from './model-calls.ts'

export const gatewayToken = 'token-of-this-experiment'
export const gatewaySecrets = { ...secrets, GEMINI_API_KEY: 'loopback-google' }

/** Each wire with a model behind it, the path to ask at, and the smallest question. */
export const asked = {
  'anthropic-messages': {
    model: 'anthropic/claude-sonnet-4-5',
    path: 'anthropic/v1/messages',
    body: { model: 'claude-sonnet-4-5', max_tokens: 1_000, messages: [{ role: 'user', content: 'Why?' }] },
  },
  'openai-responses': {
    model: 'openai/o4-mini',
    path: 'openai/v1/responses',
    body: { model: 'o4-mini', max_output_tokens: 1_000, input: 'Why?' },
  },
  'openai-chat': {
    model: 'openai/gpt-4o',
    path: 'openai/v1/chat/completions',
    body: { model: 'gpt-4o', max_tokens: 1_000, messages: [{ role: 'user', content: 'Why?' }] },
  },
  'google-generate-content': {
    model: 'google/gemini-2.5-pro',
    path: 'google/v1beta/models/gemini-2.5-pro',
    body: { contents: [{ role: 'user', parts: [{ text: 'Why?' }] }], generationConfig: { maxOutputTokens: 1_000 } },
  },
} as const satisfies Record<Wire, { model: string; path: string; body: Record<string, unknown> }>

export const everyWire = Object.keys(asked) as Wire[]

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Of JSON answers. */
  readonly json: unknown
  /** Whether the connection broke before the end. */
  readonly isBroken: boolean
}

export interface Asking {
  readonly caller?: GatewayCaller
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Sent as it is; JSON of anything that is no text. */
  readonly body?: unknown
  readonly signal?: AbortSignal
  readonly onText?: (text: string) => void
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly budget: Budget
  readonly account: ModelAccount
  readonly socketPath: string
  readonly events: NewEvent[]
  eventsOf<Type extends NewEvent['type']>(type: Type): Extract<NewEvent, { type: Type }>[]
  ask(path: string, asking?: Asking): Promise<Answer>
  /** The smallest question in a format. */
  askWire(wire: Wire, asking?: Asking & { stream?: boolean; change?: Record<string, unknown> }): Promise<Answer>
}

export interface TestGatewayOptions {
  readonly limits?: Partial<GatewayLimits>
  readonly used?: GatewayUse
  readonly budget?: Budget
  readonly models?: readonly (string | (Partial<ModelSettings> & { model: string }))[]
  readonly routes?: readonly GatewayRoute[]
  readonly hostedTools?: boolean
  readonly concurrency?: number
  readonly bounds?: Partial<GatewayBounds>
  readonly onEvent?: (event: NewEvent) => void
}

const nothingUsed: GatewayUse = { calls: 0, tokens: 0, costUsd: 0 }
const noLimits: GatewayLimits = { maxCalls: null, maxTokens: null, maxCostUsd: null }

export function testRoute(caller: GatewayCaller, options: TestGatewayOptions = {}): GatewayRoute {
  const models = options.models ?? everyWire.map((wire) => asked[wire].model)
  return {
    caller,
    models: models.map((model) => modelSettingsSchema.parse(typeof model === 'string' ? { model } : model)),
    limits: { ...noLimits, ...options.limits },
    used: options.used ?? nothingUsed,
  }
}

/** A gateway whose providers are all at `origin`. Its events are checked as the log would. */
export async function openTestGateway(origin: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gw-'))
  const socketPath = join(folder, 'socket')
  const { concurrency = 8, budget = createBudget(null) } = options
  const place = (path: string) => ({ baseUrl: `${origin}${path}`, concurrency })
  const account = openModelAccount({
    providers: {
      openai: place('/v1'),
      anthropic: place('/v1'),
      openrouter: place('/api/v1'),
      google: place('/v1beta'),
      'openai-compatible': place('/v1'),
    },
    secrets: gatewaySecrets,
    budget,
  })
  const events: NewEvent[] = []
  const gateway = await openGateway({
    socketPath,
    token: gatewayToken,
    account,
    routes: options.routes ?? [testRoute('coder', options)],
    attempt: 1,
    hostedTools: options.hostedTools ?? false,
    ...(options.bounds === undefined ? {} : { bounds: options.bounds }),
    append(event) {
      runEventSchema.parse({ ...event, at: new Date().toISOString() })
      events.push(event)
      options.onEvent?.(event)
    },
  })
  const ask = async (path: string, asking: Asking = {}): Promise<Answer> =>
    await askSocket(socketPath, `/${asking.caller ?? 'coder'}/${path}`, asking)
  return {
    gateway,
    budget,
    account,
    socketPath,
    events,
    eventsOf: (type) =>
      events.filter((event): event is Extract<NewEvent, { type: typeof type }> => event.type === type),
    ask,
    askWire(wire, { stream = true, change = {}, ...asking } = {}) {
      const { path, body } = asked[wire]
      if (wire === 'google-generate-content') {
        const verb = stream ? ':streamGenerateContent?alt=sse' : ':generateContent'
        return ask(`${path}${verb}`, { body: { ...body, ...change }, ...asking })
      }
      return ask(path, { body: { ...body, stream, ...change }, ...asking })
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function askSocket(socketPath: string, path: string, asking: Asking): Promise<Answer> {
  const { body, signal, onText } = asking
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        socketPath,
        path,
        method: asking.method ?? (body === undefined ? 'GET' : 'POST'),
        agent: false,
        headers: { authorization: `Bearer ${gatewayToken}`, 'content-type': 'application/json', ...asking.headers },
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        let text = ''
        const finish = (isBroken: boolean): void =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text), isBroken })
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
          onText?.(text)
        })
        response.on('end', () => finish(false))
        response.on('error', () => finish(true))
      },
    )
    request.on('error', reject)
    if (body === undefined) request.end()
    else request.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
