import type { RunEvent } from '../schema/event.ts'
import { type Stage, stages } from '../schema/stage.ts'
import type { Session, StageState, TrialState } from '../schema/state.ts'
import { sumSpending } from './spending.ts'

/** What a trial's events say about it. A stage nobody started is not in `stages`. */
export function deriveTrialState(events: readonly RunEvent[]): TrialState {
  const states: Partial<Record<Stage, StageState>> = {}
  const spendingByStage: TrialState['spendingByStage'] = {}
  const sessionsByStage: TrialState['sessionsByStage'] = {}
  for (const stage of stages) {
    const own = events.filter((event) => stageOf(event) === stage)
    if (own.length === 0) continue
    states[stage] = stageState(own)
    spendingByStage[stage] = sumSpending(own)
    const session = sumSessions(own)
    if (session !== null) sessionsByStage[stage] = session
  }
  const byCode = events.filter((event) => 'purpose' in event && event.purpose.kind === 'experiment-code')
  const opened = events.findLast((event) => event.type === 'sandbox-opened')
  return {
    schema: 'mlrbench/state@1',
    stages: states,
    spending: sumSpending(events),
    spendingByStage,
    experimentCode: byCode.length === 0 ? null : sumSpending(byCode),
    sessionsByStage,
    commands: events.filter((event) => event.type === 'command-executed').length,
    sandbox: opened ? { name: opened.sandbox, isolated: opened.isolated } : null,
  }
}

/** Null without a report; in a field, the sum of the reports that fill it. */
function sumSessions(events: readonly RunEvent[]): Session | null {
  const reports = events.filter((event) => event.type === 'session-reported')
  if (reports.length === 0) return null
  const sum = (field: keyof Session): number | null => {
    const known = reports.flatMap((report) => report[field] ?? [])
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
  }
  return { costUsd: sum('costUsd'), durationMs: sum('durationMs'), totalTokens: sum('totalTokens') }
}

function stageState(events: readonly RunEvent[]): StageState {
  let state: StageState = { status: 'pending', attempt: 0, durationMs: null, code: null, message: null }
  for (const event of events) {
    if (event.type === 'stage-started')
      state = { status: 'unfinished', attempt: event.attempt, durationMs: null, code: null, message: null }
    if (event.type === 'stage-finished')
      state = { ...state, status: 'done', attempt: event.attempt, durationMs: event.durationMs }
    if (event.type === 'stage-failed') {
      const { attempt, durationMs, code, message } = event
      state = { status: 'failed', attempt, durationMs, code, message }
    }
  }
  return state
}

function stageOf(event: RunEvent): Stage | null {
  if ('stage' in event) return event.stage
  if ('purpose' in event && event.purpose.kind === 'stage') return event.purpose.stage
  if ('purpose' in event && event.purpose.kind === 'experiment-code') return 'experiment'
  return null
}
