import { coderContract } from './support/coder-contract.ts'

await coderContract({
  kind: 'codex',
  model: 'openai/gpt-5.5',
  prices: { input: 5, cachedRead: 0.5, output: 30 },
  key: { variable: 'OPENAI_API_KEY', header: 'authorization' },
  settings: ({ max_output_tokens, reasoning }) => ({ max_output_tokens, reasoning }),
  told: { max_output_tokens: 10_000, reasoning: { effort: 'low' } },
  token: /^MLRBENCH_CODEX_KEY=(.+)$/m,
  // patches are named without their text
  stream: { exitCodes: true, typed: false, views: null },
  endsCommands: false,
  looksAround: false,
  outlivesCuts: true,
})
