import dns from 'node:dns/promises'
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { matchHosts } from './egress-hosts.ts'
import { isPublicAddress } from './public-address.ts'

/** How names become connections; tests put a loopback server in the place of the internet. */
export interface Internet {
  /** All addresses of a name. Rejects when it has none. */
  resolve(host: string): Promise<readonly string[]>
  /** Begins to connect to an address. */
  connect(address: string, port: number): net.Socket
}

export const theInternet: Internet = {
  async resolve(host) {
    return (await dns.lookup(host, { all: true })).map(({ address }) => address)
  },
  connect: (address, port) => net.connect({ host: address, port, allowHalfOpen: true }),
}

export type Dialled =
  | { readonly type: 'connected'; readonly socket: net.Socket }
  /** Against the rules. */
  | { readonly type: 'refused'; readonly reason: string }
  /** Allowed, but the host cannot be found or reached. */
  | { readonly type: 'failed'; readonly reason: string }

const openPorts = new Set([80, 443])
const resolveTimeoutMs = 15_000
const connectTimeoutMs = 15_000
const maxAddresses = 4

/**
 * Connects to a host of the list, on a port of the web. The name is resolved here, once, and the connection goes to the
 * very address that was found public: a name that is given other addresses from one moment to the next gains nothing.
 */
export function dialAllowed(
  allow: readonly string[],
  internet: Internet,
): (target: { host: string; port: number }) => Promise<Dialled> {
  const isAllowed = matchHosts(allow)
  return async ({ host, port }) => {
    if (net.isIP(host.replace(/^\[|\]$/g, '')) !== 0) return { type: 'refused', reason: 'an address, not a name' }
    if (!isAllowed(host)) return { type: 'refused', reason: 'not among the hosts that are allowed' }
    if (!openPorts.has(port)) return { type: 'refused', reason: `port ${port} is neither 80 nor 443` }
    const addresses = await resolveInTime(internet, host)
    if (addresses.length === 0) return { type: 'failed', reason: 'the name cannot be resolved' }
    const open = addresses.filter(isPublicAddress)
    if (open.length === 0) return { type: 'refused', reason: 'its address is not a public one' }
    for (const address of open.slice(0, maxAddresses)) {
      const socket = await connectInTime(internet.connect(address, port))
      if (socket !== null) return { type: 'connected', socket }
    }
    return { type: 'failed', reason: 'the host cannot be reached' }
  }
}

async function resolveInTime(internet: Internet, host: string): Promise<readonly string[]> {
  const resolving = internet.resolve(host).catch(() => [])
  return Promise.race([resolving, sleep(resolveTimeoutMs, [], { ref: false })])
}

async function connectInTime(socket: net.Socket): Promise<net.Socket | null> {
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) })
    return socket
  } catch {
    // Refused, unreachable or too slow: the next address may do better.
    socket.on('error', () => null).destroy()
    return null
  }
}
