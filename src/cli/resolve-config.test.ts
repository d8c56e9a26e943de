import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { connectProvider } from '../models/connections.ts'
import { upperBoundUsd } from '../models/price.ts'
import { defaultLimits } from '../sandboxes/index.ts'
import { inputsOf, stageModel } from '../schema/agent-model.ts'
import type { RunConfig } from '../schema/config.ts'
import { stages } from '../schema/stage.ts'
import { judgeSpec } from './panel.ts'
import { resolveConfig, type RunFlags, withAddresses } from './resolve-config.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-config-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** On this machine whatever sandbox it has. */
const onHost = { sandbox: 'host' } satisfies RunFlags
const oneModel = { ...onHost, model: ['openai/o4-mini'] } satisfies RunFlags

async function withFile(yaml: string, flags: RunFlags = {}): Promise<RunConfig> {
  const config = join(folder, 'config.yaml')
  await writeFile(config, yaml)
  return resolveConfig({ ...onHost, config, ...flags })
}

async function complaint(resolving: Promise<unknown>): Promise<string> {
  const error: unknown = await resolving.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PrerequisiteError)
  return error instanceof Error ? error.message : ''
}

describe('defaults', () => {
  test('one model makes one agent that does everything with it', async () => {
    const config = await resolveConfig(oneModel)
    const [agent, ...others] = config.agents
    expect(others).toEqual([])
    expect(agent).toMatchObject({ name: 'o4-mini', inputs: null, coder: { kind: 'bash-loop', maxSteps: 200 } })
    if (agent === undefined) throw new Error('no agent')
    const models = (['paper', 'literature', 'experiment'] as const).map((stage) => stageModel(agent, stage))
    expect(models).toEqual(['openai/o4-mini', 'openai/o4-mini', 'openai/o4-mini'])
    expect(config).toMatchObject({
      stages,
      repeats: 1,
      judges: [],
      rubrics: [],
      budgetUsd: null,
      cache: 'trial',
      seed: 0,
    })
    const plain = { image: null, gpus: 0, readOnly: {}, environment: {} }
    expect(config.sandbox).toEqual({ kind: 'host', network: 'none', ...plain, ...defaultLimits })
  })

  test('judges come with all rubrics but hallucination', async () => {
    const { rubrics } = await resolveConfig({ ...oneModel, judge: ['scripted/form-check'] })
    expect(rubrics).toEqual(['idea', 'proposal', 'experiment', 'paper', 'end-to-end'])
  })

  test('without an experiment there is no sandbox', async () => {
    expect((await resolveConfig({ ...oneModel, stages: ['idea'] })).sandbox).toBeNull()
  })

  test('an agent is named after the last part of its model, safely', async () => {
    const { agents } = await resolveConfig({ ...onHost, model: ['openrouter/qwen/qwen3:free', 'openai/a'] })
    expect(agents.map(({ name }) => name)).toEqual(['qwen3-free', 'a'])
  })

  test('stages come in their own order, each once', async () => {
    const config = await resolveConfig({ ...oneModel, stages: ['literature', 'idea', 'idea'] })
    expect(config.stages).toEqual(['idea', 'literature'])
  })
})

describe('preset, file and flags', () => {
  const yaml = 'agents: [{name: mine, model: openai/a, coder: {maxSteps: 5}}]\nrepeats: 3\nseed: 7\nconcurrency: 2\n'

  test('a file stands above the defaults', async () => {
    const config = await withFile(yaml)
    expect(config).toMatchObject({ repeats: 3, seed: 7, concurrency: 2 })
    expect(config.agents).toMatchObject([{ name: 'mine', coder: { maxSteps: 5, model: { model: 'openai/a' } } }])
  })

  test('a file stands above the preset', async () => {
    const config = await withFile(yaml, { preset: 'current' })
    expect(config.agents.map(({ name }) => name)).toEqual(['mine'])
    expect(config.judges).toHaveLength(2)
  })

  test('flags stand above the file', async () => {
    const sandbox = 'sandbox: {network: full, memoryBytes: 1000, cpus: 1}\n'
    const config = await withFile(yaml + sandbox, {
      repeats: 1,
      seed: 0,
      concurrency: 9,
      budgetUsd: 5,
      cache: 'off',
      network: ['none'],
      memoryGb: 0.5,
      experimentMinutes: 3,
      searchModel: 'openai/s',
      coderModel: 'openai/c',
      coderUsd: 2,
      coderTokens: 1_000,
    })
    expect(config).toMatchObject({ repeats: 1, seed: 0, concurrency: 9, budgetUsd: 5, cache: 'off' })
    expect(config.sandbox).toMatchObject({ network: 'none', memoryBytes: 512 * 1024 ** 2, cpus: 1 })
    expect(config.agents[0]).toMatchObject({
      searchModel: { model: 'openai/s' },
      coder: {
        maxSteps: 5,
        timeLimitMs: 180_000,
        model: { model: 'openai/c' },
        maxCostUsd: 2,
        maxTokens: 1_000,
      },
    })
  })

  test('network is none, full or a list of hosts, and a host is written plainly', async () => {
    const network = async (...names: string[]): Promise<unknown> =>
      (await resolveConfig({ ...oneModel, network: names })).sandbox?.network
    expect(await network('full')).toBe('full')
    expect(await network('package-index', '*.example.org')).toEqual({ allow: ['package-index', '*.example.org'] })
    await expect(network('https://example.org')).rejects.toThrow('"https://example.org" is no host')
    await expect(network('none', 'full')).rejects.toThrow(PrerequisiteError)
  })

  test('a coder of one’s own is a command, and so may the whole agent be', async () => {
    const [agent] = (await resolveConfig({ ...oneModel, coderCommand: 'my-coder' })).agents
    expect(agent?.coder).toMatchObject({ kind: 'command', command: 'my-coder', model: { model: 'openai/o4-mini' } })
    const whole = await resolveConfig({ ...oneModel, agentCommand: './research' })
    expect(whole.agents).toMatchObject([
      { kind: 'command', name: 'o4-mini', coder: { kind: 'command', command: './research' } },
    ])
    expect(whole.sandbox).not.toBeNull()
    const written = 'agents: [{kind: command, name: mine, command: ./research, model: openai/a}]\n'
    expect((await withFile(written)).agents).toMatchObject([
      {
        kind: 'command',
        name: 'mine',
        coder: { kind: 'command', command: './research', model: { model: 'openai/a' } },
      },
    ])
  })

  test('flags that contradict each other are refused', async () => {
    const both = { ...oneModel, coder: 'codex', coderCommand: 'mine' }
    expect(await complaint(resolveConfig(both))).toContain('--coder and --coder-command')
    const stages = { ...oneModel, agentCommand: 'mine', stages: ['idea'] }
    expect(await complaint(resolveConfig(stages))).toContain('leave --stages out')
  })

  test('a shared folder keeps its path', async () => {
    const config = await resolveConfig({ ...oneModel, share: ['/srv/agent'] })
    expect(config.sandbox?.readOnly).toEqual({ '/srv/agent': '/srv/agent' })
  })

  test('a coder by its name', async () => {
    const [agent] = (await resolveConfig({ ...oneModel, coder: 'codex', coderModel: 'openai/x' })).agents
    expect(agent?.coder).toMatchObject({ kind: 'codex', command: null, model: { model: 'openai/x' } })
  })

  test('models of the experiments’ own code', async () => {
    const config = await resolveConfig({ ...oneModel, experimentModel: ['openai/small'] })
    expect(config.experimentModels).toMatchObject({ models: [{ model: 'openai/small' }], maxCalls: null })
  })

  test('models named as flags take the place of the agents', async () => {
    const config = await withFile(yaml, { model: ['openai/b'] })
    expect(config.agents.map(({ name }) => name)).toEqual(['b'])
  })

  test('agents can be chosen by name, whether they have it from a file or from their model', async () => {
    expect((await resolveConfig({ ...onHost, preset: 'paper', agent: ['o4-mini'] })).agents).toHaveLength(1)
    expect((await resolveConfig({ ...onHost, model: ['openai/a', 'openai/b'], agent: ['b'] })).agents).toMatchObject([
      { name: 'b' },
    ])
  })

  test('agents and judges of a file may be just names of models', async () => {
    const config = await withFile('agents: [openai/a]\njudges: [openai/j, scripted/form-check]\nrubrics: [idea]\n')
    expect(config.agents).toMatchObject([{ name: 'a', model: { model: 'openai/a' } }])
    expect(config.judges).toEqual([judgeSpec('openai/j'), { kind: 'rule', name: 'scripted/form-check' }])
    expect(config.rubrics).toEqual(['idea'])
  })

  test('inputs name a run, and perhaps an agent of it', async () => {
    const inputs = async (text: string): Promise<unknown> =>
      (await resolveConfig({ ...oneModel, stages: ['paper'], inputs: text })).agents.map(inputsOf)[0]
    expect(await inputs('logs/a:honest')).toEqual({ run: 'logs/a', agent: 'honest' })
    expect(await inputs('logs/a')).toEqual({ run: 'logs/a', agent: null })
  })

  test('a provider of one’s own is taken over, and its address can be given as a flag', async () => {
    const providers = 'providers: {lab: {kind: openai-compatible, keyVariable: LAB_KEY}}\nagents: [lab/llama]\n'
    const config = await withFile(providers, { providerUrl: ['lab=http://127.0.0.1:8000/v1/'] })
    expect(config.providers).toEqual({
      lab: { kind: 'openai-compatible', keyVariable: 'LAB_KEY', baseUrl: 'http://127.0.0.1:8000/v1' },
    })
    const [agent] = config.agents
    if (agent === undefined) throw new Error('no agent')
    const { connection } = connectProvider(agent.coder.model, config.providers, { LAB_KEY: 'k' })
    expect(connection).toEqual({ baseUrl: 'http://127.0.0.1:8000/v1', apiKey: 'k' })
  })
})

describe('what does not fit is said, with what would', () => {
  const flagCases: [what: string, flags: RunFlags, message: RegExp][] = [
    ['no agent', onHost, /--model provider\/model, --preset current, or --config/],
    ['a model without provider', { ...onHost, model: ['o4-mini'] }, /a model is written provider\/model/],
    ['an unknown preset', { ...onHost, preset: '../package' }, /no preset "\.\.\/package"; there are: current, paper/],
    ['an unknown agent', { ...onHost, preset: 'paper', agent: ['gpt'] }, /no agent "gpt"; there are: o4-mini, claude/],
    ['an unknown stage', { ...oneModel, stages: ['ideas'] }, /no stage "ideas"; there are: idea, literature/],
    [
      'an unknown rubric',
      { ...oneModel, judge: ['openai/j'], rubric: ['style'] },
      /no rubric "style"; there are: idea/,
    ],
    ['rubrics without a judge', { ...oneModel, rubric: ['idea'] }, /say who judges: --judge/],
    ['a judge that is no model', { ...oneModel, judge: ['form'] }, /no judge "form": give .* or scripted\/form-check/],
    ['a judge named twice', { ...oneModel, judge: ['openai/j', 'openai/j'] }, /openai\/j is named twice/],
    ['two agents of one name', { ...onHost, model: ['openai/a', 'openrouter/x/A'] }, /two agents are called "a"/],
    ['an address that is none', { ...oneModel, providerUrl: ['openai'] }, /"openai" is not name=url/],
    [
      'stages without what they build on',
      { ...oneModel, stages: ['idea', 'paper'] },
      /paper stage builds on literature, proposal, experiment: .*--inputs/,
    ],
    ['an unknown sandbox', { ...oneModel, sandbox: 'vm' }, /at sandbox\.kind/],
    [
      'a missing file',
      { ...onHost, config: '/nowhere/config.yaml' },
      /\/nowhere\/config\.yaml cannot be used .*no such file/,
    ],
    ['a folder as file', { ...onHost, config: '/' }, /\/ cannot be used .*EISDIR/],
  ]
  test.each(flagCases)('%s', async (_, flags, message) => {
    expect(await complaint(resolveConfig(flags))).toMatch(message)
  })

  test.each([
    ['bad YAML', 'agents: [', /config\.yaml cannot be used as a configuration: .*line 1/],
    ['an empty file', '', /cannot be used as a configuration/],
    ['a list', '- a\n', /cannot be used as a configuration: .*object/],
    ['an unknown key', 'agents: [openai/a]\nrepeat: 3\n', /Unrecognized key: "repeat"/],
    [
      'an unknown key of an agent',
      'agents: [{model: openai/a, sampling: 3}]\n',
      /Unrecognized key: "sampling".*agents\[0\]/s,
    ],
    ['an agent that is nothing', 'agents: [null]\n', /agents\[0\]/],
    ['agents that are no list', 'agents: openai/a\n', /agents/],
    ['a coder that is a word', 'agents: [{model: openai/a, coder: bash-loop}]\n', /agents\[0\]/],
    ['a stage that is none', 'agents: [openai/a]\nstages: [ideas]\n', /no stage "ideas"/],
    ['stages that are no list', 'agents: [openai/a]\nstages: 3\n', /stages/],
    ['a sandbox that is a word', 'agents: [openai/a]\nsandbox: host\n', /sandbox/],
    ['a number that is none', 'agents: [openai/a]\nrepeats: many\n', /repeats/],
    ['a key in the file', 'agents: [openai/a]\nproviders: {openai: {apiKey: sk-1}}\n', /Unrecognized key: "apiKey"/],
    ['an unknown kind of provider', 'agents: [lab/a]\nproviders: {lab: {kind: lab}}\n', /providers\.lab\.kind/],
  ])('%s', async (_, yaml, message) => {
    expect(await complaint(withFile(yaml))).toMatch(message)
  })
})

test('addresses are added to providers, and leave the rest of them', () => {
  expect(
    withAddresses({ a: { concurrency: 2 }, b: { concurrency: 3 } }, ['a=https://x.example/v1', 'c=http://[::1]:1/']),
  ).toEqual({
    a: { concurrency: 2, baseUrl: 'https://x.example/v1' },
    b: { concurrency: 3 },
    c: { baseUrl: 'http://[::1]:1' },
  })
})

describe('presets', async () => {
  const names = (await readdir(assetPath('presets'))).map((file) => file.replace(/\.yaml$/, ''))

  test('are the paper’s models and today’s', () => {
    expect(names.toSorted()).toEqual(['current', 'paper'])
  })

  test.each(names)('%s resolves, and each of its models has a provider and a known price', async (preset) => {
    const config = await resolveConfig({ ...onHost, preset })
    const models = [
      ...config.agents.flatMap((agent) =>
        agent.kind === 'command' ? [agent.coder.model] : [agent.model, agent.searchModel, agent.coder.model],
      ),
      ...config.judges.flatMap((judge) => (judge.kind === 'model' ? [judge.model] : [])),
    ]
    expect(config.agents).toHaveLength(6)
    expect(config.judges).toHaveLength(2)
    const keys = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', OPENROUTER_API_KEY: 'k' }
    const unpriced = models.filter((model) => {
      const { provider } = connectProvider(model, config.providers, keys)
      const id = model.model.slice(model.model.indexOf('/') + 1)
      return !((upperBoundUsd(provider, id, { textBytes: 1_000, images: 0, maxOutputTokens: 1_000 }) ?? 0) > 0)
    })
    expect(unpriced.map(({ model }) => model)).toEqual([])
  })
})

test.each(['http://user:secret@127.0.0.1/v1', 'http://127.0.0.1/v1?key=secret'])(
  'an address is kept in run.json, so %s is refused, and not repeated',
  async (address) => {
    const flags = { model: ['lab/m'], stages: ['idea'], providerUrl: [`lab=${address}`] }
    const refused = resolveConfig(flags)
    await expect(refused).rejects.toThrow(/no user, password or query/)
    await expect(refused).rejects.not.toThrow(/secret/)
  },
)
