import type { ModelAccount } from '../models/model-account.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'

export type GatewayCaller = 'coder' | 'experiment-code'

/** Null: no limit. */
export interface GatewayLimits {
  readonly maxCalls: number | null
  /** Input and output together. */
  readonly maxTokens: number | null
  readonly maxCostUsd: number | null
}

/** What one kind of caller may do. */
export interface GatewayRoute {
  readonly caller: GatewayCaller
  /** Callers name a model by what stands behind the slash. */
  readonly models: readonly ModelSettings[]
  readonly limits: GatewayLimits
  /** What interrupted attempts at the same experiment have used up of the limits. */
  readonly used: GatewayUse
}

export interface GatewayUse {
  readonly calls: number
  readonly tokens: number
  /** Dollars; what a call that broke off may have cost counts whole. */
  readonly costUsd: number
  /** Questions how many tokens a request has, which are free and in no limit; absent where nobody counted them. */
  readonly tokenCounts?: number
}

export interface GatewayOptions {
  /** Where to listen: a path that only the harness can reach, and its sandbox is shown. */
  readonly socketPath: string
  /** Callers must show it as their key; it opens this gateway and nothing else. */
  readonly token: string
  readonly account: ModelAccount
  readonly routes: readonly GatewayRoute[]
  /** Attempt of the experiment that all calls are made for. */
  readonly attempt: number
  /**
   * Whether a provider may run its own tools, such as web search, which reach the network for the caller. Not where dollars or tokens are
   * limited: what they cost is in no bound.
   */
  readonly hostedTools: boolean
  readonly append: (event: NewEvent) => RunEvent | void
  /** Those that are not given are the usual ones. */
  readonly bounds?: Partial<GatewayBounds>
}

export interface GatewayBounds {
  /** How long an answer is read on after its caller has gone, so that its cost is known. */
  readonly readOnMs: number
  /** Failed calls after which a caller gets no more. */
  readonly maxFailures: number
  /** Bytes that the requests of all open calls may take in memory. */
  readonly maxHeldBytes: number
}

export const usualBounds: GatewayBounds = { readOnMs: 60_000, maxFailures: 1_000, maxHeldBytes: 256 * 1024 ** 2 }

export type GatewayLimit = 'call-limit' | 'token-limit' | 'cost-limit' | 'budget-spent'

/** Why a route lets no more calls through. */
export interface GatewayStop {
  /** `not-authorised`: the provider does not take the user's own key. */
  readonly code: GatewayLimit | 'not-authorised'
  readonly message: string
}

/**
 * A model endpoint for one experiment. It listens on a unix socket and serves, below `/coder` and `/experiment-code`,
 * `/anthropic/v1/…`, `/openai/v1/…` and `/google/v1beta/…` as those providers' own clients expect it. Disposing of it ends open
 * calls; that and `settle` reject with what the harness itself got wrong on the way, such as a log that cannot be written.
 */
export interface Gateway extends AsyncDisposable {
  /** What went through here, without what earlier attempts used; calls that have not ended are not in it. */
  use(caller: GatewayCaller): GatewayUse
  /** Null while calls go through. It is set as soon as one call was refused for good. */
  stopOf(caller: GatewayCaller): GatewayStop | null
  /** Called once for each caller that is stopped. */
  onStop(listener: (caller: GatewayCaller, stop: GatewayStop) => void): void
  /** Waits until calls whose caller has gone are accounted for; bounded, by `withinMs` where given. */
  settle(options?: { readonly withinMs?: number }): Promise<void>
}
