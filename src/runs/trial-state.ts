import type { RunEvent } from '../schema/event.ts'
import { type Stage, stages } from '../schema/stage.ts'
import type { StageState, TrialState } from '../schema/state.ts'
import { sumSpending } from './spending.ts'

/** What a trial's events say about it. A stage nobody started is not in `stages`. */
export function deriveTrialState(events: readonly RunEvent[]): TrialState {
  const states: Partial<Record<Stage, StageState>> = {}
  const spendingByStage: TrialState['spendingByStage'] = {}
  for (const stage of stages) {
    const own = events.filter((event) => stageOf(event) === stage)
    if (own.length === 0) continue
    states[stage] = stageState(own)
    spendingByStage[stage] = sumSpending(own)
  }
  const opened = events.findLast((event) => event.type === 'sandbox-opened')
  return {
    schema: 'mlrbench/state@1',
    stages: states,
    spending: sumSpending(events),
    spendingByStage,
    commands: events.filter((event) => event.type === 'command-executed').length,
    sandbox: opened ? { name: opened.sandbox, isolated: opened.isolated } : null,
  }
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
  return null
}
