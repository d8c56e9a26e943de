import type { IncomingMessage } from 'node:http'
import type { GatewayBounds } from './gateway.ts'
import { RefusalError } from './refusal.ts'
import type { Json } from './wires/gateway-wire.ts'
import { isJson } from './wires/json.ts'

/** As much as providers take. */
const maxBytes = 32 * 1024 ** 2
/** Braces, brackets, commas and colons: the largest context window has room for no more, and what they part takes time and memory. */
const maxMarks = 2_000_000

/** A body that counts against what all may hold together until it is disposed of. */
export interface HeldBody extends Disposable {
  readonly bytes: Buffer
}

/** Bodies in memory, only so much of them together. */
export interface BodyStore {
  /** @throws RefusalError for a body that is too large, compressed, or breaks off */
  read(request: IncomingMessage): Promise<HeldBody>
  /** Counts a body that was made here. */
  hold(bytes: Buffer): Disposable
}

export function createBodyStore({ maxHeldBytes }: Pick<GatewayBounds, 'maxHeldBytes'>): BodyStore {
  let held = 0
  const release = (bytes: number): Disposable => {
    let left = bytes
    return {
      [Symbol.dispose]() {
        held -= left
        left = 0
      },
    }
  }
  return {
    read,
    // it takes the place of one that was let in, and is about as long
    hold({ byteLength }) {
      held += byteLength
      return release(byteLength)
    },
  }

  async function read(request: IncomingMessage): Promise<HeldBody> {
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity')
      throw new RefusalError('encoding-not-taken', 'requests are taken without content-encoding')
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
    const chunks: Buffer[] = []
    let bytes = 0
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.byteLength
        held += chunk.byteLength
        if (bytes > maxBytes) throw tooLarge()
        if (held > maxHeldBytes)
          throw new RefusalError('too-many-calls', 'too much is being sent at once: try again later')
        chunks.push(chunk)
      }
    } catch (error) {
      held -= bytes
      if (error instanceof RefusalError || !request.destroyed) throw error
      throw new RefusalError('invalid-request', 'the request broke off before its end')
    }
    return { bytes: Buffer.concat(chunks), ...release(bytes) }
  }
}

const tooLarge = (): RefusalError => new RefusalError('body-too-large', `a request may have ${maxBytes} bytes`)

/** @throws RefusalError when it is no JSON object, or one that would take too much memory */
export function parseBody(bytes: Buffer): Json {
  // a short one cannot have so many
  if (bytes.byteLength > maxMarks && countMarks(bytes) > maxMarks)
    throw new RefusalError('body-too-large', `a request may have ${maxMarks} braces and commas`)
  const body = parseJson(bytes.toString('utf8'))
  if (!isJson(body)) throw new RefusalError('invalid-request', 'the body must be a JSON object')
  return body
}

function countMarks(bytes: Buffer): number {
  let count = 0
  // as numbers, by index: it is the fastest way through tens of millions of bytes
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === 0x7b || byte === 0x5b || byte === 0x2c || byte === 0x3a) count += 1
  }
  return count
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * What is sent is written anew, so that the provider reads what was checked: of a key that stood there twice, the same one.
 * @throws RefusalError when it is nested deeper than can be written
 */
export function writeBody(body: Json): Buffer {
  try {
    return Buffer.from(JSON.stringify(body))
  } catch (error) {
    if (error instanceof RangeError) throw new RefusalError('invalid-request', 'the body is nested too deeply')
    throw error
  }
}
