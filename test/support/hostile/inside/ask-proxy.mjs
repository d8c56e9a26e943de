// Asks a proxy for what it must not give. The test's own server stands for the one host that is allowed.
import net from 'node:net'
import { tell } from './tell.mjs'

const { hostname, port } = new URL(process.argv[2] ?? '')

/** @param {string} bytes */
function ask(bytes) {
  return new Promise((resolve) => {
    let got = ''
    const socket = net.connect(Number(port), hostname)
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('data', (chunk) => (got += chunk.toString('latin1')))
    socket.on('error', () => null)
    socket.on('close', () => resolve([...got.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))))
    socket.write(bytes)
  })
}
const get = (/** @type {string} */ url, /** @type {string[]} */ ...headers) =>
  ask([`GET ${url} HTTP/1.1`, 'Host: allowed.test', 'Connection: close', ...headers, '', ''].join('\r\n'))
const connect = (/** @type {string} */ authority) => ask(`CONNECT ${authority} HTTP/1.1\r\nHost: allowed.test\r\n\r\n`)

tell('allowed', await get('http://allowed.test/'))
for (const host of [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[::1]',
  '127.0.0.1',
  '127.1',
  '0',
  '\uff11\uff16\uff19.254.169.254',
  'localhost',
  'other.test',
  'allowed.test.other.test',
  'xallowed.test',
  'allowed.test%00.other.test',
  'other.test#allowed.test',
  'allowed.test@other.test',
  'allowed.test\\@other.test',
]) {
  const bytes = Buffer.from(host).toString('latin1')
  tell(`get ${host}`, await get(`http://${bytes}/`))
  tell(`connect ${host}`, await connect(`${bytes}:443`))
}
for (const name of [
  'loopback',
  'metadata',
  'mapped',
  'unique-local',
  'translated',
  'sixtofour',
  'private',
  'shared',
  'zero',
])
  for (const way of ['get', 'connect'])
    tell(`${way} ${name}`, await (way === 'get' ? get(`http://${name}.test/`) : connect(`${name}.test:443`)))
for (const at of [22, 25, 8080, 0, 65_536]) tell(`port ${at}`, await connect(`allowed.test:${at}`))
tell('port 22 by get', await get('http://allowed.test:22/'))
for (const address of ['ftp://allowed.test/', 'file:///etc/passwd', 'https://allowed.test/', '/relative', '*'])
  tell(`address ${address}`, await get(address))
tell('another host in a header', await get('http://other.test/', 'X-Forwarded-Host: allowed.test'))
tell(
  'a second request behind the first',
  await ask(
    'GET http://allowed.test/1 HTTP/1.1\r\nHost: a\r\n\r\nGET http://other.test/2 HTTP/1.1\r\nHost: allowed.test\r\nConnection: close\r\n\r\n',
  ),
)
tell(
  'two lengths',
  await ask(
    'POST http://allowed.test/smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET http://other.test/ HTTP/1.1\r\n\r\n',
  ),
)
tell('a line break in the address', await ask('GET http://allowed.test/\rHost: other.test HTTP/1.1\r\nHost: a\r\n\r\n'))
// for the name whose addresses change from one question to the next
for (let index = 0; index < 4; index += 1) tell(`rebinding ${index}`, await get('http://rebinding.test/'))
