import { createServer } from 'node:http'

/** A provider in a process of its own, which streams each answer as fast as it is taken. Prints its port. */
const eventsAnAnswer = 200
const usage = { input_tokens: 1_000, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
const event = (data: Record<string, unknown>): string =>
  `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`
const start = event({ type: 'message_start', message: { model: 'bench', usage: { ...usage, output_tokens: 1 } } })
const words = event({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: 'some four words of text ' },
})
const end = [
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { ...usage, output_tokens: 800 } }),
  event({ type: 'message_stop' }),
].join('')

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(start)
    for (let sent = 0; sent < eventsAnAnswer; sent += 1) response.write(words)
    response.end(end)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${address === null || typeof address === 'string' ? '' : address.port}\n`)
})
