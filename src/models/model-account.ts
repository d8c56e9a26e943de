import PQueue from 'p-queue'
import type { ModelSettings, ProviderSpec } from '../schema/config.ts'
import { type ConnectedProvider, connectProvider, type Secrets } from './connections.ts'
import type { Budget } from './model.ts'

/** What all calls of a process share, whoever makes them: the keys, the run's budget and the queue of each provider. */
export interface ModelAccount {
  /** The whole run's. */
  readonly budget: Budget
  /** Throws PrerequisiteError for an unknown provider, a missing key or a missing address. */
  connect(settings: Pick<ModelSettings, 'model'>): ConnectedProvider
  /** As many of its tasks run at once as the provider may have requests in flight. */
  queueFor(connected: ConnectedProvider): PQueue
}

export function openModelAccount(options: {
  readonly providers: Readonly<Record<string, ProviderSpec>>
  readonly secrets: Secrets
  readonly budget: Budget
}): ModelAccount {
  const queues = new Map<string, PQueue>()
  return {
    budget: options.budget,
    connect: (settings) => connectProvider(settings, options.providers, options.secrets),
    queueFor({ name, concurrency }) {
      const queue = queues.get(name) ?? new PQueue({ concurrency })
      queues.set(name, queue)
      return queue
    },
  }
}
