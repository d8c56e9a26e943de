import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { startProviderServer } from '../../test/support/provider-server.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial } from '../../test/support/sample-run.ts'
import { commandAgent } from '../agents/command-agent.ts'
import type { AgentResult } from '../agents/agent.ts'
import { openTrial } from '../runs/trial-store.ts'
import { defaultLimits } from '../sandboxes/index.ts'
import { sandboxSpecSchema } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const paper = `# A paper\n\n${'What was found. '.repeat(30)}\n`

/** An agent that is one command, in the host sandbox. */
async function play(command: string): Promise<{ result: AgentResult; events: RunEvent[]; asked: number }> {
  const model = 'openai/gpt-4o-mini'
  const config = sampleConfig({
    agents: [{ kind: 'command', name: 'mine', coder: { kind: 'command', command, model } }],
  })
  const [agent] = config.agents
  if (agent?.kind !== 'command') throw new Error('the sample has a command as its agent')
  await makeTrial(folder, sampleTrial(sampleRun({ config })))
  await using server = await startProviderServer(() => ({
    kind: 'message',
    text: 'forty-two',
    usage: { input: 10, output: 2 },
  }))
  using trial = await openTrial(folder)
  const result = await commandAgent.run(config.stages, {
    trial,
    agent,
    models: openCalls(server.origin).models,
    sandbox: sandboxSpecSchema.parse({ kind: 'host', ...defaultLimits }),
    experimentModels: config.experimentModels,
    retryFailed: true,
    signal: new AbortController().signal,
  })
  return { result, events: [...trial.events], asked: server.requests.length }
}

const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8')
const writePaper = `cat > paper.md <<'END'\n${paper}END\n`

test('leaves its paper, its results and its notes as a trial has them', async () => {
  const { result } = await play(`${writePaper}
    mkdir results && echo '{"accuracy": 0.5}' > results/metrics.json && grep -c letters task.md > results/log.txt
    echo 'an idea' > idea.md; ln -s /etc/passwd proposal.md`)
  expect(result.status).toBe('done')
  expect(result.outcomes.map(({ stage }) => stage)).toEqual(['experiment', 'paper'])
  expect(await read('results/paper.md')).toBe(paper)
  expect(await read('results/metrics.json')).toContain('0.5')
  expect(await read('idea.md')).toBe('an idea\n')
  await expect(read('proposal.md')).rejects.toThrow('ENOENT')
  const environment: unknown = JSON.parse(await read('environment.json'))
  expect(environment).toMatchObject({ schema: 'mlrbench/environment@2', coder: { kind: 'command' } })
})

test('reaches its model by the gateway alone, and each call is recorded with its cost', async () => {
  const ask = `node -e '
    fetch(process.env.OPENAI_BASE_URL + "/chat/completions", {
      method: "POST",
      headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY, "content-type": "application/json" },
      body: JSON.stringify({ model: process.env.MLRBENCH_MODEL, messages: [{ role: "user", content: "what is it?" }] }),
    }).then((reply) => reply.json()).then((reply) => console.log(reply.choices[0].message.content))'`
  const { result, events, asked } = await play(`${ask} > answer.txt && cat answer.txt && ${writePaper}`)
  expect(result.status).toBe('done')
  expect(asked).toBe(1)
  expect(events.filter(({ type }) => type === 'model-called')).toMatchObject([
    {
      model: 'openai/gpt-4o-mini',
      purpose: { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 },
      usage: { inputTokens: 10, outputTokens: 2 },
    },
  ])
  const called = events.find((event) => event.type === 'model-called')
  expect(called?.type === 'model-called' && called.costUsd).toBeCloseTo(10 * 0.15e-6 + 2 * 0.6e-6, 12)
})

test('a results folder that leads elsewhere gives no paper, whatever lies there', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'))
  try {
    await writeFile(join(elsewhere, 'paper.md'), paper)
    const { result } = await play(`ln -s ${elsewhere} results`)
    expect(result.outcomes.at(-1)?.outcome).toMatchObject({ status: 'failed', code: 'no-paper' })
    await expect(read('results/paper.md')).rejects.toThrow('ENOENT')
  } finally {
    await rm(elsewhere, { recursive: true })
  }
})

test.each([
  ['no paper', 'true', 'no-paper'],
  ['a paper that is a link', 'ln -s /etc/hostname paper.md', 'no-paper'],
  ['a paper that is a pipe', 'mkfifo paper.md', 'no-paper'],
  ['next to nothing', 'echo hello > paper.md', 'no-paper'],
  ['a paper and a crash', `${writePaper} exit 3`, 'coder-crashed'],
])('%s is a failure with its reason', async (_name, command, code) => {
  const { result } = await play(command)
  expect(result.status).toBe('failed')
  expect(result.outcomes.at(-1)?.outcome).toMatchObject({ status: 'failed', code })
})
