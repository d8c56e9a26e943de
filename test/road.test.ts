import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listFiles } from '../src/base/files.ts'
import { sha256 } from '../src/base/hash.ts'
import { loadRubric } from '../src/rubrics/rubric.ts'
import { listTrials } from '../src/runs/run-store.ts'
import { readTrialRecord } from '../src/runs/trial-store.ts'
import { detectSandbox } from '../src/sandboxes/index.ts'
import type { Review } from '../src/schema/review.ts'
import {
  alpha,
  answer,
  beta,
  gamma,
  judges,
  marksOf,
  prices,
  recordedText,
  researchers,
  searcher,
  tasks,
  taskOf,
} from './fixtures/road/cast.ts'
import {
  billOf,
  type EvidenceItem,
  type Journey,
  type Marks,
  marksIn,
  scoreRows,
  startJourney,
  type WritingStage,
} from './support/recordings.ts'

const artefacts = { idea: 'idea.md', literature: 'related_work.md', proposal: 'proposal.md', paper: 'results/paper.md' }
/** By the tag that a prompt puts it in. */
const inputFiles: Record<string, string> = {
  task: 'task.md',
  idea: 'idea.md',
  related_work: 'related_work.md',
  proposal: 'proposal.md',
  results: 'results/results.md',
}

/** The command that judged a run in full. */
const judgings: Record<string, string> = {
  ideas: 'judge ideas --stage idea',
  proposals: 'judge proposals --stage proposal',
  papers: 'judge papers --stage experiment,paper,end-to-end',
}
const withoutCode = 'judge papers --stage end-to-end --view no-code'

/** For the whole way; it takes a tenth of it on an idle machine. */
const longestMs = 180_000

const unstreamed = (model: string | { model: string }) => ({
  ...(typeof model === 'string' ? { model } : model),
  stream: false,
})
const searchModel = unstreamed(`openai/${searcher}`)

describe('the whole road on recorded models', () => {
  let journey: Journey
  let sandbox: string

  beforeAll(async () => {
    journey = await startJourney(answer)
    const { cli, travel } = journey
    sandbox = (await detectSandbox()) ?? 'host'
    const providers = { local: { kind: 'openai-compatible' } }
    const taskFolder = join(import.meta.dirname, 'fixtures/road/tasks')
    const run = async (id: string, agents: object[], args: readonly string[]): Promise<void> => {
      const config = await cli.config(id, { agents, providers })
      await travel(id, ['run', '--config', config, '--name', id, '--tasks-dir', taskFolder, ...args])
    }
    const judging = judges.flatMap((name) => ['--judge', name])
    const judge = (id: string, ...args: string[]): Promise<void> =>
      travel(['judge', id, ...args].join(' '), ['judge', id, ...judging, ...args])
    /** One stage, or two, of all tasks. */
    const only = (stages: string, from: string | null = null): string[] => {
      const inputs = from === null ? [] : ['--inputs', join(cli.logDir, from)]
      return ['--task', 'unit_*', '--stages', stages, ...inputs]
    }
    const limits = ['--sandbox', sandbox, '--memory-gb', '1', '--cpus', '1']
    const searching = [
      { ...alpha, searchModel },
      { ...beta, searchModel },
    ]

    const stepwise = async (): Promise<void> => {
      await run('literature', [{ ...beta, searchModel }], only('literature', 'ideas:alpha'))
      const researchers = [{ ...alpha, model: unstreamed(alpha.model) }, beta]
      await run('proposals', researchers, only('proposal', 'literature:beta'))
      await Promise.all([judge('proposals', '--stage', 'proposal'), papers()])
    }
    const papers = async (): Promise<void> => {
      const coder = { kind: 'bash-loop', model: beta.model }
      await run('papers', [{ ...alpha, coder }], [...only('experiment,paper', 'proposals:alpha'), ...limits])
      await judge('papers', '--stage', 'experiment,paper,end-to-end')
      await judge('papers', '--stage', 'end-to-end', '--view', 'no-code')
    }
    const aside = async (): Promise<void> => {
      await judge('ideas', '--stage', 'idea')
      await run('drawn', searching, only('literature', 'ideas'))
      await run('redrawn', searching.slice(1), [...only('literature', 'ideas'), '--seed', '2'])
      const rubrics = ['--rubric', 'idea,experiment,end-to-end']
      await run('whole', [alpha], ['--task', 'unit_features', ...judging, ...rubrics, ...limits])
    }
    await run('ideas', [alpha, { ...beta, model: unstreamed(beta.model) }, gamma], only('idea'))
    await Promise.all([stepwise(), aside()])
  }, longestMs)

  afterAll(() => journey[Symbol.asyncDispose]())

  /** The reviews a command asked for. */
  const reviewsAsked = (id: string) =>
    journey.calls(id).flatMap(({ question, request }) => (question.kind === 'review' ? [{ question, request }] : []))

  /** That each piece of evidence is the file it claims to be, all of one trial. */
  async function expectArtefacts(run: string, evidence: readonly EvidenceItem[]): Promise<void> {
    const task = taskOf(evidence.find(({ label }) => label === 'task')?.text ?? '')
    const trials = (await listTrials(join(journey.cli.logDir, run))).filter((id) => id.startsWith(`${task}/`))
    const subjects = await Promise.all(trials.map((id) => journey.trialFile(run, id, evidence[0]?.path ?? '')))
    const trial = trials[subjects.findIndex((subject) => subject === evidence[0]?.text)]
    if (trial === undefined) throw new Error(`no ${evidence[0]?.path} of ${task} is what the judge was shown`)
    for (const { label, path, text } of evidence) {
      const file = label === 'code' ? `attempts/experiment/1/workspace/${path}` : path
      expect(text).toBe(await journey.trialFile(run, trial, file))
    }
  }

  test.each<{ run: string; stage: WritingStage; agents: string[] }>([
    { run: 'ideas', stage: 'idea', agents: ['alpha', 'beta', 'gamma'] },
    { run: 'literature', stage: 'literature', agents: ['beta'] },
    { run: 'proposals', stage: 'proposal', agents: ['alpha', 'beta'] },
    { run: 'papers', stage: 'paper', agents: ['alpha'] },
  ])('gives back in $run what the models were recorded to say, less what it strips and keeps', async (of) => {
    for (const task of tasks)
      for (const agent of of.agents) {
        const trial = `${task}/${agent}/1`
        const reply = await journey.wholeReply(of.run, trial, artefacts[of.stage])
        expect(reply).toBe(recordedText(task, of.stage, agent))
        const artefact = await journey.trialFile(of.run, trial, artefacts[of.stage])
        expect(artefact).toMatch(/^#/)
        expect(artefact).not.toMatch(/```$/)
      }
  })

  test('strips a preamble or a fence from the replies that have one, and from no other', async () => {
    const found: string[] = []
    for (const run of ['ideas', 'literature', 'proposals', 'papers'])
      for (const id of await listTrials(join(journey.cli.logDir, run)))
        for (const event of await journey.events(run, id))
          if (event.type === 'reply-cleaned') found.push(`${id} ${event.stage} ${event.stripped[0]?.kind}`)
    expect(found.toSorted()).toEqual([
      'unit_counts/alpha/1 proposal preamble',
      'unit_effort/beta/1 literature preamble',
      'unit_effort/gamma/1 idea fence',
      'unit_features/alpha/1 paper preamble',
      'unit_features/beta/1 idea preamble',
      'unit_features/beta/1 proposal fence',
    ])
  })

  test.each([
    { run: 'ideas', stage: 'idea', agents: 3, inputs: ['task'] },
    { run: 'literature', stage: 'literature', agents: 1, inputs: ['task', 'idea'] },
    { run: 'proposals', stage: 'proposal', agents: 2, inputs: ['task', 'idea', 'related_work'] },
    { run: 'papers', stage: 'paper', agents: 1, inputs: ['task', 'idea', 'related_work', 'proposal', 'results'] },
  ])('asks for the $stage once a trial, with $inputs as they stand in the trial', async ({ run, stage, ...of }) => {
    const asked = journey
      .calls(run)
      .flatMap(({ question, request }) => (question.kind === 'writing' ? [{ ...question, model: request.model }] : []))
    expect(asked).toHaveLength(3 * of.agents)
    for (const { model, inputs, ...question } of asked) {
      expect(question.stage).toBe(stage)
      const agent = researchers.get(model) ?? 'beta'
      const trial = `${taskOf(inputs['task'] ?? '')}/${agent}/1`
      const expected = await Promise.all(
        of.inputs.map(async (name) => [name, await journey.trialFile(run, trial, inputFiles[name] ?? '')]),
      )
      expect(inputs).toEqual(Object.fromEntries(expected))
    }
  })

  test('gives every model of a stepwise stage the same inputs, with where they came from', async () => {
    for (const task of tasks)
      for (const agent of ['alpha', 'beta']) {
        const { inputs } = await readTrialRecord(journey.trialFolder('proposals', `${task}/${agent}/1`))
        const idea = await journey.trialFile('ideas', `${task}/alpha/1`, 'idea.md')
        const literature = await journey.trialFile('literature', `${task}/beta/1`, 'related_work.md')
        const trial = `${task}/beta/1`
        expect(inputs).toEqual([
          { stage: 'idea', run: 'literature', trial, files: [{ path: 'idea.md', sha256: sha256(idea) }] },
          {
            stage: 'literature',
            run: 'literature',
            trial,
            files: [{ path: 'related_work.md', sha256: sha256(literature) }],
          },
        ])
      }
  })

  test('draws the inputs of a task once for all agents, by the seed, when the run is named without one', async () => {
    const drawnFor = async (run: string, agent: string): Promise<string[]> =>
      Promise.all(
        tasks.map(async (task) => {
          const { inputs } = await readTrialRecord(journey.trialFolder(run, `${task}/${agent}/1`))
          expect(inputs.map(({ stage, run: source }) => `${stage} of ${source}`)).toEqual(['idea of ideas'])
          const source = inputs[0]?.trial ?? ''
          const idea = await journey.trialFile(run, `${task}/${agent}/1`, 'idea.md')
          expect(idea).toBe(await journey.trialFile('ideas', source, 'idea.md'))
          expect(source.split('/')[0]).toBe(task)
          return source
        }),
      )
    const drawn = await drawnFor('drawn', 'alpha')
    expect(await drawnFor('drawn', 'beta')).toEqual(drawn)
    expect(await drawnFor('redrawn', 'beta')).not.toEqual(drawn)
  })

  test('runs what the coder writes, in the sandbox, on the four files of the trial', async () => {
    for (const task of tasks) {
      const trial = `${task}/alpha/1`
      const events = await journey.events('papers', trial)
      expect(events.find(({ type }) => type === 'sandbox-opened')).toMatchObject({
        sandbox,
        isolated: sandbox !== 'host',
      })
      const outputs = events.flatMap((event) => (event.type === 'command-executed' ? [event] : []))
      expect(outputs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
      const hashes = await Promise.all(
        ['task.md', 'idea.md', 'related_work.md', 'proposal.md'].map(
          async (path) => `${sha256(await journey.trialFile('papers', trial, path))}  ${path}\n`,
        ),
      )
      expect(outputs[0]?.output).toBe(hashes.join(''))
      expect(outputs[1]?.output).toBe('idea.md\nproposal.md\nrelated_work.md\ntask.md\n')
      const made = events.flatMap((event) => (event.type === 'file-written' ? [`${event.step} ${event.path}`] : []))
      expect(made).toEqual([
        '3 measure.mjs',
        '3 report.mjs',
        '3 run.sh',
        '4 results/log.txt',
        '4 results/metrics.json',
        '4 results/results.md',
        '4 results/shares.png',
      ])
    }
  })

  test('computes in the sandbox what is known from the mathematics of threshold functions', async () => {
    const counts = (rows: { learned: number }[]): number[] => rows.map(({ learned }) => learned)
    for (const task of tasks) {
      const metrics = JSON.parse(
        await journey.trialFile('papers', `${task}/alpha/1`, 'results/metrics.json'),
      ) as Record<'plain' | 'products', { learned: number }[]>
      expect(counts(metrics.plain)).toEqual([4, 14, 104])
      expect(counts(metrics.products)).toEqual([4, 16, 256])
    }
  })

  test('tells the coder what its commands said, and shows the writer of the paper the figure', async () => {
    const last = journey.calls('papers').filter(({ question }) => question.kind === 'coding' && question.step === 4)
    expect(last).toHaveLength(3)
    for (const { request } of last) expect(request.text).toContain('exit code: 0\nplain, 1 inputs: 4 of 4\nplain, 2')
    const papers = journey.calls('papers').filter(({ question }) => question.kind === 'writing')
    for (const { request, question } of papers) {
      const task = taskOf(question.kind === 'writing' ? (question.inputs['task'] ?? '') : '')
      const figure = await readFile(join(journey.trialFolder('papers', `${task}/alpha/1`), 'results/shares.png'))
      expect(request.images).toBe(1)
      expect(JSON.stringify(request.body)).toContain(`data:image/png;base64,${figure.toString('base64')}`)
    }
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

  const code = ['results/metrics.json', 'run.sh', 'measure.mjs', 'report.mjs', 'results/log.txt']
  test.each([
    { run: 'ideas', rubric: 'idea', subject: 'idea.md', others: ['task.md'], images: 0, asked: 18 },
    {
      run: 'proposals',
      rubric: 'proposal',
      subject: 'proposal.md',
      others: ['task.md', 'idea.md', 'related_work.md'],
      images: 0,
      asked: 12,
    },
    {
      run: 'papers',
      rubric: 'experiment',
      subject: 'attempts/experiment/1/transcript.md',
      others: [],
      images: 0,
      asked: 6,
    },
    {
      run: 'papers',
      rubric: 'paper',
      subject: 'results/paper.md',
      others: ['task.md', 'idea.md', 'related_work.md', 'proposal.md', 'results/results.md'],
      images: 1,
      asked: 6,
    },
    {
      run: 'papers',
      rubric: 'end-to-end',
      subject: 'results/paper.md',
      others: ['task.md', ...code],
      images: 1,
      asked: 6,
    },
  ])('shows a judge of the $rubric what its rubric says', async ({ run, rubric, subject, others, images, asked }) => {
    const { maxOutputTokens } = (await loadRubric(rubric)).rubric
    const shown = reviewsAsked(judgings[run] ?? '').filter(({ question }) => question.rubric === rubric)
    expect(shown).toHaveLength(asked)
    for (const { question, request } of shown) {
      expect(question.evidence.map(({ path }) => path).slice(0, 1)).toEqual([subject])
      expect(
        question.evidence
          .map(({ path }) => path)
          .slice(1)
          .toSorted(),
      ).toEqual(others.toSorted())
      expect(request).toMatchObject({ images, body: { temperature: 0, max_tokens: maxOutputTokens } })
      // one provider is held to the rubric's schema, the other is told it in words
      expect(request.schema === null).toBe(request.api === 'openai-chat')
      if (rubric !== 'experiment') await expectArtefacts(run, question.evidence)
    }
  })

  test('shows no code to a judge who is to see none', () => {
    const shown = reviewsAsked(withoutCode)
    expect(shown.map(({ question }) => question.evidence.map(({ path }) => path))).toEqual(
      Array.from({ length: 6 }, () => ['results/paper.md', 'task.md']),
    )
  })

  test.each([
    { run: 'ideas', rubrics: ['idea'], agents: ['alpha', 'beta', 'gamma'], of: tasks },
    { run: 'proposals', rubrics: ['proposal'], agents: ['alpha', 'beta'], of: tasks },
    { run: 'papers', rubrics: ['experiment', 'paper', 'end-to-end'], agents: ['alpha'], of: tasks },
    { run: 'whole', rubrics: ['idea', 'experiment', 'end-to-end'], agents: ['alpha'], of: ['unit_features'] },
  ])('reports the recorded scores of $run', async ({ run, rubrics, agents, of }) => {
    const { reviews, scores, failedReviews } = await journey.report(run)
    const full = reviews.filter(({ view }) => view === 'full')
    expect(failedReviews).toEqual([])
    expect(full).toHaveLength(rubrics.length * agents.length * of.length * judges.length)
    for (const review of full) expect(marksIn(review)).toEqual(await recordedMarks(review))

    const rows = scores.filter(({ view }) => view === 'full')
    const expected = []
    for (const rubric of rubrics)
      for (const agent of agents) {
        const marks = new Map<string, Marks[]>()
        for (const judge of judges)
          marks.set(judge, await Promise.all(of.map((task) => marksOf(judge, rubric, { task, agent }))))
        expected.push(...scoreRows({ agent, rubric }, marks))
      }
    expect(rows).toHaveLength(expected.length)
    for (const row of expected) expect(rows).toContainEqual(expect.objectContaining(row))
  })

  function recordedMarks({ trial, judge, rubric }: Review): Promise<Marks> {
    const [task = '', agent = ''] = trial.split('/')
    return marksOf(judge.name, rubric.id, { task, agent })
  }

  test.each([
    { run: 'ideas', agents: ['alpha', 'beta'] },
    { run: 'literature', agents: ['beta'] },
    { run: 'proposals', agents: ['alpha', 'beta'] },
    { run: 'papers', agents: ['alpha'] },
    { run: 'whole', agents: ['alpha'] },
  ])('counts in $run the tokens that were sent and the dollars they cost', async ({ run, agents }) => {
    const own = journey.calls(run).filter(({ question }) => question.kind !== 'review')
    for (const agent of agents) {
      const calls = agents.length === 1 ? own : own.filter(({ request }) => researchers.get(request.model) === agent)
      const { input, output, costUsd } = billOf(calls, prices)
      expect((await journey.report(run)).agents.find((row) => row.agent === agent)?.spending).toMatchObject({
        calls: calls.length,
        failedCalls: 0,
        retries: 0,
        usage: { inputTokens: input, outputTokens: output },
        costUsd: expect.closeTo(costUsd, 10) as number,
      })
    }
  })

  test('counts what the cache read and the model thought where the provider says, and knows no price it was not told', async () => {
    const { agents } = await journey.report('ideas')
    const spending = (name: string) => agents.find(({ agent }) => agent === name)?.spending
    expect(spending('alpha')?.usage).toMatchObject({ cachedReadTokens: 3 * 128, reasoningTokens: 3 * 64 })
    expect(spending('beta')?.usage).toMatchObject({
      cachedReadTokens: 600,
      cachedWriteTokens: 300,
      reasoningTokens: null,
    })
    expect(spending('gamma')).toMatchObject({ costUsd: null, knownCostUsd: 0 })
    const gammaCalls = journey.calls('ideas').filter(({ request }) => request.model === 'small-model')
    const inputTokens = gammaCalls.reduce((sum, { usage }) => sum + usage.input, 0)
    expect(spending('gamma')?.usage).toMatchObject({ inputTokens, cachedWriteTokens: null })
  })

  test('counts the judges apart, at list price or as the provider charged', async () => {
    for (const run of ['ideas', 'proposals', 'papers', 'whole']) {
      const asked = run === 'papers' ? [judgings[run], withoutCode] : [judgings[run] ?? run]
      const calls = asked.flatMap((id = '') => journey.calls(id)).filter(({ question }) => question.kind === 'review')
      const { input, output, costUsd } = billOf(calls, prices)
      const { judging, reviews } = await journey.report(run)
      const usage = { inputTokens: input, outputTokens: output }
      const cost = expect.closeTo(costUsd, 10) as number
      expect(judging).toMatchObject({ calls: calls.length, failedCalls: 0, usage, costUsd: cost })
      const paid = reviews.reduce((sum, review) => sum + (review.costUsd ?? Number.NaN), 0)
      expect(paid).toBeCloseTo(costUsd, 10)
    }
  })

  test('lets one backbone go the whole road, searching with the tool of its provider', async () => {
    const { trials, agents } = await journey.report('whole')
    expect(trials.map(({ id, status }) => `${id} ${status}`)).toEqual(['unit_features/alpha/1 done'])
    expect(agents[0]?.stages.map(({ done }) => done)).toEqual([1, 1, 1, 1, 1])
    const own = journey.calls('whole').filter(({ question }) => question.kind !== 'review')
    expect(own.map(({ request, question }) => [question.kind, request.model, request.tools.join()].join(' '))).toEqual([
      'writing o4-mini ',
      'writing o4-mini web_search',
      'writing o4-mini ',
      ...Array.from({ length: 4 }, () => 'coding o4-mini bash'),
      'writing o4-mini ',
    ])
    const writings = own.flatMap(({ question }) => (question.kind === 'writing' ? [question] : []))
    expect(writings.map(({ stage }) => stage)).toEqual(['idea', 'literature', 'proposal', 'paper'])
    for (const { stage, inputs } of writings)
      for (const [name, text] of Object.entries(inputs))
        expect(text, `${stage}: ${name}`).toBe(
          await journey.trialFile('whole', 'unit_features/alpha/1', inputFiles[name] ?? ''),
        )
  })

  test('sends each key to its provider and leaves none in any file', async () => {
    const headers = journey.allCalls.map(({ request }) => JSON.stringify(request.headers))
    const files = await listFiles(journey.cli.logDir)
    expect(files.length).toBeGreaterThan(100)
    const contents = await Promise.all(files.map(({ path }) => readFile(join(journey.cli.logDir, path), 'latin1')))
    for (const key of Object.values(journey.cli.keys)) {
      expect(headers.some((header) => header.includes(key))).toBe(true)
      expect(files.filter((_, index) => contents[index]?.includes(key))).toEqual([])
    }
  })
})
