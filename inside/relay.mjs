// @ts-check
// Runs inside a sandbox, before and beside one command: gives it listeners on loopback that lead to sockets of the harness,
// files in its home, its input and its environment; tells the harness apart what it prints where; ends when it ends.
// Plain JavaScript of Node alone: it runs where nothing of this package is but this file. It reads its whole instruction on
// standard input, so that no argument or variable shows it, and answers in frames (src/sandboxes/relay-protocol.ts).
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { constants } from 'node:os'
import path from 'node:path'

const frames = { started: 1, output: 2, error: 3, exited: 4, failed: 5 }
const maxConnections = 256
const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants
const home = process.env['HOME'] ?? '/tmp/home'
const temporary = process.env['TMPDIR'] ?? '/tmp'

try {
  await run(JSON.parse(await readAll(process.stdin)))
} catch (error) {
  sendFrame(frames.failed, Buffer.from(String(error instanceof Error ? error.message : error).slice(0, 2_000)))
  leave(125)
}

/** @param {import('../src/sandboxes/relay-protocol.ts').RelayInstruction} instruction */
async function run({ listeners, homeFiles, input, separate, environment, argv }) {
  // The harness is gone: nobody is left to run this for.
  process.stdout.on('error', () => process.exit(125))
  await Promise.all(listeners.map(listen))
  fs.mkdirSync(home, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(homeFiles)) {
    const file = path.join(home, name)
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(file, text, { mode: 0o600 })
  }

  const folder = fs.mkdtempSync(path.join(temporary, 'relay-'))
  const given = input === null ? 'ignore' : openInput(path.join(folder, 'input'), input)
  const output = openPipe(path.join(folder, 'output'))
  const error = separate ? openPipe(path.join(folder, 'error')) : null
  fs.rmSync(folder, { recursive: true })

  sendFrame(frames.started, Buffer.alloc(0))
  const [program = '', ...args] = argv
  const child = spawn(program, args, {
    stdio: [given, output.writeEnd, (error ?? output).writeEnd],
    env: { ...process.env, ...environment },
  })
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  const drained = [forward(output, frames.output), ...(error === null ? [] : [forward(error, frames.error)])]
  if (given !== 'ignore') fs.closeSync(given)
  const { code, signal } = await ended
  await Promise.all(drained.map((drain) => drain()))
  const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(exitCode)
  sendFrame(frames.exited, payload)
  leave(exitCode)
}

/**
 * Every connection to the port is one to the socket.
 * @param {{ readonly port: number, readonly socket: string }} listener
 * @returns {Promise<void>}
 */
function listen({ port, socket }) {
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ path: socket, allowHalfOpen: true })
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroySoon())
    near.pipe(far)
    far.pipe(near)
  })
  server.maxConnections = maxConnections
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

/**
 * A file that has no name any more: unlike a pipe it can be opened again as /dev/stdin, and nobody has to write it in time.
 * @param {string} file
 * @param {string} text
 */
function openInput(file, text) {
  fs.writeFileSync(file, text, { mode: 0o600 })
  return fs.openSync(file, 'r')
}

/**
 * A true pipe: what Node makes of 'pipe' is a socket, which cannot be opened as /dev/stdout.
 * @param {string} file
 */
function openPipe(file) {
  execFileSync('mkfifo', ['-m', '600', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const readEnd = fs.openSync(file, O_RDONLY | O_NONBLOCK)
  return { readEnd, writeEnd: fs.openSync(file, O_WRONLY) }
}

/**
 * Passes on what comes through a pipe as frames, no faster than they are read. Returns what waits for the rest of it.
 * @param {{ readEnd: number, writeEnd: number }} pipe
 * @param {number} type
 */
function forward({ readEnd, writeEnd }, type) {
  fs.closeSync(writeEnd)
  const stream = new net.Socket({ fd: readEnd, readable: true, writable: false })
  let isOver = false
  let chunks = 0
  stream.on('error', () => stream.destroy())
  /** @type {Promise<void>} */
  const closed = new Promise((resolve) => stream.on('close', resolve))
  void closed.then(() => (isOver = true))
  stream.on('data', (chunk) => {
    chunks += 1
    if (sendFrame(type, chunk)) return
    stream.pause()
    process.stdout.once('drain', () => stream.resume())
  })
  // Daemons may hold the pipe open for ever; what the command itself wrote is in it by now, and comes without a pause.
  return async () => {
    for (let quietTurns = 0; !isOver && quietTurns < 3; ) {
      const before = chunks
      await Promise.race([closed, new Promise((resolve) => setTimeout(() => setImmediate(resolve), 20))])
      quietTurns = chunks === before && !stream.isPaused() ? quietTurns + 1 : 0
    }
  }
}

/**
 * @param {number} type
 * @param {Buffer} payload
 */
function sendFrame(type, payload) {
  const header = Buffer.alloc(5)
  header.writeUInt8(type)
  header.writeUInt32BE(payload.length, 1)
  return process.stdout.write(Buffer.concat([header, payload]))
}

/** @param {number} exitCode */
function leave(exitCode) {
  process.stdout.write('', () => process.exit(exitCode))
}

/** @param {AsyncIterable<Buffer>} stream */
async function readAll(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
