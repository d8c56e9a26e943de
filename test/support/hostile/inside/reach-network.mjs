// Tries to leave by every kind of socket that Node knows. Its argument says where servers of the test listen.
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import net from 'node:net'
import { tell } from './tell.mjs'

const { tcp, udp, abstract, socket, addresses } = JSON.parse(process.argv[2] ?? '')

/** @param {net.NetConnectOpts} where */
function connect(where) {
  return new Promise((resolve) => {
    const socket_ = net.connect(where)
    socket_.setTimeout(2_000, () => (socket_.destroy(), resolve('silence')))
    socket_.on('connect', () => (socket_.destroy(), resolve('connected')))
    socket_.on('error', (error) => resolve('code' in error ? error.code : error.message))
  })
}

tell(
  'interfaces',
  fs
    .readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .slice(2, -1)
    .map((line) => line.trim().split(':')[0]),
)
for (const host of ['127.0.0.1', '::1', '0.0.0.0', ...addresses])
  tell(`host's service at ${host}`, await connect({ host, port: tcp }))
for (const [host, port] of [
  ['169.254.169.254', 80],
  ['fd00:ec2::254', 80],
  ['192.0.2.1', 443],
])
  tell(`${host}`, await connect({ host: String(host), port: Number(port) }))
tell('abstract socket', await connect({ path: `\0${abstract}` }))
tell('another gateway', await connect({ path: socket }))
tell(
  'name',
  await new Promise((resolve) => dns.lookup('example.org', (error) => resolve(error === null ? 'found' : error.code))),
)
const resolver = new dns.Resolver({ timeout: 500, tries: 1 })
resolver.setServers(['192.0.2.53'])
tell(
  'name, asked directly',
  await new Promise((resolve) => resolver.resolve4('example.org', (error) => resolve(error?.code ?? 'found'))),
)
// whether the datagram arrives is for the test to say
const datagrams = dgram.createSocket('udp4')
tell(
  'datagram',
  await new Promise((resolve) =>
    datagrams.send('escaped', udp, '127.0.0.1', (error) => resolve(error === null ? 'sent' : 'refused')),
  ),
)
datagrams.close()
