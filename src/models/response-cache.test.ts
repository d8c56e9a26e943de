import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashJson } from '../base/hash.ts'
import type { ModelReply } from './model.ts'
import { openResponseCache } from './response-cache.ts'

const reply: ModelReply = {
  callId: 'call-1',
  text: 'Grüße, 世界\n',
  toolCalls: [{ toolCallId: 't1', toolName: 'bash', input: { command: 'ls' } }],
  messages: [
    {
      role: 'assistant',
      content: [
        {
          type: 'reasoning',
          text: '',
          providerOptions: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'x' } },
        },
        { type: 'tool-call', toolCallId: 't1', toolName: 'bash', input: { command: 'ls' } },
      ],
    },
  ],
  finishReason: 'tool-calls',
  responseModel: null,
  usage: { inputTokens: 3, outputTokens: null, cachedReadTokens: 0, cachedWriteTokens: null, reasoningTokens: 1 },
  costUsd: null,
  latencyMs: 12,
  retries: 2,
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-cache-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a reply is read again as it was written, unknown numbers and thoughts included', async () => {
  const key = hashJson({ question: 1 })
  await openResponseCache(folder).write(key, reply)
  expect(await openResponseCache(folder).read(key)).toEqual(reply)
})

test('a key that was never written has no reply', async () => {
  const cache = openResponseCache(join(folder, 'not-there'))
  expect(await cache.read(hashJson({ question: 1 }))).toBeNull()
})

test.each([
  ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['of another version', (text: string) => text.replace('cached-reply@1', 'cached-reply@0')],
  ['without its usage', (text: string) => text.replace('"usage"', '"use"')],
])('a damaged entry, %s, is as good as none and is replaced', async (_, damage) => {
  const cache = openResponseCache(folder)
  const key = hashJson({ question: 1 })
  await cache.write(key, reply)
  const [path] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'))
  await writeFile(join(folder, path ?? ''), damage(JSON.stringify({ schema: 'mlrbench/cached-reply@1', reply })))
  expect(await cache.read(key)).toBeNull()
  await cache.write(key, reply)
  expect(await cache.read(key)).toEqual(reply)
})
