import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request as httpRequest, type RequestOptions } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The same streamed calls straight to a provider on this machine and by way of the gateway, in turn. Client, gateway and
 * provider are a process each.
 */
const rounds = 15
const callsARound = 20
const streamsAtOnce = 200
const promptBytes = 30_000

const work = mkdtempSync(join(tmpdir(), 'mlrbench-bench-'))
const children: ReturnType<typeof spawn>[] = []
const body = JSON.stringify({
  model: 'claude-sonnet-4-5',
  max_tokens: 1_000,
  stream: true,
  messages: [{ role: 'user', content: 'a'.repeat(promptBytes) }],
})

interface Timed {
  readonly firstMs: number
  readonly wholeMs: number
}

const firstOf = ({ firstMs }: Timed): number => firstMs
const wholeOf = ({ wholeMs }: Timed): number => wholeMs

try {
  const port = await start(import.meta.resolve('./provider.ts'), [])
  const socketPath = join(work, 'gateway')
  await start(import.meta.resolve('./serve.ts'), [socketPath, `http://127.0.0.1:${port}/v1`])
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 })
  const direct = { agent, host: '127.0.0.1', port: Number(port), path: '/v1/messages' }
  const gateway = { agent, socketPath, path: '/coder/anthropic/v1/messages' }
  const ways = {
    direct: (): Promise<Timed> => ask(direct),
    gateway: (): Promise<Timed> => ask(gateway),
  }
  // both are warm before anything counts
  for (let call = 0; call < 50; call += 1) {
    await ways.direct()
    await ways.gateway()
  }

  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
  )
  const alone = { direct: [] as Timed[], gateway: [] as Timed[] }
  for (let round = 0; round < rounds; round += 1)
    for (const name of ['direct', 'gateway'] as const)
      for (let call = 0; call < callsARound; call += 1) alone[name].push(await ways[name]())
  const firsts = { direct: alone.direct.map(firstOf), gateway: alone.gateway.map(firstOf) }
  const wholes = { direct: alone.direct.map(wholeOf), gateway: alone.gateway.map(wholeOf) }
  print('one call at a time, first byte', firsts, 'ms')
  print('one call at a time, whole answer', wholes, 'ms')

  const together = { direct: [] as number[], gateway: [] as number[] }
  const waits = { direct: [] as number[], gateway: [] as number[] }
  for (let round = 0; round < rounds; round += 1)
    for (const name of ['direct', 'gateway'] as const) {
      const begun = performance.now()
      const timed = await Promise.all(Array.from({ length: streamsAtOnce }, () => ways[name]()))
      together[name].push((streamsAtOnce * 1_000) / (performance.now() - begun))
      waits[name].push(middle(timed.map(firstOf)))
    }
  print(`${streamsAtOnce} streams at once`, together, 'streams a second')
  print(`${streamsAtOnce} streams at once, first byte`, waits, 'ms')
  agent.destroy()
} finally {
  for (const child of children) child.kill()
  rmSync(work, { recursive: true, force: true })
}

/** Starts a process and gives back its first line. */
async function start(url: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(url), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return line.toString('utf8').trim()
}

function ask(place: RequestOptions): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    let firstMs = 0
    const headers = { 'content-type': 'application/json', 'x-api-key': 'bench', 'anthropic-version': '2023-06-01' }
    const request = httpRequest({ ...place, method: 'POST', headers }, (response) => {
      let text = ''
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`))
      response.on('data', (chunk: Buffer) => {
        if (firstMs === 0) firstMs = performance.now() - begun
        text = chunk.toString('utf8')
      })
      response.on('error', reject)
      response.on('end', () => {
        if (text.includes('message_stop')) resolve({ firstMs, wholeMs: performance.now() - begun })
        else reject(new Error('an answer was cut off'))
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

function print(what: string, times: { direct: readonly number[]; gateway: readonly number[] }, unit: string): void {
  const told = (numbers: readonly number[]): string => {
    const sorted = numbers.toSorted((a, b) => a - b)
    const at = (part: number): string => sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(2) ?? ''
    return `${middle(numbers).toFixed(2)} (${at(0.05)} to ${at(0.95)}, n ${numbers.length})`
  }
  const [direct, gateway] = [middle(times.direct), middle(times.gateway)]
  process.stdout.write(
    `${what}, ${unit}: direct ${told(times.direct)}, gateway ${told(times.gateway)}, difference ${(gateway - direct).toFixed(2)}, ratio ${(gateway / direct).toFixed(2)}\n`,
  )
}
