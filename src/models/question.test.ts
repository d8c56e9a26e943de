import { tool, type ToolSet } from 'ai'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ModelSettings, modelSettingsSchema } from '../schema/config.ts'
import type { ModelRequest } from './model.ts'
import { questionKey, sizeOf } from './question.ts'

const settings = modelSettingsSchema.parse({ model: 'openai/o4-mini' })
const shell = (description: string, field: string, name = 'bash') =>
  ({ [name]: tool({ description, inputSchema: z.object({ [field]: z.string() }) }) }) as ToolSet
const request: ModelRequest = {
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Why?' }],
  tools: shell('Runs a command.', 'command'),
  jsonSchema: { name: 'review', schema: { type: 'object' } },
  maxOutputTokens: 100,
}

interface Change {
  readonly settings?: Partial<ModelSettings>
  readonly request?: Partial<ModelRequest>
  readonly scope?: string | null
}

const key = (change: Change = {}) =>
  questionKey({ ...settings, ...change.settings }, { ...request, ...change.request }, change.scope ?? 'trial-1')

describe('the key of a question', () => {
  test('is the same for the same question', async () => {
    expect(await key()).toBe(await key())
    expect(await key()).toBe(await key({ request: { tools: shell('Runs a command.', 'command') } }))
  })

  test.each<[string, Change]>([
    ['the scope', { scope: 'trial-2' }],
    ['the model', { settings: { model: 'openai/gpt-5' } }],
    ['the temperature', { settings: { temperature: 0 } }],
    ['the reasoning effort', { settings: { reasoning: 'high' } }],
    ['the interface', { settings: { api: 'chat' } }],
    ["the settings' limit on output", { settings: { maxOutputTokens: 50 } }],
    ["the request's limit on output", { request: { maxOutputTokens: 101 } }],
    ['the system message', { request: { system: 'Be long.' } }],
    ['the messages', { request: { messages: [{ role: 'user', content: 'Why not?' }] } }],
    ['the name of the schema', { request: { jsonSchema: { name: 'other', schema: { type: 'object' } } } }],
    ['the schema', { request: { jsonSchema: { name: 'review', schema: { type: 'array' } } } }],
    ['web search', { request: { search: true } }],
    ['the tools', { request: { tools: { ...request.tools, ...shell('Runs a command.', 'command', 'sh') } } }],
    ["a tool's description", { request: { tools: shell('Runs a program.', 'command') } }],
    ["a tool's arguments", { request: { tools: shell('Runs a command.', 'script') } }],
  ])('changes with %s', async (_, change) => {
    expect(await key(change)).not.toBe(await key())
  })

  test.each<[string, Change]>([
    ['streaming', { settings: { stream: false } }],
    ['the time-out', { settings: { timeoutMs: 1 } }],
  ])('does not change with %s, which no answer depends on', async (_, change) => {
    expect(await key(change)).toBe(await key())
  })
})

describe('the size of a request', () => {
  test('counts bytes, not characters, of all that is sent as text', async () => {
    const bare = { system: '', messages: [], maxOutputTokens: 1 }
    const empty = (await sizeOf(bare)).textBytes
    expect((await sizeOf({ ...bare, system: '世界' })).textBytes).toBe(empty + 6)
    for (const part of ['tools', 'jsonSchema'] as const) {
      const { textBytes } = await sizeOf({ ...bare, [part]: request[part] })
      expect(textBytes).toBeGreaterThan(empty + 20)
    }
  })

  test('counts images one by one, however large', async () => {
    const image = { type: 'file' as const, mediaType: 'image/png', data: 'A'.repeat(100_000) }
    const content = [{ type: 'text' as const, text: 'Look' }, image, image]
    const { images, textBytes } = await sizeOf({ ...request, messages: [{ role: 'user', content }] })
    expect(images).toBe(2)
    expect(textBytes).toBeLessThan(2_000)
  })
})
