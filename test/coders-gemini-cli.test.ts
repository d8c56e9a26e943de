import { coderContract } from './support/coder-contract.ts'

await coderContract({
  kind: 'gemini-cli',
  model: 'google/gemini-2.5-pro',
  prices: { input: 1.25, cachedRead: 0.125, output: 10 },
  key: { variable: 'GEMINI_API_KEY', header: 'x-goog-api-key' },
  settings: ({ generationConfig }) => generationConfig,
  told: {
    maxOutputTokens: 10_000,
    temperature: 0.5,
    topP: 0.95,
    topK: 64,
    thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 },
  },
  token: /^GEMINI_API_KEY=(.+)$/m,
  stream: { exitCodes: false, typed: true, views: false },
  endsCommands: true,
  looksAround: false,
  outlivesCuts: false,
})
