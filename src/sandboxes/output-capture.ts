import { StringDecoder } from 'node:string_decoder'

export interface CapturedOutput {
  readonly text: string
  readonly truncated: boolean
  /** Bytes seen in all, kept or not. */
  readonly totalBytes: number
}

/** Keeps the first and the last half of `maxBytes` of a stream, whatever its length; memory stays within a few chunks of that. */
export class OutputCapture {
  readonly #headBytes: number
  readonly #tailBytes: number
  readonly #head: Buffer[] = []
  #headLength = 0
  #tail: Buffer[] = []
  #tailLength = 0
  #totalBytes = 0

  constructor(maxBytes: number) {
    this.#headBytes = Math.ceil(maxBytes / 2)
    this.#tailBytes = Math.floor(maxBytes / 2)
  }

  push(chunk: Buffer): void {
    this.#totalBytes += chunk.length
    const forHead = chunk.subarray(0, this.#headBytes - this.#headLength)
    if (forHead.length > 0) {
      this.#head.push(forHead)
      this.#headLength += forHead.length
    }
    const forTail = chunk.subarray(forHead.length)
    if (forTail.length > 0) this.#pushTail(forTail)
  }

  #pushTail(chunk: Buffer): void {
    this.#tail.push(chunk)
    this.#tailLength += chunk.length
    // Joining at twice the size, not at every chunk, keeps the copying linear in the output.
    if (this.#tailLength > 2 * this.#tailBytes + 65_536) {
      this.#tail = [Buffer.from(this.#lastBytes())]
      this.#tailLength = Math.min(this.#tailLength, this.#tailBytes)
    }
  }

  #lastBytes(): Buffer {
    const joined = Buffer.concat(this.#tail)
    return joined.subarray(Math.max(0, joined.length - this.#tailBytes))
  }

  finish(): CapturedOutput {
    const head = Buffer.concat(this.#head)
    const tail = this.#lastBytes()
    const droppedBytes = this.#totalBytes - head.length - tail.length
    if (droppedBytes === 0)
      return { text: Buffer.concat([head, tail]).toString('utf8'), truncated: false, totalBytes: this.#totalBytes }
    const text = `${decodeHead(head)}\n[${droppedBytes} bytes of output left out]\n${decodeTail(tail)}`
    return { text, truncated: true, totalBytes: this.#totalBytes }
  }
}

/** Without the beginning of a character that was cut in two. */
function decodeHead(bytes: Buffer): string {
  return new StringDecoder('utf8').write(bytes)
}

/** Without the rest of a character that was cut in two: at most three continuation bytes. */
function decodeTail(bytes: Buffer): string {
  let start = 0
  while (start < 3 && ((bytes[start] ?? 0) & 0b1100_0000) === 0b1000_0000) start += 1
  return bytes.subarray(start).toString('utf8')
}
