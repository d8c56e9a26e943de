import { coderContract } from './support/coder-contract.ts'

await coderContract({
  kind: 'opencode',
  model: 'openai/gpt-4o-mini',
  prices: { input: 0.15, cachedRead: 0.075, output: 0.6 },
  key: { variable: 'OPENAI_API_KEY', header: 'authorization' },
  settings: ({ max_tokens, reasoning_effort, temperature }) => ({ max_tokens, reasoning_effort, temperature }),
  told: { max_tokens: 10_000, reasoning_effort: 'low', temperature: 0.5 },
  token: /"apiKey":"([^"]+)"/,
  stream: { exitCodes: true, typed: true, views: true },
  // a package for plugins, which it does not need
  endsCommands: true,
  looksAround: true,
  outlivesCuts: true,
})
