import { coderContract } from './support/coder-contract.ts'

await coderContract({
  kind: 'qwen-code',
  model: 'openai/gpt-4o-mini',
  prices: { input: 0.15, cachedRead: 0.075, output: 0.6 },
  key: { variable: 'OPENAI_API_KEY', header: 'authorization' },
  settings: ({ max_tokens, reasoning_effort, temperature }) => ({ max_tokens, reasoning_effort, temperature }),
  told: { max_tokens: 10_000, reasoning_effort: 'low', temperature: 0.5 },
  token: /^OPENAI_API_KEY=(.+)$/m,
  stream: { exitCodes: false, typed: true, views: true },
  endsCommands: false,
  looksAround: false,
  outlivesCuts: false,
})
