import { chmod, stat } from 'node:fs/promises'
import { once } from 'node:events'
import net from 'node:net'
import { dirname, join } from 'node:path'
import { type Bind, insidePaths } from './enclosure.ts'
import type { RelayInstruction } from './relay-protocol.ts'

/** How commands reach sockets of the harness. */
export interface Endpoints extends AsyncDisposable {
  /** By name: `http://127.0.0.1:<port>`. */
  readonly urls: Readonly<Record<string, string>>
  /** What the relay has to listen on; empty where the harness does it. */
  readonly listeners: RelayInstruction['listeners']
  readonly binds: readonly Bind[]
}

/** Inside, where nothing else listens yet. */
const firstPort = 18_400
const maxConnections = 256

/**
 * With a loopback of their own commands find the sockets through their relay, on the same ports in each; where they share
 * that of the harness, the harness itself listens, on ports that are free.
 * @param sockets paths by name
 */
export async function openEndpoints(
  sockets: Readonly<Record<string, string>>,
  { sharesLoopback }: { sharesLoopback: boolean },
): Promise<Endpoints> {
  const entries = Object.entries(sockets)
  for (const [name] of entries)
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) throw new TypeError(`"${name}" cannot be the name of an endpoint`)
  if (sharesLoopback) return listenHere(entries)

  for (const [, path] of entries) await openToSandbox(path)
  const listeners = entries.map(([name], index) => ({
    port: firstPort + index,
    socket: join(insidePaths.sockets, name),
  }))
  return {
    urls: Object.fromEntries(entries.map(([name], index) => [name, `http://127.0.0.1:${firstPort + index}`])),
    listeners,
    binds: entries.map(([name, from]) => ({ type: 'socket', from, at: join(insidePaths.sockets, name) })),
    async [Symbol.asyncDispose]() {},
  }
}

/**
 * Commands may run as another user, who must be able to write to the socket; a folder that is closed to all others keeps
 * the rest of the machine away from it.
 */
async function openToSandbox(path: string): Promise<void> {
  if (!(await isClosedToOthers(dirname(path))))
    throw new Error(
      `everyone on this machine can reach ${path}: put the socket into a folder that only its owner can enter`,
    )
  await chmod(path, 0o666)
}

async function isClosedToOthers(folder: string): Promise<boolean> {
  const { mode } = await stat(folder)
  if ((mode & 0o011) === 0) return true
  return dirname(folder) === folder ? false : isClosedToOthers(dirname(folder))
}

async function listenHere(entries: readonly (readonly [string, string])[]): Promise<Endpoints> {
  const servers: net.Server[] = []
  const connections = new Set<net.Socket>()
  const urls: Record<string, string> = {}
  for (const [name, path] of entries) {
    const server = net.createServer({ allowHalfOpen: true }, (near) => connect(near, path))
    server.maxConnections = maxConnections
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    urls[name] = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`
  }
  return {
    urls,
    listeners: [],
    binds: [],
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }

  function connect(near: net.Socket, path: string): void {
    const far = net.connect({ path, allowHalfOpen: true })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      connections.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        connections.delete(socket)
        other.destroySoon()
      })
      socket.pipe(other)
    }
  }
}
