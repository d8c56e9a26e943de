import { expect, test } from 'vitest'
import { openFrameReader } from './relay-protocol.ts'

function frame(type: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload)
  const header = Buffer.alloc(5)
  header.writeUInt8(type)
  header.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([header, bytes])
}

function read(...chunks: readonly Buffer[]): { told: string[]; isSound: boolean } {
  const told: string[] = []
  const push = openFrameReader({
    started: () => told.push('started'),
    output: (stream, bytes) => told.push(`${stream}:${bytes.toString()}`),
    exited: (exitCode) => told.push(`exited:${exitCode}`),
    failed: (reason) => told.push(`failed:${reason}`),
  })
  return { isSound: chunks.every((chunk) => push(chunk)), told }
}

const exit143 = Buffer.from([0, 0, 0, 143])

test('frames are told in order, however they are cut into pieces', () => {
  const all = Buffer.concat([
    frame(1, ''),
    frame(2, 'ab'),
    frame(3, ''),
    frame(3, 'c'),
    frame(4, exit143),
    frame(5, 'no'),
  ])
  expect(read(all).told).toEqual(['started', 'output:ab', 'error:c', 'exited:143', 'failed:no'])
  const single = read(...Array.from(all, (byte) => Buffer.from([byte])))
  expect(single).toEqual({
    isSound: true,
    told: ['started', 'output:a', 'output:b', 'error:c', 'exited:143', 'failed:no'],
  })
})

test('what is no frame is found, and output of any claimed length is passed on as it comes', () => {
  expect(read(Buffer.from('hello, world')).isSound).toBe(false)
  expect(read(frame(4, 'too long to be a number')).isSound).toBe(false)
  expect(read(frame(1, 'x')).isSound).toBe(false)
  expect(read(Buffer.from([5, 0xff, 0xff, 0xff, 0xff])).isSound).toBe(false)
  expect(read(Buffer.from([2, 0xff, 0xff, 0xff, 0xff, 0x61])).told).toEqual(['output:a'])
})
