import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { anthropicMessages } from './wire/anthropic-messages.ts'
import { googleGenerateContent } from './wire/google-generate-content.ts'
import { openaiChat } from './wire/openai-chat.ts'
import { openaiResponses } from './wire/openai-responses.ts'
import {
  type Answer,
  isRecord,
  nowSeconds,
  stringOf,
  type WireEvent,
  type WireFormat,
  type WireRequest,
  type WireUsage,
} from './wire/wire-format.ts'
import { toAnswer, upTo, type WireReply } from './wire/wire-reply.ts'

export type { WireReply, WireRequest, WireUsage }

export interface ProviderServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`; the APIs are below `/v1`, as OpenRouter has them below `/api/v1`, and Google's below `/v1beta`. */
  readonly origin: string
  readonly requests: readonly WireRequest[]
}

const formats = [openaiResponses, openaiChat, anthropicMessages] satisfies WireFormat[]

/**
 * A provider on this machine that speaks the protocols of the real ones and says what `answer` tells it to.
 * When `answer` throws, the caller gets status 500 and disposing the server rejects with the error.
 */
export async function startProviderServer(
  answer: (request: WireRequest) => WireReply | Promise<WireReply>,
): Promise<ProviderServer> {
  const requests: WireRequest[] = []
  const failures: unknown[] = []
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      failures.push(error)
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { error: { message: `the test's answer failed: ${String(error)}` } })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')

  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      if (failures.length > 0) throw failures[0]
    },
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').replace(/\?.*$/, '').replace(/^((\/api)?\/v1|\/v1beta)(?=\/)/, '')
    const target = findTarget(path)
    if (incoming.method === 'GET' && path === '/models') return sendJson(response, 200, modelList())
    if (incoming.method !== 'POST' || target === null) return sendJson(response, 404, openaiChat.errorBody(404))
    const { format } = target
    const request = await readRequest(incoming, { target, index: requests.length })
    if (request === null) return sendJson(response, 400, format.errorBody(400))
    requests.push(request)
    await send(response, { format, request, reply: await answer(request) })
  }
}

/** What a path asks for; `named` where the model and the wish to stream stand in the path. */
interface Target extends Pick<WireRequest, 'operation'> {
  readonly format: WireFormat
  readonly named: Pick<WireRequest, 'model' | 'stream'> | null
}

function findTarget(path: string): Target | null {
  const [, model, verb] = /^\/models\/([^:]+):(generateContent|streamGenerateContent|countTokens)$/.exec(path) ?? []
  if (model !== undefined)
    return {
      format: googleGenerateContent,
      operation: verb === 'countTokens' ? 'count' : 'generate',
      named: { model: decodeURIComponent(model), stream: verb === 'streamGenerateContent' },
    }
  if (path === '/messages/count_tokens') return { format: anthropicMessages, operation: 'count', named: null }
  const format = formats.find((candidate) => candidate.path === path)
  return format === undefined ? null : { format, operation: 'generate', named: null }
}

interface Exchange {
  readonly format: WireFormat
  readonly request: WireRequest
  readonly reply: WireReply
}

/** Null when the body is not a JSON object, or when the caller left before the end of it. */
async function readRequest(
  incoming: IncomingMessage,
  { target, index }: { target: Target; index: number },
): Promise<WireRequest | null> {
  const body = parseJson(await readText(incoming).catch(() => ''))
  if (!isRecord(body)) return null
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const)
  const { format, operation, named } = target
  return {
    api: format.api,
    operation,
    path: incoming.url ?? '',
    model: named?.model ?? stringOf(body['model']),
    stream: named?.stream ?? body['stream'] === true,
    headers: Object.fromEntries(headers),
    body,
    ...format.read(body),
    index,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function send(response: ServerResponse, { format, request, reply }: Exchange): Promise<void> {
  switch (reply.kind) {
    case 'message':
      await sleep(reply.delayMs ?? 0, undefined, { ref: false })
      if (request.operation === 'count') return sendCount(response, request, reply.usage?.input ?? 0)
      return sendAnswer(response, { format, request }, toAnswer(reply))
    case 'refusal':
      return sendAnswer(response, { format, request }, { ...toAnswer(reply), refused: true })
    case 'empty':
      return sendAnswer(response, { format, request }, toAnswer({ text: '', usage: reply.usage }))
    case 'status':
      return sendText(response, {
        status: reply.status,
        body: reply.body ?? JSON.stringify(format.errorBody(reply.status)),
        headers: reply.retryAfterSeconds === undefined ? {} : { 'retry-after': String(reply.retryAfterSeconds) },
      })
    case 'html':
      return sendText(response, {
        status: reply.status,
        body: `<html><head><title>${reply.status}</title></head><body><h1>The proxy has no answer</h1></body></html>`,
        headers: { 'content-type': 'text/html' },
      })
    case 'invalid-json':
      if (request.stream) return endStream(response, ['data: {"id": not json\n\n'])
      return sendText(response, { status: 200, body: '{"id": not json' })
    case 'wrong-shape':
      if (request.stream) return endStream(response, ['data: {"ok":true}\n\n'])
      return sendJson(response, 200, { ok: true })
    case 'cut':
    case 'cut-clean':
      return sendPart(response, { format, request }, reply)
    case 'stream-error': {
      const error = { message: reply.message, code: reply.code ?? null }
      if (!request.stream) {
        const { status, body } = format.failure(request, error)
        return sendJson(response, status, body)
      }
      const before = eventsUntil({ format, request }, reply.text ?? 'The first words')
      return endStream(response, [...before, ...format.streamError(request, error, before.length)].map(sse))
    }
    case 'silence':
      if (request.stream && reply.text !== undefined)
        beginStream(response, eventsUntil({ format, request }, reply.text).map(sse))
      return
    case 'bytes':
      response.writeHead(200, { 'content-type': reply.contentType })
      response.flushHeaders()
      for (const bytes of reply.writes) {
        response.write(bytes)
        await sleep(2, undefined, { ref: false })
      }
      response.end()
      return
    case 'redirect':
      response.writeHead(307, { location: reply.location }).end()
      return
    case 'reset':
      response.destroy()
      return
  }
}

type Call = Pick<Exchange, 'format' | 'request'>

function sendCount(response: ServerResponse, { api }: WireRequest, tokens: number): void {
  sendJson(response, 200, api === 'anthropic-messages' ? { input_tokens: tokens } : { totalTokens: tokens })
}

function sendAnswer(response: ServerResponse, { format, request }: Call, answer: Answer): void {
  if (request.stream) endStream(response, format.events(request, answer).map(sse))
  else sendJson(response, 200, format.answer(request, answer))
}

function sendPart(
  response: ServerResponse,
  { format, request }: Call,
  reply: Extract<WireReply, { kind: 'cut' | 'cut-clean' }>,
): void {
  const answer = toAnswer(reply, reply.afterCharacters)
  const body = JSON.stringify(format.answer(request, answer))
  const part = request.stream
    ? upTo(format.events(request, answer), reply.afterCharacters).map(sse)
    : [body.slice(0, body.length / 2)]
  if (request.stream) beginStream(response, [])
  else response.writeHead(200, { 'content-type': 'application/json' })
  if (reply.kind === 'cut-clean') response.end(part.join(''))
  // Only what has left this process can reach the client before the connection breaks.
  else response.write(part.join(''), () => response.destroy())
}

/** The events that say exactly this, and no more. */
function eventsUntil({ format, request }: Call, text: string): WireEvent[] {
  if (text === '') return []
  const usage = { input: 1, output: 1 }
  return upTo(format.events(request, toAnswer({ text, usage })), text.length)
}

function sse({ name, data }: WireEvent): string {
  const payload = typeof data === 'string' ? data : JSON.stringify(data)
  return `${name === null ? '' : `event: ${name}\n`}data: ${payload}\n\n`
}

function beginStream(response: ServerResponse, lines: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  response.flushHeaders()
  for (const line of lines) response.write(line)
}

function endStream(response: ServerResponse, lines: string[]): void {
  beginStream(response, lines)
  response.end()
}

function sendText(
  response: ServerResponse,
  { status, body, headers = {} }: { status: number; body: string; headers?: Record<string, string> },
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, { status, body: JSON.stringify(body) })
}

function modelList(): Record<string, unknown> {
  const model = { id: 'loopback', object: 'model', created: nowSeconds(), owned_by: 'loopback' }
  return { object: 'list', data: [model] }
}
