import type { GatewayStop } from '../gateway/gateway.ts'
import type { ExceededLimit, ExecResult } from '../sandboxes/sandbox.ts'
import type { StreamEnd } from '../transcripts/follow.ts'
import { ModelCallError } from '../models/model-call-error.ts'
import type { CoderOutcome, CoderProgram } from './coder-program.ts'
import { limitNames } from './limit-names.ts'

/** All that is known when a coder's program has ended. */
export interface ProgramEnd {
  /** Null when it was ended because the gateway let nothing more through. */
  readonly result: Pick<ExecResult, 'exitCode' | 'exceededLimit'> | null
  readonly end: StreamEnd
  /** Why the gateway let nothing more through; null when it did. */
  readonly stop: GatewayStop | null
  /** The last of its standard error; empty when that was nothing. */
  readonly lastErrors: string
  /** Whether it printed anything at all to standard output. */
  readonly spoke: boolean
}

const endingsOfLimits = {
  'wall-time': 'time-limit',
  memory: 'memory-limit',
  processes: 'process-limit',
  disk: 'disk-limit',
  output: 'output-limit',
} as const satisfies Record<ExceededLimit, CoderOutcome['ending']>

/**
 * How a coder ended, told from the surest sign there is: a call refused for good, a limit that ended the program, what it said itself,
 * its exit code.
 * @throws ModelCallError for a stop that is the user's to put right, and nobody's failure
 */
export function explainEnd(known: ProgramEnd, program: Pick<CoderProgram, 'explainExit'> = {}): CoderOutcome {
  const { result, end, stop, lastErrors, spoke } = known
  // it comes first: a coder that was refused every call may still call itself done
  if (stop !== null) return explainStop(stop)
  if (result === null) throw new Error('a coder was ended without a reason')
  const { exitCode, exceededLimit } = result
  if (exitCode === null) {
    if (exceededLimit === null) throw new Error('a command was ended by no limit')
    return explainLimit(exceededLimit)
  }
  // it did not say how it ended, and something in it ran into a limit: an exit code says less than that
  if (exitCode !== 0 && exceededLimit !== null && end.ending === 'unknown') return explainLimit(exceededLimit)
  const own = program.explainExit?.({ exitCode, end, lastErrors }) ?? null
  if (own !== null) return own
  // the limits are ours, and none was reached: it is its provider that wants money
  if (end.ending === 'cost-limit') return { ending: 'model-failed', message: end.message }
  if (end.ending !== 'unknown') return { ending: end.ending, message: end.message }
  const signs = [end.message, lastErrors].filter((text) => text !== '').join('; ')
  return { ending: 'crashed', message: `${describeCrash(exitCode, spoke)}${signs === '' ? '' : `: ${signs}`}` }
}

function explainStop({ code, message }: GatewayStop): CoderOutcome {
  switch (code) {
    case 'call-limit':
      return { ending: 'step-limit', message }
    case 'token-limit':
      return { ending: 'token-limit', message }
    case 'cost-limit':
      return { ending: 'cost-limit', message }
    case 'budget-spent':
    case 'not-authorised':
      throw new ModelCallError(code, message, { retryable: false })
  }
}

function explainLimit(limit: ExceededLimit): CoderOutcome {
  const name = limit === 'wall-time' ? 'time' : limitNames[limit]
  return { ending: endingsOfLimits[limit], message: `the coder exceeded its limit on ${name}` }
}

function describeCrash(exitCode: number, spoke: boolean): string {
  if (exitCode === 0)
    return spoke
      ? "the coder's program ended without saying that it was done"
      : "the coder's program ended without printing anything"
  return `the coder's program ended with exit code ${exitCode}${spoke ? '' : ' and printed nothing'}`
}
