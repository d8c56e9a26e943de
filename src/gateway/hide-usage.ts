import { isJson } from './wires/json.ts'

/** Takes pieces of a stream of events and gives back what the caller is to see of it, at the latest with the end of each event. */
export interface StreamFilter {
  push(chunk: Uint8Array): Uint8Array
  end(): Uint8Array
}

/** An event longer than this is no event of usage, and what follows it is not looked at. */
const maxBytes = 1024 ** 2
const nothing = Buffer.alloc(0)

/**
 * Leaves out the event with the usage of a Chat stream whose caller has not asked for it: it has no choices, and programs that
 * take the first choice of each event would fail on it. All other bytes stay as they are.
 */
export function createUsageFilter(): StreamFilter {
  let held: Buffer = nothing
  let isOpen = true
  return {
    push(chunk) {
      if (!isOpen) return chunk
      held = held.byteLength === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
      const shown: Buffer[] = []
      let from = 0
      for (let end = endOfEvent(held, from); end !== -1; end = endOfEvent(held, from)) {
        const event = held.subarray(from, end)
        if (!isUsageAlone(event)) shown.push(event)
        from = end
      }
      held = held.subarray(from)
      if (held.byteLength > maxBytes) {
        isOpen = false
        shown.push(held)
        held = nothing
      }
      return shown.length === 1 && shown[0] !== undefined ? shown[0] : Buffer.concat(shown)
    },
    end: () => held,
  }
}

/** Where the first event after `from` ends, its empty line included; -1 while it has not. */
function endOfEvent(bytes: Buffer, from: number): number {
  const [short, long] = [bytes.indexOf('\n\n', from), bytes.indexOf('\r\n\r\n', from)]
  if (short !== -1 && (long === -1 || short < long)) return short + 2
  return long === -1 ? -1 : long + 4
}

function isUsageAlone(event: Buffer): boolean {
  if (!event.includes('"usage"')) return false
  const [, data = ''] = /^data: ?(\{.*)$/m.exec(event.toString('utf8').replaceAll('\r', '')) ?? []
  try {
    const payload: unknown = JSON.parse(data)
    return (
      isJson(payload) &&
      isJson(payload['usage']) &&
      Array.isArray(payload['choices']) &&
      payload['choices'].length === 0
    )
  } catch {
    return false
  }
}
