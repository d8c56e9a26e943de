import net from 'node:net'

/** Loaded into every test process and every command that a test starts: a connection that would leave this machine fails. */
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

// kept to be called with each socket as its `this`
// oxlint-disable-next-line typescript/unbound-method
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [first] = (Array.isArray(args[0]) ? args[0] : args) as [unknown]
  if (typeof first === 'object' && first !== null && 'host' in first && typeof first.host === 'string') {
    if (!loopback.has(first.host)) throw new Error(`a test tried to reach ${first.host}; only this machine is allowed`)
  }
  return Reflect.apply(connect, this, args) as net.Socket
} as typeof connect
