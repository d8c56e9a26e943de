import { createParser } from 'eventsource-parser'
import type { GatewayWire, Reading } from './wires/gateway-wire.ts'
import { isJson } from './wires/json.ts'

/** Reads an answer on its way past. Feeding never fails: what cannot be read stays unread, and then the answer is not complete. */
export interface Meter {
  feed(chunk: Uint8Array): void
  end(): Reading
}

/** Longer than the longest answer; a stream's last event may repeat the whole of it. */
const maxBytes = 64 * 1024 ** 2

const nothingRead: Reading = {
  responseModel: null,
  finishReason: null,
  rawUsage: null,
  error: null,
  isComplete: false,
  isBegun: false,
}

export function createMeter(wire: GatewayWire, contentType: string): Meter {
  return isEventStream(contentType) ? meterOfEvents(wire) : meterOfDocument(wire)
}

export const isEventStream = (contentType: string): boolean => /^text\/event-stream\b/i.test(contentType)

function meterOfEvents(wire: GatewayWire): Meter {
  let reading = nothingRead
  const decoder = new TextDecoder()
  let isOpen = true
  const parser = createParser({
    maxBufferSize: maxBytes,
    // it takes no more after that; other errors are lines it skips
    onError: ({ type }) => void (isOpen &&= type !== 'max-buffer-size-exceeded'),
    onEvent({ data }) {
      if (wire.isIdle?.(data, reading) === true) return
      const payload = parseJson(data)
      if (isJson(payload)) reading = wire.read(payload, reading)
    },
  })
  return {
    feed(chunk) {
      if (isOpen) parser.feed(decoder.decode(chunk, { stream: true }))
    },
    end: () => reading,
  }
}

function meterOfDocument(wire: GatewayWire): Meter {
  let chunks: Uint8Array[] = []
  let bytes = 0
  return {
    feed(chunk) {
      bytes += chunk.byteLength
      if (bytes <= maxBytes) chunks.push(chunk)
      else chunks = []
    },
    end() {
      const payload = bytes <= maxBytes ? parseJson(Buffer.concat(chunks).toString('utf8')) : null
      return isJson(payload) ? wire.read(payload, nothingRead) : nothingRead
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
