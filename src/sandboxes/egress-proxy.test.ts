import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Internet } from './dial-host.ts'
import { openEgressProxy } from './egress-proxy.ts'
import type { EgressRefusal } from './sandbox.ts'

const publicAddress = '93.184.215.14'

let folder: string
let socketPath: string
let server: http.Server
let refusals: EgressRefusal[]
/** Addresses that were really connected to. */
let connected: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-egress-test-'))
  socketPath = join(folder, 'proxy')
  refusals = []
  connected = []
  server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { host, 'proxy-authorization': proxyAuthorization = 'none' } = request.headers
      response.end(
        `${request.method} ${request.url} host=${host} body=${body} proxy-authorization=${proxyAuthorization}`,
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true })
})

/** All of the internet is our loopback server; names have the addresses that a test gives them. */
function internetOf(addresses: Readonly<Record<string, readonly string[]>>): Internet {
  return {
    async resolve(host) {
      const found = addresses[host]
      if (found === undefined) throw new Error('no such name')
      return found
    },
    connect(address, port) {
      connected.push(`${address}:${port}`)
      return net.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, allowHalfOpen: true })
    },
  }
}

function open(allow: readonly string[], addresses: Readonly<Record<string, readonly string[]>>) {
  const onRefused = (refusal: EgressRefusal) => void refusals.push(refusal)
  return openEgressProxy({ socketPath, allow, onRefused, internet: internetOf(addresses) })
}

/** @returns status of the proxy, and what the server behind the tunnel answers */
async function tunnel(authority: string): Promise<{ status: number; answer: string }> {
  const request = http.request({ socketPath, method: 'CONNECT', path: authority }).end()
  const [response, socket, head] = (await once(request, 'connect')) as [http.IncomingMessage, net.Socket, Buffer]
  if (response.statusCode === 200) socket.write('GET /inside HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  let answer = head.toString()
  for await (const chunk of socket) answer += String(chunk)
  return { status: response.statusCode ?? 0, answer }
}

async function ask(
  path: string,
  options: http.RequestOptions = {},
  body = '',
): Promise<[status: number, text: string]> {
  const request = http.request({ socketPath, path, ...options }).end(body)
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return [response.statusCode ?? 0, text]
}

test('a tunnel and a plain request reach a host of the list', async () => {
  await using _proxy = await open(['pypi.test', '*.hub.test'], {
    'pypi.test': [publicAddress],
    'cdn.hub.test': ['2606:4700::1111'],
  })
  const { status, answer } = await tunnel('PyPI.test.:443')
  expect([status, answer]).toEqual([200, expect.stringContaining('GET /inside')])
  expect(await ask('http://cdn.hub.test/a?b=c', { method: 'POST' }, 'given')).toEqual([
    200,
    'POST /a?b=c host=cdn.hub.test body=given proxy-authorization=none',
  ])
  expect(connected).toEqual([`${publicAddress}:443`, '2606:4700::1111:80'])
  expect(refusals).toEqual([])
})

test('what is meant for the proxy is not passed on', async () => {
  await using _proxy = await open(['pypi.test'], { 'pypi.test': [publicAddress] })
  const headers = { 'proxy-authorization': 'Basic x', host: 'other.test', connection: 'x-own', 'x-own': '1' }
  const [, text] = await ask('http://pypi.test/', { headers })
  expect(text).toBe('GET / host=pypi.test body= proxy-authorization=none')
})

test.each([
  ['other.test:443', 'not among the hosts'],
  ['pypi.test.evil.test:443', 'not among the hosts'],
  ['pypi.test:22', 'port 22'],
  ['93.184.215.14:443', 'an address'],
  ['[::1]:443', 'an address'],
  ['private.test:443', 'not a public one'],
  ['mapped.test:443', 'not a public one'],
])('%s is refused and told: %s', async (authority, reason) => {
  await using _proxy = await open(['pypi.test', 'private.test', 'mapped.test'], {
    'pypi.test': [publicAddress],
    'private.test': ['169.254.169.254', '127.0.0.1', 'fd00:ec2::254'],
    'mapped.test': ['::ffff:10.0.0.1'],
  })
  const { status, answer } = await tunnel(authority)
  expect([status, answer]).toEqual([403, expect.stringContaining(reason)])
  expect(refusals).toEqual([expect.objectContaining({ reason: expect.stringContaining(reason) as unknown })])
  expect((await ask(`http://${authority}/`))[0]).toBe(403)
  expect(connected).toEqual([])
})

test('of several addresses only public ones are used, and what was checked is what is connected to', async () => {
  let turn = 0
  const internet = internetOf({})
  const resolve = async () => (turn++ === 0 ? ['10.0.0.1', publicAddress] : ['127.0.0.1'])
  await using _proxy = await openEgressProxy({
    socketPath,
    allow: ['pypi.test'],
    onRefused: (refusal) => refusals.push(refusal),
    internet: { ...internet, resolve },
  })
  expect((await tunnel('pypi.test:443')).status).toBe(200)
  expect(turn).toBe(1)
  expect(connected).toEqual([`${publicAddress}:443`])
  expect((await tunnel('pypi.test:443')).status).toBe(403)
})

test('a name that does not exist is no refusal', async () => {
  await using _proxy = await open(['pypi.test'], {})
  expect((await tunnel('pypi.test:443')).status).toBe(502)
  expect(refusals).toEqual([])
})

test('refusals are told once for each host, and no more than a hundred of them', async () => {
  await using _proxy = await open(['pypi.test'], {})
  for (let index = 0; index < 105; index += 1) await ask(`http://host${index}.test/`)
  await ask('http://host0.test/')
  expect(refusals).toHaveLength(100)
  expect(new Set(refusals.map((refusal) => refusal.host)).size).toBe(100)
})

test('what is no proxy request, or no HTTP at all, is turned away and the proxy goes on', async () => {
  await using _proxy = await open(['pypi.test'], { 'pypi.test': [publicAddress] })
  expect((await ask('/path'))[0]).toBe(400)
  expect((await ask('ftp://pypi.test/x'))[0]).toBe(400)
  expect((await tunnel('pypi.test')).status).toBe(403)
  const junk = net.connect(socketPath)
  junk.end('\0\u001B[31m junk\r\n\r\n')
  await once(junk, 'close')
  expect((await tunnel('pypi.test:443')).status).toBe(200)
  expect(refusals).toEqual([{ host: 'pypi.test', port: 0, reason: expect.stringContaining('port 0') as unknown }])
})

test('closing ends open tunnels', async () => {
  const proxy = await open(['pypi.test'], { 'pypi.test': [publicAddress] })
  const request = http.request({ socketPath, method: 'CONNECT', path: 'pypi.test:443' }).end()
  const [, socket] = (await once(request, 'connect')) as [http.IncomingMessage, net.Socket]
  const ended = once(socket.resume(), 'close')
  await proxy[Symbol.asyncDispose]()
  await ended
  await expect(tunnel('pypi.test:443')).rejects.toThrow('ENOENT')
})

test.each([
  'HTTP/1.1 099 X\r\n\r\n',
  'HTTP/1.1 000 X\r\n\r\n',
  'HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  'junk\r\n\r\n',
])('a host that answers %j costs its caller a 502 and nobody else anything', async (answer) => {
  const odd = net.createServer((socket) => socket.on('error', () => null).end(answer))
  odd.listen(0, '127.0.0.1')
  await once(odd, 'listening')
  try {
    const { port } = odd.address() as AddressInfo
    const internet: Internet = {
      resolve: async () => [publicAddress],
      connect: () => net.connect({ host: '127.0.0.1', port, allowHalfOpen: true }),
    }
    await using _proxy = await openEgressProxy({
      socketPath,
      allow: ['odd.example'],
      onRefused: (refusal) => refusals.push(refusal),
      internet,
    })
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = http.request({ socketPath, path: 'http://odd.example/', headers: { host: 'odd.example' } })
      asked.on('response', (response) => resolve(response.resume().statusCode))
      asked.on('error', reject)
      asked.end()
    })
    expect(status).toBe(502)
  } finally {
    odd.close()
  }
})

test('a listener that throws is no answer for the caller, and is told at the end', async () => {
  const proxy = await openEgressProxy({
    socketPath,
    allow: ['other.example'],
    onRefused: () => {
      throw new Error('the log is full')
    },
    internet: internetOf({}),
  })
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = http.request({ socketPath, path: 'http://refused.example/', headers: { host: 'refused.example' } })
    asked.on('response', (response) => resolve(response.resume().statusCode))
    asked.on('error', reject)
    asked.end()
  })
  expect(status).toBe(403)
  await expect(proxy[Symbol.asyncDispose]()).rejects.toThrow('the log is full')
})
