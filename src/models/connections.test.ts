import { expect, test } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import type { ProviderSpec } from '../schema/config.ts'
import { connectProvider, type Secrets } from './connections.ts'
import { providers } from './index.ts'

const connect = (model: string, specs: Record<string, ProviderSpec> = {}, secrets: Secrets = {}) =>
  connectProvider({ model }, specs, secrets)

test('a known provider has its own address and the key of its own variable', () => {
  const connected = connect('anthropic/claude-3-7-sonnet', {}, { ANTHROPIC_API_KEY: 'k1', OPENAI_API_KEY: 'k2' })
  expect(connected).toEqual({
    name: 'anthropic',
    provider: providers.anthropic,
    connection: { baseUrl: 'https://api.anthropic.com/v1', apiKey: 'k1' },
    concurrency: 8,
    wires: ['anthropic-messages'],
  })
})

test('the configuration may move a known provider and bound its requests', () => {
  const specs = { openai: { baseUrl: 'http://127.0.0.1:9/v1', keyVariable: 'PROXY_KEY', concurrency: 2 } }
  const { connection, concurrency } = connect('openai/o4-mini', specs, { PROXY_KEY: 'k', OPENAI_API_KEY: 'other' })
  expect(connection).toEqual({ baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k' })
  expect(concurrency).toBe(2)
})

test.each([
  ['missing', {}],
  ['empty', { OPENROUTER_API_KEY: '' }],
])('a key that is %s is asked for by the name of its variable', (_, secrets) => {
  const attempt = (): unknown => connect('openrouter/qwen/qwen3', {}, secrets)
  expect(attempt).toThrow(PrerequisiteError)
  expect(attempt).toThrow('openrouter/qwen/qwen3 needs a key: set OPENROUTER_API_KEY')
})

test.each(['nobody/model', 'constructor/model', 'toString/model'])(
  '%s has no provider, and the known ones are named',
  (model) => {
    const attempt = (): unknown => connect(model, { lab: { kind: 'openai-compatible' } })
    expect(attempt).toThrow(PrerequisiteError)
    expect(attempt).toThrow(/no provider .*; there are: openai, anthropic, .*scripted, lab\./)
  },
)

test('a server without an address is asked for one', () => {
  expect(() => connect('openai-compatible/qwen3')).toThrow('--provider-url openai-compatible=http://')
})

test('a provider of the user’s own is one by its kind, with a name of its own', () => {
  const specs: Record<string, ProviderSpec> = {
    lab: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' },
    mirror: { kind: 'anthropic', keyVariable: 'MIRROR_KEY' },
  }
  const lab = connect('lab/qwen3', specs)
  expect(lab).toMatchObject({ name: 'lab', connection: { baseUrl: 'http://127.0.0.1:9/v1', apiKey: null } })
  expect(lab.provider).toBe(providers['openai-compatible'])
  const mirror = connect('mirror/claude', specs, { MIRROR_KEY: 'k', ANTHROPIC_API_KEY: 'other' })
  expect(mirror.provider).toBe(providers.anthropic)
  expect(mirror.connection.apiKey).toBe('k')
})

test('a provider of the user’s own without a kind is told that it needs one', () => {
  expect(() => connect('lab/qwen3', { lab: { baseUrl: 'http://127.0.0.1:9/v1' } })).toThrow('"lab" needs a kind')
})

test('a compatible server needs a key only when its variable is named', () => {
  const baseUrl = 'http://127.0.0.1:9/v1'
  const own = { lab: { kind: 'openai-compatible' as const, baseUrl, keyVariable: 'LAB_KEY' } }
  expect(() => connect('lab/qwen3', own)).toThrow('set LAB_KEY')
  expect(connect('lab/qwen3', own, { LAB_KEY: 'k' }).connection.apiKey).toBe('k')
  const keyed = connect('openai-compatible/x', { 'openai-compatible': { baseUrl } }, { OPENAI_COMPATIBLE_API_KEY: 'k' })
  expect(keyed.connection.apiKey).toBe('k')
})

test.each(['ollama/qwen3', 'scripted/honest'])('%s needs no key', (model) => {
  expect(connect(model).connection.apiKey).toBeNull()
})
