import net from 'node:net'

/**
 * Every test process: a connection that would leave this machine fails, and provider keys found in the environment are
 * removed before any test can read them.
 */
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

for (const name of Object.keys(process.env)) if (/_(API_)?(KEY|TOKEN)$/.test(name)) delete process.env[name]

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [first] = (Array.isArray(args[0]) ? args[0] : args) as [unknown]
  if (typeof first === 'object' && first !== null && 'host' in first && typeof first.host === 'string') {
    if (!loopback.has(first.host)) throw new Error(`a test tried to reach ${first.host}; only this machine is allowed`)
  }
  return Reflect.apply(connect, this, args) as net.Socket
} as typeof connect
