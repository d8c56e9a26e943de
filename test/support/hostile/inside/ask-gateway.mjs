// Asks the gateway for everything but what it is for, byte by byte as no client would. Every answer is kept in the workspace.
import fs from 'node:fs'
import net from 'node:net'
import { tell } from './tell.mjs'

const { hostname, port } = new URL(process.env['OPENAI_BASE_URL'] ?? '')
const token = process.env['OPENAI_API_KEY']
const [elsewhere = ''] = process.argv.slice(2)
const model = 'gpt-4o-mini'
const auth = `Authorization: Bearer ${token}`

/**
 * @param {string} name
 * @param {string} bytes
 */
async function ask(name, bytes) {
  const answer = await new Promise((resolve) => {
    let got = ''
    const socket = net.connect(Number(port), hostname)
    socket.setTimeout(4_000, () => socket.destroy())
    socket.on('data', (chunk) => (got += chunk.toString('latin1')))
    socket.on('error', () => null)
    socket.on('close', () => resolve(got))
    socket.write(bytes)
  })
  fs.appendFileSync('answers', `${name}\n${answer}\n`)
  tell(
    name,
    [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status)),
  )
}

/**
 * @param {string} content
 * @param {{ path?: string, method?: string, headers?: string[], body?: object, length?: boolean }} [change]
 */
function request(content, change = {}) {
  const { path = '/coder/openai/v1/chat/completions', method = 'POST', headers = [auth], length = true } = change
  const body = JSON.stringify(change.body ?? { model, max_tokens: 10, messages: [{ role: 'user', content }] })
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: gateway', 'Content-Type: application/json', 'Connection: close']
  if (length) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  return [...lines, ...headers, '', body].join('\r\n')
}

await ask('no token', request('x', { headers: [] }))
await ask('wrong token', request('x', { headers: ['Authorization: Bearer dummy'] }))
await ask('the token in a place of nobody', request('x', { headers: [`Cookie: key=${token}`] }))
await ask('a folder above', request('x', { path: '/coder/openai/v1/../../v1/chat/completions' }))
await ask('a folder above, encoded', request('x', { path: '/coder/openai/v1/%2e%2e/%2e%2e/files' }))
await ask('no caller', request('x', { path: '/v1/chat/completions' }))
await ask('an unknown caller', request('x', { path: '/judge/openai/v1/chat/completions' }))
await ask('a caller without a route', request('x', { path: '/experiment-code/openai/v1/chat/completions' }))
for (const path of ['files', 'batches', 'fine_tuning/jobs', 'assistants', 'vector_stores', 'organization/api_keys'])
  await ask(`openai ${path}`, request('x', { path: `/coder/openai/v1/${path}` }))
await ask('openai files, read', request('x', { path: '/coder/openai/v1/files', method: 'GET' }))
await ask('anthropic files', request('x', { path: '/coder/anthropic/v1/files' }))
await ask('google files', request('x', { path: '/coder/google/v1beta/files' }))
await ask(
  'a path in the name of a model',
  request('x', { path: '/coder/google/v1beta/models/..%2f..%2ffiles:generateContent' }),
)
await ask('another model', request('x', { body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] } }))
await ask(
  'a line break in the name of a model',
  request('x', { body: { model: `${model}\r\nX-Evil: 1`, messages: [] } }),
)
await ask('an address in full', request('x', { path: `${elsewhere}/v1/chat/completions` }))
await ask('a tunnel', `CONNECT ${elsewhere.replace('http://', '')} HTTP/1.1\r\nHost: x\r\n${auth}\r\n\r\n`)
await ask('a websocket', request('x', { method: 'GET', headers: [auth, 'Upgrade: websocket'] }))
await ask('trace', request('x', { method: 'TRACE' }))
await ask('delete', request('x', { method: 'DELETE' }))
await ask(
  'both lengths',
  request('x', { headers: [auth, 'Transfer-Encoding: chunked'] }).replace('\r\n\r\n', '\r\n\r\n0\r\n\r\n'),
)
await ask('two lengths', request('x', { headers: [auth, 'Content-Length: 1'] }))
await ask('a folded header', request('x', { headers: [auth, 'anthropic-beta: a,', ' files-api'] }))
await ask('a header without end', `POST / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`)
await ask('no http', 'hello\r\n\r\n')
// these go out, and the provider answers with all that it was sent
await ask(
  'echo, status 400',
  request('echo 400', { headers: [auth, 'X-Forwarded-Host: evil.example', 'Cookie: a=b', 'X-Api-Key: mine'] }),
)
await ask('echo, status 500', request('echo 500'))
await ask('redirect', request('redirect'))
await ask('echo, status 401', request('echo 401'))
await ask('after the provider refused the key', request('x'))
