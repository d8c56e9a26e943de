/** What a filter needs to know of a processor: the kernel's name for it, and the number of `socket` there. */
const processors: Readonly<Partial<Record<NodeJS.Architecture, { readonly name: number; readonly socket: number }>>> = {
  x64: { name: 0xc000003e, socket: 41 },
  arm64: { name: 0xc00000b7, socket: 198 },
}
/** Alike on all processors. It opens sockets too, past every filter of calls. */
const ioUringSetup = 425
/** Calls of the x32 kind have it in their number. */
const withoutX32Bit = 0xbfffffff

/** Unix, IPv4, IPv6, and netlink, by which programs list interfaces. */
export const openFamilies = [1, 2, 10, 16]

const callNumber = 0
const processorName = 4
const firstArgument = 16
const loadWord = 0x20
const keepBits = 0x54
const jumpIfEqual = 0x15
const answer = 0x06
const allow = 0x7fff0000
const fail = 0x00050000
const noSuchCall = fail + 38
const noSuchFamily = fail + 97

/**
 * A program for the kernel (classic BPF, for `bwrap --seccomp`) that lets a command open ordinary sockets only. Others are not bound to a network
 * namespace, such as those from a virtual machine to its host (AF_VSOCK), or are little-used doors into the kernel. Programs for another
 * processor, such as those of 32 bits, could open them by other numbers, and do not run.
 * @returns null for a processor that is not known here
 */
export function socketFilter(architecture: NodeJS.Architecture = process.arch): Uint8Array | null {
  const processor = processors[architecture]
  if (processor === undefined) return null
  const families = openFamilies.length
  const instructions: readonly (readonly [code: number, onTrue: number, onFalse: number, value: number])[] = [
    [loadWord, 0, 0, processorName],
    [jumpIfEqual, 1, 0, processor.name],
    [answer, 0, 0, noSuchCall],
    [loadWord, 0, 0, callNumber],
    [keepBits, 0, 0, withoutX32Bit],
    [jumpIfEqual, 0, 1, ioUringSetup],
    [answer, 0, 0, noSuchCall],
    [jumpIfEqual, 0, families + 2, processor.socket],
    [loadWord, 0, 0, firstArgument],
    ...openFamilies.map((family, index) => [jumpIfEqual, families - index, 0, family] as const),
    [answer, 0, 0, noSuchFamily],
    [answer, 0, 0, allow],
  ]
  const program = Buffer.alloc(8 * instructions.length)
  for (const [index, [code, onTrue, onFalse, value]] of instructions.entries()) {
    program.writeUInt16LE(code, 8 * index)
    program.writeUInt8(onTrue, 8 * index + 2)
    program.writeUInt8(onFalse, 8 * index + 3)
    program.writeUInt32LE(value, 8 * index + 4)
  }
  return program
}
