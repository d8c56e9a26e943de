import { coderContract } from './support/coder-contract.ts'

await coderContract({
  kind: 'claude-code',
  model: 'anthropic/claude-opus-4-6',
  prices: { input: 5, cachedRead: 0.5, output: 25 },
  key: { variable: 'ANTHROPIC_API_KEY', header: 'x-api-key' },
  settings: ({ max_tokens, output_config }) => ({ max_tokens, output_config }),
  told: { max_tokens: 10_000, output_config: { effort: 'low' } },
  token: /^ANTHROPIC_API_KEY=(.+)$/m,
  stream: { exitCodes: true, typed: true, views: true },
  endsCommands: true,
  looksAround: false,
  outlivesCuts: true,
})
