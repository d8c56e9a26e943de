import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cli, openCli } from './support/cli.ts'
import { type ProviderServer, startProviderServer } from './support/provider-server.ts'

/** It measures nothing: what its model says is its paper. */
const agent = `
import { writeFileSync, mkdirSync } from 'node:fs'
const ask = async (route, key, model) => {
  const reply = await fetch(route + '/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + key, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'write' }] }),
  })
  return (await reply.json()).choices[0].message.content
}
const { OPENAI_BASE_URL, OPENAI_API_KEY, MLRBENCH_MODEL, EXPERIMENT_OPENAI_BASE_URL, EXPERIMENT_API_KEY } = process.env
const text = await ask(OPENAI_BASE_URL, OPENAI_API_KEY, MLRBENCH_MODEL)
await ask(EXPERIMENT_OPENAI_BASE_URL, EXPERIMENT_API_KEY, 'gpt-4o')
mkdirSync('results')
writeFileSync('paper.md', text)
console.log(text)
`

const paper = `# A study

## Results

| Method | Accuracy | F1 |
|---|---|---|
| Baseline | 0.8123 | 0.7991 |
| Ours | 0.8727 | 0.8614 |
| Ours without memory | 0.8452 | 0.8307 |

The accuracy of our method is 0.8727, the baseline's 0.8123. ${'More words. '.repeat(20)}
`

let cli: Cli
let server: ProviderServer
beforeAll(async () => {
  cli = await openCli()
  server = await startProviderServer(() => ({ kind: 'message', text: paper, usage: { input: 100, output: 50 } }))
  await writeFile(join(cli.root, 'agent.mjs'), agent)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await cli[Symbol.asyncDispose]()
})

const run = async (...flags: string[]): ReturnType<Cli['run']> =>
  cli.run(['run', '--task', 'mini_calibration', '--model', 'openai/gpt-4o-mini', '--sandbox', 'host', ...flags])

test('an agent of one’s own goes from task to paper: done, paid for, exported, and not cleared by the audit', async () => {
  const command = `node ${join(cli.root, 'agent.mjs')}`
  const ended = await run(
    '--agent-command',
    command,
    '--experiment-model',
    'openai/gpt-4o',
    '--provider-url',
    `openai=${server.origin}/v1`,
    '--name',
    'mine',
    '--log-dir',
    cli.logDir,
  )
  expect(ended).toMatchObject({ exitCode: 0 })
  const status = await cli.json(['status', 'mine', '--log-dir', cli.logDir])
  expect(status).toMatchObject({ trials: [{ status: 'done' }] })

  // nobody saw what it did inside: numbers that it printed may be anyone's
  const audit = await cli.json(['audit', 'mine', '--log-dir', cli.logDir])
  expect(audit).toMatchObject({ verdict: 'unverifiable' })

  await cli.json(['export', 'mine', '--log-dir', cli.logDir, '--out', join(cli.root, 'out'), '--format', 'jsonl'])
  const lines = async (table: string): Promise<Record<string, unknown>[]> =>
    readFile(join(cli.root, 'out', `${table}.jsonl`), 'utf8').then((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    )
  expect(await lines('model_calls')).toMatchObject([
    { caller: 'agent', model: 'openai/gpt-4o-mini', input_tokens: 100, output_tokens: 50 },
    { caller: 'experiment-code', model: 'openai/gpt-4o', input_tokens: 100, output_tokens: 50 },
  ])
  expect(await lines('trials')).toMatchObject([{ agent_kind: 'command', coder: 'command', sandbox: 'host' }])
})

test('what cannot be given is said before anything is paid for', async () => {
  const before = server.requests.length
  const url = ['--provider-url', `openai=${server.origin}/v1`, '--log-dir', cli.logDir]
  const gpus = await run('--gpus', '1', '--name', 'gpus', ...url)
  expect([gpus.exitCode, gpus.stderr]).toEqual([2, expect.stringContaining('gives no GPUs')])
  const hosts = await run('--network', 'pypi.org', '--name', 'hosts', ...url)
  expect([hosts.exitCode, hosts.stderr]).toEqual([2, expect.stringContaining('cannot hold experiments to a list')])
  const coder = await run('--coder', 'codex', '--name', 'coder', ...url)
  expect([coder.exitCode, coder.stderr]).toEqual([2, expect.stringContaining('npm install -g @openai/codex@')])
  expect(server.requests.length).toBe(before)
})
