import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../src/base/hash.ts'
import { loadRubric } from '../src/rubrics/rubric.ts'
import { listTrials } from '../src/runs/run-store.ts'
import { detectSandbox } from '../src/sandboxes/index.ts'
import { nextCommands } from './fixtures/road/cast.ts'
import type { WireRequest, WireUsage } from './support/provider-server.ts'
import {
  billOf,
  type Journey,
  type Marks,
  marksIn,
  type Prices,
  type Question,
  scoreRows,
  type Spoken,
  startJourney,
  type WritingStage,
} from './support/recordings.ts'

const shared = join(import.meta.dirname, '../../shared')
const archive = join(shared, 'release/mlrbench-806a203.tar.gz')

/** The first three have experiments and papers; an idea of the fourth is in a code fence. */
const studied = ['iclr2025_bi_align', 'iclr2025_dl4c', 'iclr2025_verifai']
const tasks = [...studied, 'iclr2025_mcdc']

interface Recorded {
  /** As the release names the model in file names. */
  readonly file: string
  /** Whole runs of the release that tell the tokens of its calls. */
  readonly system: string | null
  readonly agent: {
    readonly name: string
    readonly model: string | { readonly model: string; readonly reasoning: string }
  }
}

const recorded: Record<string, Recorded> = {
  'o4-mini-2025-04-16': {
    file: 'o4-mini-2025-04-16',
    system: 'end2end_o4-mini',
    agent: { name: 'o4-mini', model: { model: 'openai/o4-mini-2025-04-16', reasoning: 'high' } },
  },
  'claude-3-7-sonnet-20250219': {
    file: 'claude-3-7-sonnet-20250219',
    system: 'end2end_claude',
    agent: { name: 'claude', model: 'anthropic/claude-3-7-sonnet-20250219' },
  },
  'google/gemini-2.5-pro-preview': {
    file: 'gemini-2.5-pro-preview-03-25',
    system: 'end2end_gemini',
    agent: { name: 'gemini', model: 'openrouter/google/gemini-2.5-pro-preview' },
  },
  'qwen/qwen3-235b-a22b': {
    file: 'qwen3-235b-a22b',
    system: null,
    agent: { name: 'qwen3', model: 'openrouter/qwen/qwen3-235b-a22b' },
  },
}
const fileOf = (agent: string): string =>
  Object.values(recorded).find((model) => model.agent.name === agent)?.file ?? ''
/** Speaks the texts that the release drew as everyone's inputs. */
const drawn = { name: 'drawn', model: 'local/drawn' }
const searcher = 'gpt-4o-search-preview-2025-03-11'
/** For the whole way; it takes a tenth of it on an idle machine. */
const longestMs = 180_000
const judges = ['anthropic/claude-3-7-sonnet-20250219', 'openrouter/google/gemini-2.5-pro-preview']

/** Dollars per million tokens as published for the paper's models. */
const prices: Prices = {
  'o4-mini-2025-04-16': { input: 1.1, output: 4.4 },
  'claude-3-7-sonnet-20250219': { input: 3, output: 15, cachedRead: 0.3, cachedWrite: 3.75 },
  'google/gemini-2.5-pro-preview': { input: 1.25, output: 10 },
  [searcher]: { input: 2.5, output: 10 },
}

describe.skipIf(!existsSync(archive))(
  'the road on the public release (skips without ../shared/release beside it)',
  () => {
    let release = ''
    let sandbox = ''
    let journey: Journey
    const taskIds = new Map<string, string>()

    const read = (path: string): string => readFileSync(join(release, path), 'utf8')

    function recordedText(task: string, stage: WritingStage, agent: string): string {
      if (stage === 'paper')
        return read(`agent_results/experiments_and_writeups/claude/${task}/results/paper_${fileOf(agent)}.md`)
      const folder = `agent_results/ideas_and_proposals/${task}`
      if (stage === 'literature') return read(`${folder}/related_work.md`)
      return read(agent === 'drawn' ? `${folder}/${stage}.md` : `${folder}/${stage}/${stage}_${fileOf(agent)}.md`)
    }

    beforeAll(async () => {
      release = execFileSync(join(shared, 'tools/release'), { encoding: 'utf8' }).trim()
      for (const task of tasks) taskIds.set(read(`tasks/${task}.md`), task)
      sandbox = (await detectSandbox()) ?? 'host'
      journey = await startJourney(answer)
      await pullTasks()

      const { cli, travel } = journey
      const providers = { local: { kind: 'openai-compatible' } }
      const run = async (id: string, agents: object[], ...args: string[]): Promise<void> => {
        const config = await cli.config(id, { agents, providers })
        await travel(id, ['run', '--config', config, '--name', id, ...args])
      }
      const judge = (id: string, rubrics: string): Promise<void> =>
        travel(`judge ${id}`, ['judge', id, '--stage', rubrics, ...judges.flatMap((name) => ['--judge', name])])
      const from = (id: string): string[] => ['--inputs', `${join(cli.logDir, id)}:drawn`]
      const agents = (stream: boolean, ...names: string[]): object[] =>
        names.map((name) => {
          const agent = Object.values(recorded).find((model) => model.agent.name === name)?.agent ?? drawn
          const { model } = agent
          return { ...agent, model: { ...(typeof model === 'string' ? { model } : model), stream } }
        })
      const all = ['--task', tasks.join()]
      const ideas = async (): Promise<void> => {
        await run('ideas', agents(true, 'o4-mini', 'claude', 'qwen3'), ...all, '--stages', 'idea')
        await judge('ideas', 'idea')
      }
      const proposals = async (): Promise<void> => {
        const researchers = agents(false, 'o4-mini', 'claude', 'gemini')
        await run('proposals', researchers, ...all, '--stages', 'proposal', ...from('literature'))
        await judge('proposals', 'proposal')
      }
      const papers = async (): Promise<void> => {
        await run('drawn-proposals', [drawn], ...all, '--stages', 'proposal', ...from('literature'))
        const coder = { model: 'anthropic/claude-3-7-sonnet-20250219' }
        const writers = agents(true, 'o4-mini', 'claude').map((agent) => ({ ...agent, coder }))
        const limits = ['--sandbox', sandbox, '--memory-gb', '1', '--cpus', '1']
        const chosen = ['--task', studied.join(), '--stages', 'experiment,paper', ...from('drawn-proposals')]
        await run('papers', writers, ...chosen, ...limits)
        await judge('papers', 'experiment,paper')
      }
      const stepwise = async (): Promise<void> => {
        await run('drawn-ideas', [drawn], ...all, '--stages', 'idea')
        const searching = [{ ...drawn, searchModel: `openai/${searcher}` }]
        await run('literature', searching, ...all, '--stages', 'literature', ...from('drawn-ideas'))
        await Promise.all([proposals(), papers()])
      }
      await Promise.all([ideas(), stepwise()])
    }, longestMs)

    afterAll(() => journey[Symbol.asyncDispose]())

    async function pullTasks(): Promise<void> {
      const server = createServer((_, response) => createReadStream(archive).pipe(response))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('the server has no port')
      const pulled = await journey.cli.json(['tasks', 'pull', '--from', `http://127.0.0.1:${address.port}/release`])
      server.close()
      expect(pulled).toMatchObject({ count: 201 })
    }

    async function answer(question: Question, request: WireRequest): Promise<Spoken> {
      switch (question.kind) {
        case 'writing': {
          const task = taskOf(question.inputs['task'] ?? '')
          const agent = recorded[request.model]?.agent.name ?? 'drawn'
          const text = recordedText(task, question.stage, agent)
          return { text, usage: writingUsage(task, question.stage, request) ?? invented(request, text) }
        }
        case 'coding': {
          const toolCalls = nextCommands(question.step)
          return { text: toolCalls.length > 0 ? '' : 'DONE.', toolCalls, usage: codingUsage(question.step) }
        }
        case 'review': {
          const text = await review(question, request)
          return { text, usage: invented(request, text) }
        }
      }
    }

    function taskOf(text: string): string {
      const task = taskIds.get(text)
      if (task === undefined) throw new Error(`no task of the release: ${text.slice(0, 200)}`)
      return task
    }

    /** Tokens as the release recorded them for this call of a whole run; null where it did not. */
    function writingUsage(task: string, stage: WritingStage, { model }: WireRequest): WireUsage | null {
      const system = model === searcher ? 'end2end_o4-mini' : recorded[model]?.system
      const path = `agent_results/${system}/${task}/${stage === 'literature' ? 'lit' : stage}_token_usage.json`
      return existsSync(join(release, path)) ? readUsage(JSON.parse(read(path)) as RecordedUsage) : null
    }

    /** Tokens of the recorded coder's replies, in order. */
    function codingUsage(step: number): WireUsage {
      const path = `agent_results/experiments_and_writeups/claude/${studied[0]}/claude_output.json`
      const entries = JSON.parse(read(path)) as { id?: string; usage?: RecordedUsage }[]
      const replies = new Map(entries.flatMap(({ id, usage }) => (id && usage ? [[id, usage] as const] : [])))
      const usage = [...replies.values()][step]
      if (usage === undefined) throw new Error(`the recorded coder gave no reply ${step}`)
      return readUsage(usage)
    }

    function reviewPath(judge: string, rubric: string, of: { task: string; agent: string }): string {
      const [folder, name] = judge.startsWith('anthropic/')
        ? ['claude-3-7-sonnet-20250219', 'claude-3-7-sonnet-20250219']
        : ['gemini-2.5-pro-preview-03-25', 'gemini-2.5-pro-preview']
      if (rubric === 'experiment') return `agent_reviews/subset_reviews_${name}/${of.task}/experiments/claude.json`
      if (rubric === 'paper') return `agent_reviews/subset_reviews_${name}/${of.task}/paper/${fileOf(of.agent)}.json`
      const file = `${of.task}/${rubric}/${rubric}_${fileOf(of.agent)}.json`
      return `agent_reviews/idea_proposal_reviews_${folder}/${file}`
    }

    const recordedReview = (judge: string, rubric: string, of: { task: string; agent: string }): RecordedReview =>
      JSON.parse(read(reviewPath(judge, rubric, of))) as RecordedReview

    /** A recorded review in the shape that our rubric asks for. */
    async function review(question: Extract<Question, { kind: 'review' }>, { model }: WireRequest): Promise<string> {
      const { rubric } = question
      const judge = judges.find((name) => name.endsWith(`/${model}`)) ?? ''
      const { Hallucination, OverallAssessment, ...rest } = recordedReview(judge, rubric, subjectOf(question))
      const { dimensions, flag } = (await loadRubric(rubric)).rubric
      const { score, strengths, weaknesses } = OverallAssessment
      return JSON.stringify({
        ...(flag === null
          ? {}
          : { flag: { details: Hallucination?.details, value: Hallucination?.has_hallucination } }),
        scores: Object.fromEntries(dimensions.map(({ id, label }) => [id, rest[label]])),
        overall: { strengths, weaknesses, score },
      })
    }

    function subjectOf({ rubric, evidence }: Extract<Question, { kind: 'review' }>): { task: string; agent: string } {
      const shown = evidence[0]?.text ?? ''
      // one coder did the experiments, whoever wrote the paper
      if (rubric === 'experiment') {
        const [task = ''] = [...taskIds].flatMap(([text, id]) => (shown.includes(sha256(text)) ? [id] : []))
        return { task, agent: '' }
      }
      const task = taskOf(evidence.find(({ label }) => label === 'task')?.text ?? '')
      const agents = { idea: ['o4-mini', 'claude', 'qwen3'], proposal: ['o4-mini', 'claude', 'gemini'] }[rubric]
      const agent = (agents ?? ['o4-mini', 'claude']).find((name) =>
        recordedText(task, rubric as WritingStage, name).includes(shown),
      )
      if (agent === undefined) throw new Error(`no recorded ${rubric} of ${task} begins "${shown.slice(0, 200)}"`)
      return { task, agent }
    }

    test.each<{ run: string; stage: WritingStage; path: string; trials: number }>([
      { run: 'ideas', stage: 'idea', path: 'idea.md', trials: 12 },
      { run: 'drawn-ideas', stage: 'idea', path: 'idea.md', trials: 4 },
      { run: 'literature', stage: 'literature', path: 'related_work.md', trials: 4 },
      { run: 'proposals', stage: 'proposal', path: 'proposal.md', trials: 12 },
      { run: 'drawn-proposals', stage: 'proposal', path: 'proposal.md', trials: 4 },
      { run: 'papers', stage: 'paper', path: 'results/paper.md', trials: 6 },
    ])('gives back every $stage of $run as it was recorded, less what the events say was stripped', async (of) => {
      const trials = await listTrials(join(journey.cli.logDir, of.run))
      expect(trials).toHaveLength(of.trials)
      for (const trial of trials) {
        const [task = '', agent = ''] = trial.split('/')
        expect(await journey.wholeReply(of.run, trial, of.path)).toBe(recordedText(task, of.stage, agent))
      }
    })

    test('strips what is known to be chatty or fenced, and nothing else', async () => {
      const found: string[] = []
      for (const run of ['ideas', 'drawn-ideas', 'literature', 'proposals', 'drawn-proposals', 'papers'])
        for (const trial of await listTrials(join(journey.cli.logDir, run)))
          for (const event of await journey.events(run, trial))
            if (event.type === 'reply-cleaned')
              found.push(`${trial} ${event.stage} ${event.stripped.map(({ kind }) => kind).join('+')}`)
      expect(found.toSorted()).toEqual([
        'iclr2025_bi_align/gemini/1 proposal preamble',
        'iclr2025_dl4c/gemini/1 proposal preamble',
        'iclr2025_mcdc/qwen3/1 idea fence+fence',
        'iclr2025_verifai/gemini/1 proposal preamble',
      ])
    })

    test('hands the drawn idea, its literature and the drawn proposal on as the release did', async () => {
      for (const task of studied)
        for (const agent of ['o4-mini', 'claude'])
          for (const file of ['task.md', 'idea.md', 'related_work.md', 'proposal.md'])
            expect(await journey.trialFile('papers', `${task}/${agent}/1`, file), `${task} ${file}`).toBe(
              read(`agent_results/experiments_and_writeups/claude/${task}/${file}`),
            )
      const asked = journey
        .calls('proposals')
        .flatMap(({ question }) => (question.kind === 'writing' ? [question] : []))
      expect(asked).toHaveLength(12)
      for (const { inputs } of asked) {
        const task = taskOf(inputs['task'] ?? '')
        expect(Object.keys(inputs)).toEqual(['task', 'idea', 'related_work'])
        expect(inputs['idea']).toBe(recordedText(task, 'idea', 'drawn'))
        expect(inputs['related_work']).toBe(recordedText(task, 'literature', 'drawn'))
      }
    })

    test('runs the experiment on them in the sandbox, and shows its figure to the writer', async () => {
      for (const task of studied) {
        const trial = `${task}/claude/1`
        const metrics = JSON.parse(await journey.trialFile('papers', trial, 'results/metrics.json')) as {
          plain: { learned: number }[]
        }
        expect(metrics.plain.map(({ learned }) => learned)).toEqual([4, 14, 104])
        const [first] = (await journey.events('papers', trial)).filter((event) => event.type === 'command-executed')
        expect(first?.output).toContain(`${sha256(recordedText(task, 'proposal', 'drawn'))}  proposal.md\n`)
      }
      const writings = journey.calls('papers').filter(({ question }) => question.kind === 'writing')
      expect(writings.map(({ request }) => request.images)).toEqual([1, 1, 1, 1, 1, 1])
    })

    test('speaks every wire format, streaming and not', () => {
      const spoken = journey.allCalls.map(({ request: { api, stream } }) => `${api}${stream ? ', streaming' : ''}`)
      expect([...new Set(spoken)].toSorted()).toEqual([
        'anthropic-messages',
        'anthropic-messages, streaming',
        'openai-chat',
        'openai-chat, streaming',
        'openai-responses',
        'openai-responses, streaming',
      ])
    })

    test.each([
      { run: 'ideas', rubrics: ['idea'], agents: ['o4-mini', 'claude', 'qwen3'], of: tasks },
      { run: 'proposals', rubrics: ['proposal'], agents: ['o4-mini', 'claude', 'gemini'], of: tasks },
      { run: 'papers', rubrics: ['experiment', 'paper'], agents: ['o4-mini', 'claude'], of: studied },
    ])('reports the recorded scores of $run', async ({ run, rubrics, agents, of }) => {
      const { reviews, scores, failedReviews } = await journey.report(run)
      expect(failedReviews).toEqual([])
      expect(reviews).toHaveLength(rubrics.length * agents.length * of.length * judges.length)
      for (const found of reviews) {
        const [task = '', agent = ''] = found.trial.split('/')
        const { id } = found.rubric
        const original = recordedReview(found.judge.name, id, { task, agent })
        expect(marksIn(found)).toEqual(await marksOf(original, id))
        expect(found.overall).toEqual({
          score: original.OverallAssessment.score,
          strengths: original.OverallAssessment.strengths,
          weaknesses: original.OverallAssessment.weaknesses,
        })
        expect(found.flag?.value).toBe(original.Hallucination?.has_hallucination)
      }
      const expected = []
      for (const rubric of rubrics)
        for (const agent of agents) {
          const marks = new Map<string, Marks[]>()
          for (const judge of judges) {
            const own = of.map((task) => marksOf(recordedReview(judge, rubric, { task, agent }), rubric))
            marks.set(judge, await Promise.all(own))
          }
          expected.push(...scoreRows({ agent, rubric }, marks))
        }
      expect(scores).toHaveLength(expected.length)
      for (const row of expected) expect(scores).toContainEqual(expect.objectContaining(row))
    })

    async function marksOf({ OverallAssessment, ...rest }: RecordedReview, rubric: string): Promise<Marks> {
      const { dimensions } = (await loadRubric(rubric)).rubric
      const scores = dimensions.map(({ id, label }) => [id, rest[label]?.score ?? Number.NaN])
      return { scores: Object.fromEntries(scores), overall: OverallAssessment.score, confidence: null }
    }

    test.each([
      { run: 'ideas', agents: ['o4-mini', 'claude'] },
      { run: 'literature', agents: ['drawn'] },
      { run: 'proposals', agents: ['o4-mini', 'claude', 'gemini'] },
    ])('counts in $run the recorded tokens and what they cost', async ({ run, agents }) => {
      for (const agent of agents) {
        const calls = journey
          .calls(run)
          .filter(({ request }) => request.model === searcher || recorded[request.model]?.agent.name === agent)
        expect(calls).toHaveLength(tasks.length)
        await expectBill(run, agent, calls)
      }
    })

    test('counts the coder with the agent it works for, cached tokens and all', async () => {
      const calls = journey.calls('papers')
      const coding = calls.filter(({ question }) => question.kind === 'coding')
      expect(coding).toHaveLength(6 * 4)
      // every coder says and uses the same, so half of each step is one agent's
      const steps = Map.groupBy(coding, ({ question }) => (question.kind === 'coding' ? question.step : null))
      const half = [...steps.values()].flatMap((step) => step.slice(0, 3))
      for (const agent of ['o4-mini', 'claude']) {
        const writing = calls.filter(
          ({ question, request }) => question.kind === 'writing' && recorded[request.model]?.agent.name === agent,
        )
        await expectBill('papers', agent, [...writing, ...half])
      }
    })

    test('counts the judges at list prices', async () => {
      for (const run of ['ideas', 'proposals', 'papers']) {
        const { input, output, costUsd } = billOf(journey.calls(`judge ${run}`), prices)
        expect((await journey.report(run)).judging).toMatchObject({
          calls: journey.calls(`judge ${run}`).length,
          usage: { inputTokens: input, outputTokens: output },
          costUsd: expect.closeTo(costUsd, 10) as number,
        })
      }
    })

    async function expectBill(run: string, agent: string, calls: ReturnType<Journey['calls']>): Promise<void> {
      const { input, output, costUsd } = billOf(calls, prices)
      const { agents } = await journey.report(run)
      expect(agents.find((row) => row.agent === agent)?.spending, `${run} ${agent}`).toMatchObject({
        calls: calls.length,
        usage: { inputTokens: input, outputTokens: output },
        costUsd: expect.closeTo(costUsd, 10) as number,
      })
    }
  },
)

/** OpenAI's three numbers, or Anthropic's four. */
type RecordedUsage =
  | { readonly prompt_tokens: number; readonly completion_tokens: number }
  | {
      readonly input_tokens: number
      readonly output_tokens: number
      readonly cache_creation_input_tokens: number
      readonly cache_read_input_tokens: number
    }

function readUsage(usage: RecordedUsage): WireUsage {
  if ('prompt_tokens' in usage) return { input: usage.prompt_tokens, output: usage.completion_tokens }
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  return {
    input: input_tokens + cache_creation_input_tokens + cache_read_input_tokens,
    output: output_tokens,
    cachedRead: cache_read_input_tokens,
    cachedWrite: cache_creation_input_tokens,
  }
}

/** For calls whose tokens the release does not tell. */
function invented({ text }: WireRequest, reply: string): WireUsage {
  return { input: Math.ceil(text.length / 4), output: Math.ceil(reply.length / 4) }
}

interface RecordedMark {
  readonly score: number
  readonly justification: string
}

type RecordedReview = Readonly<Record<string, RecordedMark>> & {
  readonly OverallAssessment: RecordedMark & { readonly strengths: string[]; readonly weaknesses: string[] }
  readonly Hallucination?: RecordedMark & { readonly has_hallucination: boolean; readonly details: string }
}
