import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import { describeError } from '../base/errors.ts'
import { plain } from '../base/text.ts'
import { planTrials } from '../pipeline/plan-trials.ts'
import type { RunObserver } from '../pipeline/execute-run.ts'
import { formatCost, formatDuration } from '../report/format.ts'
import type { RunEvent } from '../schema/event.ts'
import type { RunRecord } from '../schema/run.ts'
import type { CliContext } from './context.ts'

export interface Progress extends RunObserver, Disposable {}
type ReviewSeen = Parameters<NonNullable<RunObserver['onReview']>>

/** Tells how a run goes: drawn over itself on a terminal, else plain lines for trials, long stages, reviews by models, and whatever went wrong. */
export function showProgress(record: RunRecord, context: Pick<CliContext, 'note' | 'isTerminal'>): Progress {
  return context.isTerminal ? liveProgress(record) : plainProgress(record, context.note)
}

function plainProgress(record: RunRecord, note: (line: string) => void): Progress {
  const total = planTrials(record).length
  let ended = 0
  const stages = new Map<string, string[]>()
  return {
    onEvent(trialId, event) {
      const line = describeEvent(event)
      if (line !== null) note(`${trialId}  ${line}`)
      if (event.type === 'stage-finished' && event.durationMs !== null)
        stages.set(trialId, [...(stages.get(trialId) ?? []), `${event.stage} ${formatDuration(event.durationMs)}`])
    },
    onTrial({ id, status }) {
      ended += 1
      const took = stages.get(id)
      note(`${id}  ${status}${took === undefined ? '' : `: ${took.join(', ')}`} (${ended} of ${total})`)
    },
    onReview: (...seen) => noteReview(note, ...seen),
    onAuditFault: (trialId, error) => note(describeFault(trialId, error)),
    [Symbol.dispose]: () => undefined,
  }
}

function describeFault(trialId: string, error: unknown): string {
  return `${trialId}  the audit broke: ${describeError(error)}; the run goes on, and mlrbench audit shows the whole fault`
}

/** A plain line for a review by a model, or one that failed. What rules find, or the embedded judge, takes no time and costs nothing. */
export function noteReview(note: (line: string) => void, ...[trialId, judge, outcome]: ReviewSeen): void {
  if (outcome.status === 'failed') note(`${trialId}  review by ${judge} failed: ${outcome.code}: ${outcome.message}`)
  if (outcome.status !== 'reviewed' || outcome.review.judge.kind !== 'model') return
  const { rubric, overall } = outcome.review
  note(`${trialId}  ${rubric.id} reviewed by ${judge}${overall === null ? '' : `: overall ${overall.score}`}`)
}

/** Shorter stages are told when their trial ends. */
const longStageMs = 60_000

/** Null for events that are too small to be told one by one. */
function describeEvent(event: RunEvent): string | null {
  switch (event.type) {
    case 'stage-started':
      if (event.attempt > 1) return `${event.stage} started (attempt ${event.attempt})`
      return event.stage === 'experiment' ? 'experiment started' : null
    case 'stage-finished':
      return event.durationMs === null || event.durationMs < longStageMs
        ? null
        : `${event.stage} done in ${formatDuration(event.durationMs)}`
    case 'stage-failed':
      return `${event.stage} failed: ${event.code}: ${event.message}`
    case 'session-reported':
      return null
    case 'call-retried':
      return `call retried in ${formatDuration(event.delayMs)}: ${event.code}: ${event.message}`
    case 'gateway-refused':
      return `the gateway to the ${event.caller === 'coder' ? 'coder' : "experiment's code"}${event.count === 1 ? '' : ` (${event.count} times)`}: ${event.code}: ${event.message}`
    case 'egress-refused':
      return `the sandbox's proxy refused ${event.host}:${event.port}: ${event.reason}`
    case 'sandbox-opened':
      return event.isolated
        ? null
        : `runs in sandbox "${event.sandbox}", which does not isolate: your files and keys are open to it`
    case 'model-called':
    case 'model-call-failed':
    case 'call-broken':
    case 'reply-rejected':
    case 'reply-cleaned':
    case 'command-executed':
    case 'file-written':
    case 'edit-failed':
    case 'file-viewed':
    case 'coder-said':
    case 'files-untold':
    case 'file-refused':
    case 'coder-started':
    case 'coder-finished':
    case 'review-failed':
    case 'comparison-failed':
      return null
  }
}

const mostShown = 12

function liveProgress(record: RunRecord): Progress {
  const draw = createLogUpdate(process.stderr, { showCursor: true })
  const { bold, dim, red } = pc.createColors(process.stderr.hasColors())
  const total = planTrials(record).length
  const working = new Map<string, { doing: string; since: number }>()
  const counts = { done: 0, failed: 0, busy: 0, stopped: 0, reviews: 0, failedReviews: 0 }
  let costUsd = 0
  const faults: string[] = []
  const startedAt = Date.now()
  const timer = setInterval(render, 200)
  timer.unref()
  return {
    onEvent(trialId, event) {
      if (event.type === 'model-called' && event.cache !== 'hit' && event.cache !== 'shared')
        costUsd += event.costUsd ?? 0
      const doing = describeDoing(event)
      if (doing !== null) working.set(trialId, { doing, since: Date.now() })
    },
    onTrial(outcome) {
      working.delete(outcome.id)
      counts[outcome.status] += 1
    },
    onReview(_trialId, _judge, outcome) {
      if (outcome.status === 'reviewed') {
        counts.reviews += 1
        costUsd += outcome.review.costUsd ?? 0
      }
      if (outcome.status === 'failed') counts.failedReviews += 1
    },
    onAuditFault: (trialId, error) => void faults.push(describeFault(trialId, error)),
    [Symbol.dispose]() {
      clearInterval(timer)
      render()
      draw.done()
    },
  }

  function render(): void {
    const failed = counts.failed > 0 ? red(`, ${counts.failed} failed`) : ''
    const reviews = counts.reviews + counts.failedReviews > 0 ? ` · ${counts.reviews} reviews` : ''
    const failedReviews = counts.failedReviews > 0 ? red(`, ${counts.failedReviews} failed`) : ''
    const elapsed = formatDuration(Date.now() - startedAt)
    const head = `${bold(record.id)}  ${counts.done} of ${total} trials done${failed}${reviews}${failedReviews} · ${formatCost(costUsd)} · ${elapsed}`
    const lines = [...working]
      .slice(0, mostShown)
      .map(([id, { doing, since }]) => `  ${id}  ${dim(`${doing} ${formatDuration(Date.now() - since)}`)}`)
    const more = working.size > mostShown ? [dim(`  … and ${working.size - mostShown} more`)] : []
    draw([head, ...lines, ...more, ...faults.map((fault) => red(plain(fault)))].join('\n'))
  }
}

function describeDoing(event: RunEvent): string | null {
  if (event.type === 'stage-started') return event.stage
  if (event.type === 'command-executed') return `experiment, command ${event.step}`
  if (event.type === 'call-retried') return `waiting: ${event.code}`
  return null
}
