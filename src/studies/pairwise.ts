import { forEachBounded } from '../base/bounded.ts'
import { hashJson } from '../base/hash.ts'
import { oneLine } from '../base/text.ts'
import { mostTries } from '../judges/ask-until-valid.ts'
import { JudgementError } from '../judges/judge.ts'
import { isCopied, readSubject } from '../judges/judge-trial.ts'
import { modelJudge } from '../judges/model-judge.ts'
import { type ComparedWork, comparisonId, type ComparisonJob, compareWorks } from '../judges/pairwise.ts'
import { ModelCallError } from '../models/model-call-error.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import type { EventLog } from '../runs/event-log.ts'
import { listTrials, trialFolder } from '../runs/run-store.ts'
import { keepComparison, readComparison } from '../runs/study-store.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'
import type { Comparison, PairwiseStudy } from '../schema/study.ts'
import { compareText, partsOfTrial } from './marks.ts'
import { tabulateComparisons } from './pairwise-tables.ts'

export interface PairwisePlan {
  readonly runs: readonly { readonly id: string; readonly folder: string }[]
  /** Those to compare, each with its run. */
  readonly agents: readonly { readonly run: string; readonly agent: string }[]
  readonly judges: readonly ModelSettings[]
  readonly rubric: LoadedRubric
  readonly repeats: number
  /** An agent's name in the tables. */
  readonly nameOf: (run: string, agent: string) => string
}

export interface PairwiseWork {
  readonly models: ModelCaller
  readonly log: EventLog
  /** Events so far, for what failed before. */
  readonly earlier: readonly RunEvent[]
  readonly concurrency: number
  readonly onOutcome: (line: string) => void
  readonly signal: AbortSignal
}

export interface PairwiseResult {
  readonly study: PairwiseStudy
  readonly made: number
  /** There before. */
  readonly present: number
}

/**
 * Compares the work of every pair of agents on every task that both did, by every judge, in both orders. Repeats of trials are
 * paired by their number. Comparisons that are there are kept; one that failed is an error and counts nowhere.
 */
export async function runPairwise(plan: PairwisePlan, work: PairwiseWork): Promise<PairwiseResult> {
  const folders = new Map(plan.runs.map(({ id, folder }) => [id, folder]))
  const failures = countFailures(work.earlier)
  const found: Comparison[] = []
  const failed: PairwiseStudy['failed'] = []
  let made = 0
  const jobs = await planJobs(plan)
  await forEachBounded(jobs, compare, { concurrency: work.concurrency, signal: work.signal })
  work.log.sync()
  const comparisons = found.toSorted((a, b) => compareText(a.id, b.id))
  const id = hashJson([
    plan.agents,
    plan.judges.map((settings) => modelJudge(settings).identity),
    plan.rubric.hash,
    plan.rubric.rubric.id,
  ])
  return {
    study: {
      schema: 'mlrbench/study@1',
      kind: 'pairwise',
      id: `pairwise-${id.slice(0, 8)}`,
      createdAt: new Date().toISOString(),
      runs: plan.runs.map((run) => run.id),
      agents: plan.agents.map(({ run, agent }) => plan.nameOf(run, agent)),
      rubric: { id: plan.rubric.rubric.id, hash: plan.rubric.hash },
      view: 'blind',
      repeats: plan.repeats,
      tables: tabulateComparisons(comparisons, plan.nameOf),
      failed: failed.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b))),
    },
    made,
    present: found.length - made,
  }

  async function compare(job: ComparisonJob, signal: AbortSignal): Promise<void> {
    const [first, second] = job.works
    // each stands in the run of the work shown first, whatever the order in which the runs were named
    const folder = folders.get(first.run) ?? ''
    const comparison = await comparisonId(job)
    const kept = await readComparison(folder, comparison)
    if (kept !== null) {
      found.push(kept)
      return
    }
    const judge = modelJudge(job.settings).name
    const about = `${nameWork(first)} against ${nameWork(second)}`
    try {
      const context = {
        models: work.models,
        failedBefore: failures.get(comparison) ?? 0,
        append: (event: Parameters<EventLog['append']>[0]) => work.log.append(event),
        signal,
      }
      const own = await keepComparison(folder, await compareWorks(job, context))
      found.push(own)
      made += 1
      const winner = own.winner === 'tie' ? 'a tie' : nameWork(own.winner === 'first' ? first : second)
      work.onOutcome(`${about} by ${judge}: ${winner}`)
    } catch (error) {
      if (signal.aborted || !(error instanceof JudgementError || error instanceof ModelCallError)) throw error
      const { code } = error
      const message = oneLine(error.message, longestMessage)
      const rubric = job.rubric.rubric.id
      const works = { first: nameWork(first), second: nameWork(second) }
      work.log.append({
        type: 'comparison-failed',
        comparison,
        ...works,
        rubric,
        judge,
        repeat: job.repeat,
        code,
        message,
      })
      failed.push({ about, judge, rubric, code, message })
      work.onOutcome(`${about} by ${judge} failed: ${code}: ${message}`)
    }
  }
}

const longestMessage = 500

const nameWork = ({ run, subject }: ComparedWork): string => `${run}:${subject.trialId}`

function countFailures(events: readonly RunEvent[]): Map<string, number> {
  const failures = new Map<string, number>()
  for (const event of events)
    if (event.type === 'comparison-failed')
      failures.set(event.comparison, (failures.get(event.comparison) ?? 0) + mostTries)
  return failures
}

/** Both orders of each pair; broad before deep, so that an interrupted study has seen all tasks. */
async function planJobs(plan: PairwisePlan): Promise<ComparisonJob[]> {
  const works = await readWorks(plan)
  const pairs = plan.agents.flatMap((a, index) => plan.agents.slice(index + 1).map((b) => [a, b] as const))
  const jobs: ComparisonJob[] = []
  for (let repeat = 1; repeat <= plan.repeats; repeat += 1)
    for (const [a, b] of pairs)
      for (const [key, one] of works.get(agentKey(a)) ?? []) {
        const other = works.get(agentKey(b))?.get(key)
        if (other === undefined) continue
        const { task } = partsOfTrial(one.subject.trialId)
        for (const settings of plan.judges)
          for (const pair of [[one, other] as const, [other, one] as const])
            jobs.push({ settings, task, rubric: plan.rubric, works: pair, repeat })
      }
  return jobs
}

const agentKey = ({ run, agent }: { run: string; agent: string }): string => `${run}:${agent}`

/** By agent, then by task and repeat of the trial. Work copied from another run is not the agent's, and not compared. */
async function readWorks({
  runs,
  agents,
  rubric,
  judges,
}: PairwisePlan): Promise<Map<string, Map<string, ComparedWork>>> {
  const works = new Map(agents.map((agent) => [agentKey(agent), new Map<string, ComparedWork>()]))
  const [settings] = judges
  if (settings === undefined) return works
  const judge = modelJudge(settings)
  for (const { id, folder } of runs)
    for (const trialId of await listTrials(folder)) {
      const { task, agent, repeat } = partsOfTrial(trialId)
      const own = works.get(agentKey({ run: id, agent }))
      if (own === undefined) continue
      const request = { rubric, judge, trialId, trialFolder: trialFolder(folder, trialId) }
      if (await isCopied(request)) continue
      const subject = await readSubject(request)
      if (subject !== null) own.set(`${task}/${repeat}`, { run: id, agent, subject })
    }
  return works
}
