import { coderContract } from './support/coder-contract.ts'

await coderContract({
  kind: 'claude-code',
  model: 'anthropic/claude-sonnet-4-5',
  prices: { input: 3, cachedRead: 0.3, output: 15 },
  key: { variable: 'ANTHROPIC_API_KEY', header: 'x-api-key' },
  settings: () => null,
  told: null,
  token: /^ANTHROPIC_API_KEY=(.+)$/m,
  stream: { exitCodes: true, typed: true, views: true },
  looksAround: false,
  outlivesCuts: true,
})
