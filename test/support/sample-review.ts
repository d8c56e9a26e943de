import type { Review } from '../../src/schema/review.ts'

interface Sample {
  readonly agent?: string
  readonly task?: string
  readonly rubric?: string
  readonly judge?: string
  readonly kind?: Review['judge']['kind']
  readonly view?: Review['view']
  readonly repeat?: number
  /** The text under review; another one is another version of the artefact. */
  readonly subject?: 'first' | 'second'
  readonly createdAt?: string
}

/** A valid review with these marks; `overall` is the mark of that name. */
export function sampleReview({ overall, ...marks }: Record<string, number>, sample: Sample = {}): Review {
  const { agent = 'one', task = 'task', rubric = 'idea', judge = 'openai/a', repeat = 1 } = sample
  return {
    schema: 'mlrbench/review@1',
    id: [agent, task, rubric, judge, sample.view, repeat, sample.subject].join('-'),
    trial: `${task}/${agent}/1`,
    subject: { path: 'idea.md', sha256: (sample.subject === 'second' ? '2' : '1').repeat(64), characters: null },
    rubric: { id: rubric, version: 1, hash: 'a'.repeat(64) },
    judge: { name: judge, kind: sample.kind ?? 'model', responseModel: null },
    view: sample.view ?? 'full',
    repeat,
    scores: Object.fromEntries(Object.entries(marks).map(([id, score]) => [id, { score, justification: 'so' }])),
    overall: overall === undefined ? null : { score: overall, strengths: [], weaknesses: [] },
    confidence: null,
    flag: null,
    findings: null,
    addressed: null,
    evidence: { shown: [], leftOut: [] },
    usage: { inputTokens: 1, outputTokens: 1, cachedReadTokens: null, cachedWriteTokens: null, reasoningTokens: null },
    costUsd: null,
    latencyMs: 1,
    tries: 1,
    createdAt: sample.createdAt ?? '2026-01-01T00:00:00.000Z',
    imported: null,
  }
}
