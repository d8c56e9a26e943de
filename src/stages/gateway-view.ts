import type { CoderResult } from '../coders/coder.ts'
import type { CoderKind } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'

/**
 * A coder's end with what the gateway saw of it. A program guesses at what its provider said, and some call it done when their model would say no
 * more; what was really said stands in the calls.
 */
export function withGatewayView(
  result: CoderResult,
  { kind, events }: { readonly kind: CoderKind; readonly events: readonly RunEvent[] },
): CoderResult {
  // what a command of the user makes of a refusal is its own affair
  if (result.ending === 'done' && kind !== 'command' && isLastReplyWithheld(events))
    return { ...result, ending: 'refused', message: `the provider withheld the last reply. ${result.message}`.trim() }
  if (result.ending !== 'model-failed') return result
  const failed = events
    .flatMap((event) =>
      event.type === 'model-call-failed' || (event.type === 'gateway-refused' && event.code === 'call-too-large')
        ? [{ code: event.code, message: event.message }]
        : [],
    )
    .at(-1)
  if (failed === undefined || result.message.includes(failed.message)) return result
  return { ...result, message: `${failed.code}: ${failed.message} (the coder says: ${result.message})` }
}

function isLastReplyWithheld(events: readonly RunEvent[]): boolean {
  const last = events.findLast(
    (event) => event.type === 'model-called' && event.purpose.kind === 'stage' && event.purpose.stage === 'experiment',
  )
  return last?.type === 'model-called' && last.finishReason === 'content-filter'
}
