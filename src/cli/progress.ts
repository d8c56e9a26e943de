import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import { planTrials } from '../pipeline/plan-trials.ts'
import type { RunObserver } from '../pipeline/execute-run.ts'
import { formatCost, formatDuration } from '../report/format.ts'
import type { RunEvent } from '../schema/event.ts'
import type { RunRecord } from '../schema/run.ts'
import type { CliContext } from './context.ts'

export interface Progress extends RunObserver, Disposable {}

/** Tells how a run goes: drawn over itself on a terminal, else a plain line for each thing that ended. */
export function showProgress(record: RunRecord, context: Pick<CliContext, 'note' | 'isTerminal'>): Progress {
  return context.isTerminal ? liveProgress(record) : plainProgress(record, context.note)
}

function plainProgress(record: RunRecord, note: (line: string) => void): Progress {
  const total = planTrials(record).length
  let ended = 0
  return {
    onEvent(trialId, event) {
      const line = describeEvent(event)
      if (line !== null) note(`${trialId}  ${line}`)
    },
    onTrial(outcome) {
      ended += 1
      note(`${outcome.id}  ${outcome.status} (${ended} of ${total} trials)`)
    },
    onReview(trialId, judge, outcome) {
      if (outcome.status === 'reviewed')
        note(`${trialId}  ${outcome.review.rubric.id} reviewed by ${judge}: ${markOf(outcome.review)}`)
      if (outcome.status === 'failed')
        note(`${trialId}  review by ${judge} failed: ${outcome.code}: ${outcome.message}`)
    },
    [Symbol.dispose]: () => undefined,
  }
}

function markOf(review: { overall: { score: number } | null }): string {
  return review.overall === null ? 'no overall mark' : `overall ${review.overall.score}`
}

/** Null for events that are too small to be told one by one. */
function describeEvent(event: RunEvent): string | null {
  switch (event.type) {
    case 'stage-started':
      return `${event.stage} started${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}`
    case 'stage-finished':
      return `${event.stage} done in ${formatDuration(event.durationMs)}`
    case 'stage-failed':
      return `${event.stage} failed: ${event.code}: ${event.message}`
    case 'call-retried':
      return `call retried in ${formatDuration(event.delayMs)}: ${event.code}: ${event.message}`
    case 'sandbox-opened':
      return event.isolated ? null : `runs in sandbox "${event.sandbox}", which does not isolate`
    case 'model-called':
    case 'model-call-failed':
    case 'reply-rejected':
    case 'reply-cleaned':
    case 'command-executed':
    case 'file-written':
    case 'file-refused':
    case 'coder-finished':
    case 'review-failed':
      return null
  }
}

const mostShown = 12

function liveProgress(record: RunRecord): Progress {
  const draw = createLogUpdate(process.stderr, { showCursor: true })
  const total = planTrials(record).length
  const working = new Map<string, { doing: string; since: number }>()
  const counts = { done: 0, failed: 0, busy: 0, reviews: 0, failedReviews: 0 }
  let costUsd = 0
  const startedAt = Date.now()
  const timer = setInterval(render, 200)
  timer.unref()
  return {
    onEvent(trialId, event) {
      if (event.type === 'model-called' && event.cache !== 'hit') costUsd += event.costUsd ?? 0
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
    [Symbol.dispose]() {
      clearInterval(timer)
      render()
      draw.done()
    },
  }

  function render(): void {
    const failed = counts.failed > 0 ? pc.red(`, ${counts.failed} failed`) : ''
    const reviews = counts.reviews + counts.failedReviews > 0 ? ` · ${counts.reviews} reviews` : ''
    const failedReviews = counts.failedReviews > 0 ? pc.red(`, ${counts.failedReviews} failed`) : ''
    const elapsed = formatDuration(Date.now() - startedAt)
    const head = `${pc.bold(record.id)}  ${counts.done} of ${total} trials done${failed}${reviews}${failedReviews} · ${formatCost(costUsd)} · ${elapsed}`
    const lines = [...working]
      .slice(0, mostShown)
      .map(([id, { doing, since }]) => `  ${id}  ${pc.dim(`${doing} ${formatDuration(Date.now() - since)}`)}`)
    const more = working.size > mostShown ? [pc.dim(`  … and ${working.size - mostShown} more`)] : []
    draw([head, ...lines, ...more].join('\n'))
  }
}

function describeDoing(event: RunEvent): string | null {
  if (event.type === 'stage-started') return event.stage
  if (event.type === 'command-executed') return `experiment, command ${event.step}`
  if (event.type === 'call-retried') return `waiting: ${event.code}`
  return null
}
