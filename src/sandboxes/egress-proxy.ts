import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Dialled, dialAllowed, type Internet, theInternet } from './dial-host.ts'
import type { EgressRefusal } from './sandbox.ts'

export interface EgressProxyOptions {
  /** Where to listen. */
  readonly socketPath: string
  /** Hosts, `*.domain` or names of groups. */
  readonly allow: readonly string[]
  /** Told once of each host and port. */
  readonly onRefused: (refusal: EgressRefusal) => void
  readonly internet?: Internet
}

const maxConnections = 256
const maxHeaderBytes = 32 * 1024
/** Of connections on which nothing moves. */
const idleTimeoutMs = 10 * 60_000
/** A command could ask for ever new hosts: the log of a run must not grow with that. */
const maxRefusalsTold = 100
const maxHostLength = 253

/**
 * An HTTP proxy that lets commands reach the hosts of a list and no other: tunnels (CONNECT) and plain requests, on ports 80
 * and 443. It sees names, not what is said: over TLS nothing of the content is known here. Disposing it rejects when `onRefused` threw.
 */
export async function openEgressProxy(options: EgressProxyOptions): Promise<AsyncDisposable> {
  const { socketPath, allow, onRefused, internet = theInternet } = options
  const dial = dialAllowed(allow, internet)
  const told = new Set<string>()
  const faults: unknown[] = []
  const sockets = new Set<Duplex>()
  const server = http.createServer({ maxHeaderSize: maxHeaderBytes, headersTimeout: 30_000, requestTimeout: 0 })
  server.maxConnections = maxConnections
  server.timeout = idleTimeoutMs
  server.on('connection', (socket: Socket) => track(socket))
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('connect', (request: http.IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy())
    openTunnel(request, { client, head }).catch(() => client.destroy())
  })
  server.on('request', (request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      if (faults.length > 0) throw faults[0]
    },
  }

  async function openTunnel(
    request: http.IncomingMessage,
    { client, head }: { client: Duplex; head: Buffer },
  ): Promise<void> {
    const target = parseAuthority(request.url ?? '')
    const dialled = await dialAndTell(target)
    if (dialled.type !== 'connected') {
      const { status, text } = describeRefusal(target, dialled)
      client.end(
        `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      )
      return
    }
    const far = dialled.socket
    track(far)
    if (client.destroyed) return void far.destroy()
    far.setTimeout(idleTimeoutMs, () => far.destroy())
    far.on('error', () => client.destroy())
    far.on('close', () => client.destroy())
    client.on('close', () => far.destroy())
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    far.write(head)
    client.pipe(far)
    far.pipe(client)
  }

  async function forward(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null
    if (url === null || url.protocol !== 'http:') {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('this is a proxy: ask for http://host/path\n')
      return
    }
    const target = { host: plainName(url.hostname), port: url.port === '' ? 80 : Number(url.port) }
    const dialled = await dialAndTell(target)
    if (dialled.type !== 'connected') {
      const { status, text } = describeRefusal(target, dialled)
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(text)
      return
    }
    const { socket } = dialled
    track(socket)
    if (response.destroyed) return void socket.destroy()
    const outgoing = http.request({
      createConnection: () => socket,
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...withoutHopHeaders(request.headers), host: url.host, connection: 'close' },
      setHost: false,
    })
    outgoing.setTimeout(idleTimeoutMs, () => outgoing.destroy())
    outgoing.on('error', () => {
      if (response.headersSent) response.destroy()
      else answerFault(response, 'the host broke off')
    })
    outgoing.on('response', (incoming) => {
      incoming.on('error', () => response.destroy())
      if (!beginAnswer(response, incoming)) return void outgoing.destroy()
      incoming.pipe(response)
    })
    // a host that would speak another protocol from now on
    outgoing.on('upgrade', (_incoming, far) => {
      far.destroy()
      answerFault(response, 'the host wants another protocol')
    })
    response.on('close', () => outgoing.destroy())
    request.pipe(outgoing)
  }

  async function dialAndTell(target: { host: string; port: number }): Promise<Dialled> {
    const dialled = await dial(target)
    const key = `${target.host}:${target.port}`
    if (dialled.type === 'refused' && !told.has(key) && told.size < maxRefusalsTold) {
      told.add(key)
      try {
        onRefused({ ...target, reason: dialled.reason })
      } catch (error) {
        // a log that cannot be written is the harness's fault, and no answer for whoever asked; it is told at the end
        faults.push(error)
      }
    }
    return dialled
  }

  function track(socket: Duplex): void {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
}

function answerFault(response: http.ServerResponse, text: string): void {
  response.writeHead(502, { 'content-type': 'text/plain', connection: 'close' }).end(`${text}\n`)
}

/** Node refuses to pass on what is no answer in HTTP, such as status 099; false then, and the caller hears 502. */
function beginAnswer(response: http.ServerResponse, incoming: http.IncomingMessage): boolean {
  try {
    response.writeHead(incoming.statusCode ?? 0, withoutHopHeaders(incoming.headers))
    return true
  } catch {
    answerFault(response, 'the host gave no valid answer')
    return false
  }
}

/** `host:port`; whatever else it is becomes a host that no list has, and port 0. */
function parseAuthority(text: string): { host: string; port: number } {
  const match = /^([^:]{1,253}|\[[^\]]{1,60}\]):(\d{1,5})$/.exec(text)
  return match === null
    ? { host: plainName(text), port: 0 }
    : { host: plainName(match[1] ?? ''), port: Number(match[2]) }
}

/** As lists write it: in lower case, without the dot of the root; fit to be shown, whatever a command asked for. */
function plainName(host: string): string {
  return host
    .slice(0, maxHostLength)
    .toLowerCase()
    .replace(/\.$/, '')
    .replaceAll(/[^a-z0-9._:[\]-]/g, '?')
}

function describeRefusal(
  { host, port }: { host: string; port: number },
  dialled: Exclude<Dialled, { type: 'connected' }>,
): { status: 403 | 502; text: string } {
  return { status: dialled.type === 'refused' ? 403 : 502, text: `${host}:${port}: ${dialled.reason}\n` }
}

const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Headers that are meant for the next hop alone stay here. */
function withoutHopHeaders(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const listed = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name) && !listed.has(name)))
}
