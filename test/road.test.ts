import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listFiles } from '../src/base/files.ts'
import { sha256 } from '../src/base/hash.ts'
import type { RunReport } from '../src/report/run-report.ts'
import { loadRubric } from '../src/rubrics/rubric.ts'
import { readEvents } from '../src/runs/event-log.ts'
import { detectSandbox } from '../src/sandboxes/index.ts'
import type { RunEvent } from '../src/schema/event.ts'
import { readTrialRecord } from '../src/runs/trial-store.ts'
import { type Cli, openCli } from './support/cli.ts'
import type { WireRequest, WireUsage } from './support/provider-server.ts'
import {
  billOf,
  type Call,
  type Prices,
  type Question,
  type Spoken,
  startRecordedProvider,
  wholeReply,
  type WritingStage,
} from './support/recordings.ts'

const fixtures = join(import.meta.dirname, 'fixtures/road')
const fixture = (path: string): string => readFileSync(join(fixtures, path), 'utf8')

const tasks = ['unit_counts', 'unit_effort', 'unit_features']
const taskTexts = new Map(tasks.map((task) => [fixture(`tasks/${task}.md`), task]))

/** The recorded researchers, by what their models are called on the wire. */
const researchers = new Map([
  ['o4-mini', 'alpha'],
  ['claude-3-7-sonnet-20250219', 'beta'],
  ['small-model', 'gamma'],
])
const searcher = 'gpt-4o-search-preview'
const alpha = { name: 'alpha', model: { model: 'openai/o4-mini', reasoning: 'high' } }
const beta = { name: 'beta', model: 'anthropic/claude-3-7-sonnet-20250219' }
const gamma = { name: 'gamma', model: 'local/small-model' }
const judges = ['anthropic/claude-3-7-sonnet-20250219', 'openrouter/google/gemini-2.5-pro-preview']

/** List prices as published with the models. */
const prices: Prices = {
  'o4-mini': { input: 1.1, output: 4.4, cachedRead: 0.275 },
  'claude-3-7-sonnet-20250219': { input: 3, output: 15, cachedRead: 0.3, cachedWrite: 3.75 },
  [searcher]: { input: 2.5, output: 10 },
}

const recordedFile = (stage: WritingStage, agent: string): string =>
  stage === 'literature' ? 'related_work.md' : `${stage}_${agent}.md`

/** By judge, task, rubric and agent: the marks in the rubric's order, the overall mark, and the confidence if any. */
const marks = JSON.parse(fixture('reviews.json')) as Record<
  string,
  Record<string, Record<string, Record<string, number[]>>>
>

/** What the coder runs, reply by reply. */
const write = (path: string, content: string): string => `cat > ${path} <<'END_OF_FILE'\n${content}END_OF_FILE`
const commands = [
  ['sha256sum task.md idea.md related_work.md proposal.md', 'ls'],
  [
    [
      write('measure.mjs', fixture('experiment/measure.mjs')),
      write('report.mjs', fixture('experiment/report.mjs')),
      write('run.sh', 'set -e\nmkdir -p results\nnode measure.mjs > results/log.txt\n'),
    ].join('\n'),
  ],
  ['bash run.sh && node report.mjs && cat results/log.txt'],
]

function answer(question: Question, request: WireRequest): Spoken {
  const text = speak(question, request)
  const toolCalls = question.kind === 'coding' ? nextCommands(question.step) : []
  return { text, usage: usageOf(request, text), toolCalls }
}

function speak(question: Question, request: WireRequest): string {
  switch (question.kind) {
    case 'writing': {
      const agent = request.model === searcher ? '' : (researchers.get(request.model) ?? '')
      return fixture(`texts/${taskOf(question.inputs['task'] ?? '')}/${recordedFile(question.stage, agent)}`)
    }
    case 'coding':
      return nextCommands(question.step).length > 0 ? 'Next.' : 'DONE. All functions were tried.'
    case 'review':
      return reviewText(question, request)
  }
}

function nextCommands(done: number): { name: string; arguments: { command: string } }[] {
  let before = 0
  for (const reply of commands) {
    if (before === done) return reply.map((command) => ({ name: 'bash', arguments: { command } }))
    before += reply.length
  }
  return []
}

/** Numbers that differ from call to call, in every kind that the wire has. */
function usageOf({ api, model, text }: WireRequest, reply: string): WireUsage {
  const [input, output] = [text.length, reply.length + 7]
  if (api === 'anthropic-messages') return { input, output, cachedRead: 200, cachedWrite: 100 }
  if (api === 'openai-responses') return { input, output: output + 64, reasoning: 64, cachedRead: 128 }
  return model.startsWith('google/') ? { input, output, costUsd: output / 50_000 } : { input, output }
}

function taskOf(text: string): string {
  const task = taskTexts.get(text)
  if (task === undefined) throw new Error(`no task of ours: ${text}`)
  return task
}

/** The task and the agent whose work a judge was shown. */
function subjectOf({ rubric, evidence }: Extract<Question, { kind: 'review' }>): { task: string; agent: string } {
  const shown = evidence[0]?.text ?? ''
  if (rubric === 'experiment') {
    const task = tasks.find((id) => shown.includes(sha256(fixture(`tasks/${id}.md`))))
    if (task === undefined) throw new Error('a transcript of no task of ours')
    return { task, agent: 'alpha' }
  }
  const task = taskOf(evidence.find(({ label }) => label === 'task')?.text ?? '')
  const stage = rubric === 'end-to-end' ? 'paper' : (rubric as WritingStage)
  const agents = stage === 'paper' ? ['alpha'] : stage === 'proposal' ? ['alpha', 'beta'] : [...researchers.values()]
  const agent = agents.find((name) => fixture(`texts/${task}/${recordedFile(stage, name)}`).includes(shown))
  if (agent === undefined) throw new Error(`no ${stage} of ours: ${shown}`)
  return { task, agent }
}

interface Marks {
  readonly scores: Record<string, number>
  readonly overall: number
  readonly confidence: number | null
}

async function marksOf(judge: string, rubric: string, of: { task: string; agent: string }): Promise<Marks> {
  const { dimensions, confidence } = (await loadRubric(rubric)).rubric
  const row = marks[judge]?.[of.task]?.[rubric]?.[of.agent] ?? []
  const scores = Object.fromEntries(dimensions.map(({ id }, index) => [id, row[index] ?? Number.NaN]))
  const [overall = Number.NaN, sure = null] = row.slice(dimensions.length)
  return { scores, overall, confidence: confidence === null ? null : sure }
}
