import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { readRunReport, type RunReport } from '../../src/report/run-report.ts'
import { loadRubric, rubricIds } from '../../src/rubrics/rubric.ts'
import { readEvents } from '../../src/runs/event-log.ts'
import { readReviews } from '../../src/runs/review-store.ts'
import { readRun } from '../../src/runs/run-store.ts'
import type { RunEvent } from '../../src/schema/event.ts'
import type { Review } from '../../src/schema/review.ts'
import { type Cli, openCli } from './cli.ts'
import { type ProviderServer, startProviderServer, type WireRequest, type WireUsage } from './provider-server.ts'
import type { WireToolCall } from './wire/wire-format.ts'

const writingStages = ['idea', 'literature', 'proposal', 'paper'] as const
export type WritingStage = (typeof writingStages)[number]

/** What our prompts ask, read back from the wire. */
export type Question =
  /** `inputs` by the name of their tag, exactly as they stand between its lines. */
  | { readonly kind: 'writing'; readonly stage: WritingStage; readonly inputs: Readonly<Record<string, string>> }
  /** `step`: commands the coder has run before. */
  | { readonly kind: 'coding'; readonly step: number }
  | { readonly kind: 'review'; readonly rubric: string; readonly evidence: readonly EvidenceItem[] }

export interface EvidenceItem {
  readonly label: string
  readonly path: string
  readonly text: string
}

/** What a recorded model says. */
export interface Spoken {
  readonly text: string
  readonly usage: WireUsage
  readonly toolCalls?: readonly WireToolCall[]
}

/** The recorded models' part in a run. */
type Answerer = (question: Question, request: WireRequest) => Spoken | Promise<Spoken>

/** One call as the server saw and answered it. */
export interface Call extends Spoken {
  readonly question: Question
  readonly request: WireRequest
}

interface RecordedProvider extends ProviderServer {
  readonly calls: readonly Call[]
  /** `--provider-url` for every provider, all of them this server. */
  readonly urls: readonly string[]
}

/** A provider that answers every question of a run from recordings. */
async function startRecordedProvider(answer: Answerer): Promise<RecordedProvider> {
  const titles = new Map<string, string>()
  for (const id of rubricIds) titles.set((await loadRubric(id)).rubric.title, id)
  const calls: Call[] = []
  const server = await startProviderServer(async (request) => {
    const question = readQuestion(request, titles)
    const spoken = await answer(question, request)
    calls.push({ question, request, ...spoken })
    return { kind: 'message', ...spoken }
  })
  const urls = ['openai', 'anthropic', 'local']
    .map((name) => `${name}=${server.origin}/v1`)
    .concat(`openrouter=${server.origin}/api/v1`)
    .flatMap((entry) => ['--provider-url', entry])
  return { ...server, calls, urls }
}

const inputTags = ['task', 'idea', 'related_work', 'proposal', 'results']
/** The inputs that tell a stage. */
const stageOfInputs = new Map<string, WritingStage>([
  ['task', 'idea'],
  ['task idea', 'literature'],
  ['task idea related_work', 'proposal'],
  ['task idea related_work proposal results', 'paper'],
])

/** @param rubrics ids by title */
function readQuestion({ text, tools, toolResults }: WireRequest, rubrics: ReadonlyMap<string, string>): Question {
  if (tools.includes('bash')) return { kind: 'coding', step: toolResults }
  const evidence = [...text.matchAll(/<<<evidence (\S+) label=(".*") path=(".*")>>>\n([^]*?)\n<<<end \1>>>/g)].map(
    ([, , label = '', path = '', item = '']) => ({
      label: String(JSON.parse(label)),
      path: String(JSON.parse(path)),
      text: item,
    }),
  )
  if (evidence.length > 0) {
    const [, title = ''] = /^The material ends here\..*\n\n# (.+)$/m.exec(text) ?? []
    const rubric = rubrics.get(title)
    if (rubric === undefined) throw new Error(`a judge is asked under no rubric of ours: "${title}"`)
    return { kind: 'review', rubric, evidence }
  }
  const found = inputTags.flatMap((tag): [string, string][] => {
    const [, input] = new RegExp(`<${tag}>\n([^]*?)\n</${tag}>`).exec(text) ?? []
    return input === undefined ? [] : [[tag, input]]
  })
  const stage = stageOfInputs.get(found.map(([tag]) => tag).join(' '))
  if (stage === undefined) throw new Error(`no stage is asked this:\n${text.slice(0, 2_000)}`)
  return { kind: 'writing', stage, inputs: Object.fromEntries(found) }
}

/** Dollars per million tokens, by the model's name on the wire. Without the cached kinds: a call has none of them. */
export type Prices = Readonly<
  Record<string, { input: number; output: number; cachedRead?: number; cachedWrite?: number }>
>

/** What calls come to, added up from what the server sent. Tokens that no call reports are not there. */
export function billOf(calls: readonly Call[], prices: Prices): { input: number; output: number; costUsd: number } {
  const bill = { input: 0, output: 0, costUsd: 0 }
  for (const { request, usage } of calls) {
    bill.input += usage.input
    bill.output += usage.output
    bill.costUsd += usage.costUsd ?? priceOf(usage, prices[request.model]) / 1_000_000
  }
  return bill
}

function priceOf({ input, output, cachedRead = 0, cachedWrite = 0 }: WireUsage, price: Prices[string] | undefined) {
  if (price === undefined) throw new Error('a model without a price, and without a cost of its own')
  if (cachedRead > 0 && price.cachedRead === undefined) throw new Error('no price for what the cache read')
  if (cachedWrite > 0 && price.cachedWrite === undefined) throw new Error('no price for what the cache wrote')
  return (
    (input - cachedRead - cachedWrite) * price.input +
    cachedRead * (price.cachedRead ?? 0) +
    cachedWrite * (price.cachedWrite ?? 0) +
    output * price.output
  )
}

/** Commands in one folder of runs, and what came of them. */
export interface Journey extends AsyncDisposable {
  readonly cli: Cli
  /** Runs a command against a provider of its own, which answers from the recordings; throws unless it exits 0. */
  readonly travel: (id: string, args: readonly string[]) => Promise<void>
  /** The calls that a command made. */
  calls(id: string): readonly Call[]
  /** Those of all commands. */
  readonly allCalls: readonly Call[]
  trialFolder(run: string, trial: string): string
  trialFile(run: string, trial: string, path: string): Promise<string>
  events(run: string, trial: string): Promise<RunEvent[]>
  /** The reply that an artefact was made of, from the artefact and what the events say was stripped. */
  wholeReply(run: string, trial: string, path: string): Promise<string>
  /** Read once; scores, agents and judging as `report` prints them. */
  report(run: string): Promise<JourneyReport>
}

/** With the reviews whole, words and all. */
type JourneyReport = Omit<RunReport, 'reviews'> & { readonly reviews: readonly Review[] }

export async function startJourney(answer: Answerer): Promise<Journey> {
  const cli = await openCli()
  const legs = new Map<string, readonly Call[]>()
  const reports = new Map<string, Promise<JourneyReport>>()
  const trialFolder = (run: string, trial: string): string => join(cli.logDir, run, 'trials', trial)
  const trialFile = (run: string, trial: string, path: string): Promise<string> =>
    readFile(join(trialFolder(run, trial), path), 'utf8')
  const events = async (run: string, trial: string): Promise<RunEvent[]> =>
    (await readEvents(join(trialFolder(run, trial), 'events'))).events
  return {
    cli,
    async travel(id, args) {
      await using provider = await startRecordedProvider(answer)
      await cli.json([...args, '--log-dir', cli.logDir, ...provider.urls])
      legs.set(id, provider.calls)
    },
    calls(id) {
      const calls = legs.get(id)
      if (calls === undefined) throw new Error(`"${id}" was not run`)
      return calls
    },
    get allCalls() {
      return [...legs.values()].flat()
    },
    trialFolder,
    trialFile,
    events,
    async wholeReply(run, trial, path) {
      const cleaned = (await events(run, trial)).filter((event) => event.type === 'reply-cleaned')
      const stripped = cleaned.flatMap((event) => event.stripped)
      const isFenced = stripped.some(({ kind }) => kind === 'fence')
      const before = isFenced ? stripped.slice(0, -1) : stripped
      const artefact = { text: await trialFile(run, trial, path) }
      return [...before, artefact, ...stripped.slice(before.length)].map(({ text }) => text).join('')
    },
    async report(run) {
      const asked = reports.get(run) ?? readReports(cli, run)
      reports.set(run, asked)
      return await asked
    },
    [Symbol.asyncDispose]: () => cli[Symbol.asyncDispose](),
  }
}

/** A run's records, with scores, agents and judging as `report --json` prints them. */
async function readReports(cli: Cli, run: string): Promise<JourneyReport> {
  const printed = (await cli.json(['report', run, '--log-dir', cli.logDir])) as Report
  const [summary] = printed.runs
  if (summary === undefined) throw new Error(`the report of "${run}" has no run`)
  const { agents, judging, failedReviews } = summary
  const read = await readRun(cli.logDir, run)
  return {
    ...(await readRunReport(read)),
    reviews: await readReviews(read.folder),
    agents,
    judging,
    failedReviews,
    scores: rowsOf(printed),
  }
}

/** The marks of a report, one row for each agent and dimension. */
function rowsOf({ tables }: Report): RunReport['scores'] {
  return tables.flatMap(({ rubric, view, judgeKind, agents }) =>
    agents.flatMap(({ agent, dimensions }) =>
      dimensions.map(({ dimension, average, incompleteItems, judges }) => ({
        agent,
        rubric,
        view,
        judgeKind,
        dimension,
        incompleteItems,
        mean: average.mean,
        items: average.n,
        judges: judges.map(({ judge, mean, n }) => ({ judge, mean, items: n })),
      })),
    ),
  )
}

/** What a judge was recorded to mark. */
export interface Marks {
  readonly scores: Readonly<Record<string, number>>
  readonly overall: number
  readonly confidence: number | null
}

/** The same of a review of ours. */
export function marksIn({ scores, overall, confidence }: Review): Marks {
  const marks = Object.fromEntries(Object.entries(scores).map(([id, { score }]) => [id, score]))
  return { scores: marks, overall: overall?.score ?? Number.NaN, confidence }
}

/**
 * The rows of a report for one agent and rubric, from recorded marks: by judge over tasks, and over tasks of the judges' mean.
 * @param marks by judge, of the same tasks in the same order
 */
export function scoreRows(
  of: { agent: string; rubric: string },
  marks: ReadonlyMap<string, readonly Marks[]>,
): { agent: string; rubric: string; dimension: string }[] {
  const judges = [...marks.keys()].toSorted()
  const items = marks.get(judges[0] ?? '')?.length ?? 0
  const dimensions = [...Object.keys(marks.get(judges[0] ?? '')?.[0]?.scores ?? {}), 'overall']
  return dimensions.map((dimension) => {
    const means = judges.map((judge) => {
      const own = (marks.get(judge) ?? []).map(({ scores, overall }) => scores[dimension] ?? overall)
      return own.reduce((sum, score) => sum + score, 0) / items
    })
    return {
      ...of,
      dimension,
      judgeKind: 'model',
      items,
      incompleteItems: 0,
      mean: expect.closeTo(means.reduce((sum, mean) => sum + mean, 0) / judges.length, 12) as number,
      judges: judges.map((judge, index) => ({ judge, mean: expect.closeTo(means[index] ?? 0, 12) as number, items })),
    }
  })
}
