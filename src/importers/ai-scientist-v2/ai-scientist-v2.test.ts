import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { SourceContent } from '../importer.ts'
import { openSource } from '../source.ts'
import { aiScientistV2 } from './ai-scientist-v2.ts'
import { readTokenTracker } from './token-tracker.ts'

const fixture = join(import.meta.dirname, '../../../test/data/papers/counting-beans.pdf')
const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function list(files: Record<string, string | Buffer>, agent: string | null = null): Promise<SourceContent> {
  const folder = await mkdtemp(join(tmpdir(), 'mlrbench-scientist-'))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  const { source } = await openSource(folder, 'output')
  expect(aiScientistV2.detect(source)).toBe(true)
  return aiScientistV2.list(source, { prefix: '', agent })
}

const tracker = JSON.stringify({
  'o4-mini-2025-04-16': { tokens: { prompt: 100, completion: 50, reasoning: 20, cached: 30 }, 'cost (USD)': 0.5 },
})
const mark = { score: 6, justification: 'Because.' }
const review = JSON.stringify({
  Clarity: mark,
  Novelty: mark,
  Soundness: mark,
  Significance: mark,
  Overall: { score: 4, strengths: ['a'], weaknesses: ['b'] },
  Confidence: 4,
})
const hallucination = JSON.stringify({
  has_hallucination: true,
  hallucinations: [{ type: 'Mathematical Errors', description: 'Wrong.', evidence: '1 + 1 = 3' }],
  overall_assessment: 'One.',
  confidence: 5,
})

test('reads runs as the release of MLR-Bench keeps them', async () => {
  const content = await list({
    'tasks/beans.md': '# Count beans',
    'papers/o4-mini/beans/token_tracker.json': tracker,
    'papers/o4-mini/beans/beans.pdf.txt': 'A paper about beans.',
    'papers/o4-mini/beans/experiments/idea.md': '# Idea',
    'papers/o4-mini/beans/experiments/best_solution_1.py': 'print(1)',
    'papers/o4-mini/beans/experiments/draft_summary.json': '{}',
    'papers/o4-mini/beans/review_claude-3-7-sonnet-20250219.json': review,
    'papers/o4-mini/beans/review_hallucination_gemini-2.5-pro-preview.json': hallucination,
    'papers/o4-mini/beans/review_gemini-2.5-pro-preview-05-06.json': '{"Clarity": 3}',
  })
  expect(content.runs).toMatchObject([
    {
      id: 'ai-scientist-v2-o4-mini',
      stages: ['idea', 'experiment', 'paper'],
      agents: [{ name: 'o4-mini', system: 'AI Scientist v2', models: { paper: 'openai/o4-mini-2025-04-16' } }],
      tasks: [{ id: 'beans', text: { from: 'tasks/beans.md' } }],
    },
  ])
  const trial = await content.runs[0]?.trials[0]?.read()
  expect(trial?.artefacts.map(({ path }) => path).toSorted()).toEqual([
    'attempts/experiment/1/workspace/best_solution_1.py',
    'attempts/experiment/1/workspace/draft_summary.json',
    'attempts/experiment/1/workspace/idea.md',
    'idea.md',
    'results/paper.md',
    'task.md',
  ])
  expect(trial?.stages.find(({ stage }) => stage === 'experiment')?.events).toMatchObject([
    {
      type: 'model-called',
      model: 'openai/o4-mini-2025-04-16',
      costUsd: null,
      usage: { inputTokens: 100, outputTokens: 50, cachedReadTokens: 30, cachedWriteTokens: null, reasoningTokens: 20 },
    },
    { type: 'session-reported', costUsd: 0.5 },
  ])
  expect(trial?.reviews).toMatchObject([
    { rubric: { id: 'end-to-end' }, judge: { name: 'anthropic/claude-3-7-sonnet-20250219' }, overall: { score: 4 } },
    { rubric: { id: 'hallucination' }, findings: [{ type: 'mathematical-error', quote: '1 + 1 = 3' }] },
  ])
  expect(trial?.skipped).toMatchObject([{ path: expect.stringContaining('05-06.json') }])
})

test("reads the system's own output folder with its last PDF", async () => {
  const pdf = await readFile(fixture)
  const folder = 'experiments/2025-05-01_beans_attempt_0'
  const content = await list(
    {
      [`${folder}/token_tracker.json`]: tracker,
      [`${folder}/token_tracker_interactions.json`]: '[]',
      [`${folder}/idea.md`]: '# Idea',
      [`${folder}/logs/0-run/baseline_summary.json`]: '{}',
      [`${folder}/experiment_results/run_1/metrics.json`]: '{}',
      [`${folder}/2025-05-01_beans_attempt_0_reflection1.pdf`]: 'older',
      [`${folder}/2025-05-01_beans_attempt_0_reflection_final_page_limit.pdf`]: pdf,
      [`${folder}/review_text.txt`]: 'fine',
    },
    'mine',
  )
  expect(content.runs.map(({ id }) => id)).toEqual(['ai-scientist-v2-mine'])
  expect(content.skipped.map(({ reason }) => reason)).toEqual([
    'an earlier version of a paper',
    "the system's own review of its paper",
    "all prompts of the system's calls",
  ])
  const trial = await content.runs[0]?.trials[0]?.read()
  expect(content.runs[0]?.tasks).toEqual([{ id: '2025-05-01_beans_attempt_0', text: null }])
  const paper = trial?.artefacts.find(({ path }) => path === 'results/paper.md')?.content
  expect(paper).toMatchObject({ text: expect.stringContaining('since the pointers never cross') })
  expect(trial?.artefacts.map(({ path }) => path)).toContain(
    'attempts/experiment/1/workspace/experiment_results/run_1/metrics.json',
  )
})

test.each(['', '[]', '{"m": 3}', '{"m": {"cost (USD)": 1}}'])('takes %j for no tracker', (text) => {
  expect(readTokenTracker(text)).toBeNull()
})
