import { openGateway } from '../../src/gateway/open-gateway.ts'
import { createBudget } from '../../src/models/budget.ts'
import { openModelAccount } from '../../src/models/model-account.ts'
import { modelSettingsSchema } from '../../src/schema/config.ts'

/** The gateway in a process of its own, before the provider at the given address. Prints a line when it listens. */
const [socketPath, baseUrl] = process.argv.slice(2)
if (socketPath === undefined || baseUrl === undefined) throw new Error('give a socket and an address')
const account = openModelAccount({
  providers: { anthropic: { baseUrl, concurrency: 1_000 } },
  secrets: { ANTHROPIC_API_KEY: 'bench' },
  budget: createBudget(1_000_000),
})
await openGateway({
  socketPath,
  token: 'bench',
  account,
  routes: [
    {
      caller: 'coder',
      models: [modelSettingsSchema.parse({ model: 'anthropic/claude-sonnet-4-5' })],
      limits: { maxCalls: 1_000_000, maxTokens: 1e12, maxCostUsd: 1_000_000 },
      used: { calls: 0, tokens: 0, costUsd: 0 },
    },
  ],
  attempt: 1,
  hostedTools: false,
  append: () => {},
})
process.stdout.write('listening\n')
