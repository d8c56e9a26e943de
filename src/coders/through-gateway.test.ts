import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { startProviderServer } from '../../test/support/provider-server.ts'
import { skipUnless } from '../../test/support/require-tool.ts'
import { openGateway } from '../gateway/open-gateway.ts'
import { createBudget } from '../models/budget.ts'
import { openModelAccount } from '../models/model-account.ts'
import { defaultLimits, openSandbox, type SandboxName, sandboxes } from '../sandboxes/index.ts'
import { coderSpecSchema } from '../schema/config.ts'
import { type NewEvent, runEventSchema } from '../schema/event.ts'
import { claudeCode } from './claude-code.ts'
import { programCoder } from './run-program.ts'

/** Asks its model as often as its prompt says, prints what Claude Code would, and gives up when it is refused. */
const fakeProgram = `#!/usr/bin/env node
import { readFileSync } from 'node:fs'
const tell = (line) => console.log(JSON.stringify(line))
if (process.argv.includes('--version')) { console.log('1.0.0'); process.exit() }
const { calls, stubborn } = JSON.parse(readFileSync(0, 'utf8'))
for (let call = 1; call <= calls; call += 1) {
  const response = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model: process.env.ANTHROPIC_MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'and now?' }] }),
  })
  const reply = await response.json()
  const text = response.ok ? reply.content[0].text : response.status + ' ' + reply.error.message
  tell({ type: 'assistant', message: { id: 'm' + call, role: 'assistant', content: [{ type: 'text', text }] } })
  if (response.ok) continue
  if (stubborn) await new Promise((resolve) => setTimeout(resolve, 60_000))
  tell({ type: 'result', subtype: 'success', is_error: true, result: text })
  process.exit(1)
}
tell({ type: 'result', subtype: 'success', is_error: false, result: 'Finished.' })
`

const key = 'a-dummy-key-of-the-user'

let folder = ''
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'coder-')))
  for (const name of ['workspace', 'attempt', 'socket']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'fake.mjs'), fakeProgram)
  await chmod(join(folder, 'fake.mjs'), 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function play(
  prompt: { calls: number; stubborn?: boolean },
  { sandbox: name, spentUsd = 0 }: { sandbox: SandboxName; spentUsd?: number },
) {
  const usage = { input: 1_000, output: 100 }
  await using provider = await startProviderServer(() => ({ kind: 'message', text: 'Go on.', usage }))
  const spec = coderSpecSchema.parse({
    kind: 'claude-code',
    model: 'anthropic/claude-sonnet-4-5',
    program: join(folder, 'fake.mjs'),
    maxSteps: 2,
  })
  const account = openModelAccount({
    providers: { anthropic: { baseUrl: `${provider.origin}/v1` } },
    secrets: { ANTHROPIC_API_KEY: key },
    budget: createBudget(1, spentUsd),
  })
  const events: NewEvent[] = []
  const append = (event: NewEvent): void => {
    runEventSchema.parse({ ...event, at: new Date().toISOString() })
    events.push(event)
  }
  const coder = programCoder(claudeCode, { stopGraceMs: 300 })
  const { readOnly } = await coder.prepare(spec)
  const socketPath = join(folder, 'socket', 'gateway')
  const token = 'the-token-of-this-attempt'
  await using gateway = await openGateway({
    socketPath,
    token,
    account,
    routes: [
      {
        caller: 'coder',
        models: [spec.model],
        limits: { maxCalls: spec.maxSteps, maxTokens: null, maxCostUsd: null },
        used: { calls: 0, tokens: 0, costUsd: 0 },
      },
    ],
    attempt: 1,
    hostedTools: false,
    append,
  })
  const workspace = join(folder, 'workspace')
  await using sandbox = await openSandbox(name, {
    workspace,
    limits: defaultLimits,
    network: 'none',
    readOnly,
    sockets: { gateway: socketPath },
  })
  const result = await coder.run({
    spec,
    prompt: JSON.stringify(prompt),
    workspace,
    sandbox,
    models: openCalls(provider.origin).models,
    endpoint: { gateway, url: `${sandbox.endpoints['gateway']}/coder`, token, wire: 'anthropic-messages' },
    environment: {},
    attempt: 1,
    attemptFolder: join(folder, 'attempt'),
    cacheScope: 'one',
    spentUsd: 0,
    append,
    signal: new AbortController().signal,
  })
  return { result, events, requests: provider.requests.length }
}

const lacksBubblewrap = skipUnless('bubblewrap', await sandboxes.bubblewrap.unavailable())

describe.each<[SandboxName, boolean]>([
  ['host', false],
  ['bubblewrap', lacksBubblewrap],
])('a coder in the sandbox %s', (sandbox, skipped) => {
  describe.skipIf(skipped)('behind the gateway', () => {
    test('reaches its model without ever having the key', async () => {
      const { result, events, requests } = await play({ calls: 2 }, { sandbox })
      expect(result).toMatchObject({ ending: 'done', message: 'Finished.', steps: 2 })
      expect(requests).toBe(2)
      const calls = events.filter(({ type }) => type === 'model-called')
      expect(calls).toEqual([
        expect.objectContaining({ purpose: { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 } }),
        expect.objectContaining({ purpose: { kind: 'stage', stage: 'experiment', attempt: 1, step: 2 } }),
      ])
      const kept = await Promise.all(
        (await readdir(join(folder, 'attempt'))).map((name) => readFile(join(folder, 'attempt', name), 'utf8')),
      )
      expect(JSON.stringify([events, result, kept])).not.toContain(key)
    })

    test.each([false, true])('stops at its limit on calls (stubborn: %s)', async (stubborn) => {
      const { result, events, requests } = await play({ calls: 9, stubborn }, { sandbox })
      expect(result).toMatchObject({ ending: 'step-limit', steps: 2 })
      expect(requests).toBe(2)
      expect(events).toContainEqual(expect.objectContaining({ type: 'gateway-refused', code: 'call-limit' }))
    })
  })
})

test('a run without money left is for its user to see to', async () => {
  await expect(play({ calls: 1 }, { sandbox: 'host', spentUsd: 1 })).rejects.toMatchObject({
    name: 'ModelCallError',
    code: 'budget-spent',
  })
})
