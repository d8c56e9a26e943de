import { describe, expect, test } from 'vitest'
import { socketFilter } from './socket-filter.ts'

const processors = { x64: { name: 0xc000003e, socket: 41 }, arm64: { name: 0xc00000b7, socket: 198 } } as const

/** What the kernel would answer to a call, by the rules of classic BPF for the few instructions that occur. */
function answerTo(program: Uint8Array, call: { processor: number; number: number; first: number }): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength)
  const data = new Map([
    [0, call.number],
    [4, call.processor],
    [16, call.first],
  ])
  let register = 0
  for (let index = 0; index < program.length / 8; index += 1) {
    const at = 8 * index
    const value = view.getUint32(at + 4, true)
    switch (view.getUint16(at, true)) {
      case 0x20:
        register = data.get(value) ?? Number.NaN
        break
      case 0x54:
        register = (register & value) >>> 0
        break
      case 0x15:
        index += view.getUint8(at + (register === value ? 2 : 3))
        break
      case 0x06:
        return value
      default:
        throw new Error(`an instruction that this test does not know at ${index}`)
    }
  }
  throw new Error('the program ends without an answer')
}

const allowed = 0x7fff0000
const failure = (code: number): number => 0x00050000 + code

describe.each(['x64', 'arm64'] as const)('the filter for %s', (architecture) => {
  const program = socketFilter(architecture) ?? new Uint8Array()
  const { name, socket } = processors[architecture]
  const ask = (number: number, first = 0, processor: number = name) => answerTo(program, { processor, number, first })

  test('lets ordinary sockets be opened and no others', () => {
    const families = Array.from({ length: 64 }, (_, family) => family)
    expect(families.filter((family) => ask(socket, family) === allowed)).toEqual([1, 2, 10, 16])
    expect(ask(socket, 40)).toBe(failure(97))
  })

  test('lets every other call pass but the one that opens sockets in another way', () => {
    const passing = Array.from({ length: 600 }, (_, number) => number).filter((number) => ask(number, 40) === allowed)
    expect(passing).toHaveLength(598)
    expect([passing.includes(socket), passing.includes(425)]).toEqual([false, false])
    expect(ask(425)).toBe(failure(38))
  })

  test('has no other numbers for the same calls', () => {
    expect(ask(0x40000000 + socket, 40)).toBe(failure(97))
    expect(ask(359, 40, 0x40000003)).toBe(failure(38))
  })
})

test('a processor that is not known has none', () => {
  expect(socketFilter('riscv64')).toBeNull()
})
