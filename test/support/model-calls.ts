import type { Budget, CallContext, ModelReply, ModelRequest } from '../../src/models/model.ts'
import { createBudget } from '../../src/models/budget.ts'
import { createModelCaller, type ModelCaller } from '../../src/models/model-caller.ts'
import type { ResponseCache } from '../../src/models/response-cache.ts'
import { type ModelSettings, modelSettingsSchema } from '../../src/schema/config.ts'
import { type NewEvent, runEventSchema } from '../../src/schema/event.ts'

/** Each wire format with a model that speaks it. */
export const wires = {
  responses: { model: 'openai/o4-mini' },
  chat: { model: 'openai/gpt-4o', api: 'chat' },
  anthropic: { model: 'anthropic/claude-3-7-sonnet-20250219' },
  openrouter: { model: 'openrouter/google/gemini-2.5-pro' },
  compatible: { model: 'openai-compatible/qwen3' },
} as const satisfies Record<string, Pick<ModelSettings, 'model'> & Partial<ModelSettings>>
export type Wire = keyof typeof wires

export interface Way {
  readonly wire: Wire
  readonly stream: boolean
}

export const everyWire = Object.keys(wires) as Wire[]
/** Every wire, streaming and not, each with a title for its tests. */
export const ways = everyWire.flatMap((wire): [title: string, way: Way][] => [
  [`${wire}, streaming`, { wire, stream: true }],
  [wire, { wire, stream: false }],
])

export function waysOf(...wanted: Wire[]): typeof ways {
  return ways.filter(([, { wire }]) => wanted.includes(wire))
}

/** Keys that open nothing, told apart by their text. */
export const secrets = {
  OPENAI_API_KEY: 'sk-loopback-openai',
  ANTHROPIC_API_KEY: 'sk-loopback-anthropic',
  OPENROUTER_API_KEY: 'sk-loopback-openrouter',
  OPENAI_COMPATIBLE_API_KEY: 'sk-loopback-compatible',
}

export const question: ModelRequest = {
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  maxOutputTokens: 1_000,
}

export interface Ask {
  readonly settings?: Partial<ModelSettings>
  readonly request?: Partial<ModelRequest>
  readonly scope?: string
  readonly signal?: AbortSignal
  /** The ledger besides the run's. */
  readonly budget?: Budget
}

export interface Calls {
  readonly models: ModelCaller
  readonly events: NewEvent[]
  ask(way: Way | Wire, ask?: Ask): Promise<ModelReply>
  /** Events of one type, in order. */
  eventsOf<Type extends NewEvent['type']>(type: Type): Extract<NewEvent, { type: Type }>[]
}

export interface CallsOptions {
  readonly budget?: Budget
  readonly cache?: ResponseCache
  readonly sharedCache?: boolean
  readonly concurrency?: number
  readonly onEvent?: (event: NewEvent) => void
}

/** A model caller whose providers are all at `origin`, with waits too short to notice. Its events are checked as the log would. */
export function openCalls(origin: string, options: CallsOptions = {}): Calls {
  const { budget = createBudget(null), cache = null, sharedCache = false, concurrency = 8 } = options
  const events: NewEvent[] = []
  const place = (path: string) => ({ baseUrl: `${origin}${path}`, concurrency })
  const models = createModelCaller({
    providers: {
      openai: place('/v1'),
      anthropic: place('/v1'),
      openrouter: place('/api/v1'),
      'openai-compatible': place('/v1'),
    },
    secrets,
    budget,
    cache,
    sharedCache,
    retry: { retries: 3, minDelayMs: 1, maxDelayMs: 5 },
  })
  return {
    models,
    events,
    eventsOf: (type) =>
      events.filter((event): event is Extract<NewEvent, { type: typeof type }> => event.type === type),
    ask(way, { settings, request, scope, signal, budget: ownBudget } = {}) {
      const { wire, stream } = typeof way === 'string' ? { wire: way, stream: true } : way
      const context: CallContext = {
        purpose: { kind: 'stage', stage: 'idea', attempt: 1, step: 1 },
        cacheScope: scope ?? 'trial-1/1',
        append(event) {
          runEventSchema.parse({ ...event, at: new Date().toISOString() })
          events.push(event)
          options.onEvent?.(event)
        },
        signal: signal ?? new AbortController().signal,
        ...(ownBudget === undefined ? {} : { budget: ownBudget }),
      }
      const asked = modelSettingsSchema.parse({ ...wires[wire], stream, ...settings })
      return models.call(asked, { ...question, ...request }, context)
    },
  }
}

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call was expected to fail')
}
