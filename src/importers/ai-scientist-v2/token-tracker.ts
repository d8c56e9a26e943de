import { z } from 'zod'
import { parseJson } from '../../base/parse-json.ts'
import type { Usage } from '../../schema/usage.ts'
import { unreportedCall, type SourceEvent } from '../importer.ts'

const count = z.int().nonnegative().nullable().default(null).catch(null)

const trackerSchema = z.record(
  z.string(),
  z.object({
    tokens: z.object({ prompt: count, completion: count, reasoning: count, cached: count }),
    'cost (USD)': z.number().nonnegative().nullable().default(null).catch(null),
  }),
)

/** What a whole run of the system used, one entry a model. */
export interface TrackedModel {
  readonly name: string
  readonly usage: Usage
  readonly costUsd: number | null
}

/**
 * Reads a `token_tracker.json` of AI Scientist v2. Its `prompt` counts cached input too, its `completion` reasoning (both as
 * OpenAI counts them; the costs it states come out that way).
 * @returns null when the text is no such summary
 */
export function readTokenTracker(text: string): TrackedModel[] | null {
  const tracker = trackerSchema.safeParse(parseJson(text))
  if (!tracker.success) return null
  return Object.entries(tracker.data).map(([name, { tokens, 'cost (USD)': costUsd }]) => ({
    name,
    usage: {
      inputTokens: tokens.prompt,
      outputTokens: tokens.completion,
      cachedReadTokens: tokens.cached,
      cachedWriteTokens: null,
      reasoningTokens: tokens.reasoning,
    },
    costUsd,
  }))
}

/** All calls of a model as one, since the tracker tells no more, and their cost as that of the session. */
export function trackedEvents(models: readonly TrackedModel[], modelName: (name: string) => string): SourceEvent[] {
  const costs = models.map(({ costUsd }) => costUsd)
  return [
    ...models.map(({ name, usage }, index) => ({
      ...unreportedCall,
      callId: `imported-session-${name}`,
      purpose: { kind: 'stage' as const, stage: 'experiment' as const, attempt: 1, step: index + 1 },
      model: modelName(name),
      usage,
      costUsd: null,
    })),
    {
      type: 'session-reported',
      stage: 'experiment',
      attempt: 1,
      costUsd: costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0),
      durationMs: null,
      totalTokens: null,
    },
  ]
}
