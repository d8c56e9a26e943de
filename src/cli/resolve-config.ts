import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { assetPath } from '../base/assets.ts'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { defaultLimits, detectSandbox, sandboxes } from '../sandboxes/index.ts'
import { addressSchema, type RunConfig, runConfigSchema } from '../schema/config.ts'
import { type Stage, stages as allStages } from '../schema/stage.ts'
import { checkPanel, defaultRubrics, judgeSpec } from './panel.ts'
import { parseNetwork } from './parse-network.ts'

/** Flags of `run`, as the command line gives them. Each overrides its key of the configuration file. */
export interface RunFlags {
  readonly config?: string
  readonly preset?: string
  readonly model?: string[]
  readonly agent?: string[]
  readonly searchModel?: string
  readonly coder?: string
  readonly coderCommand?: string
  readonly coderModel?: string
  readonly coderUsd?: number
  readonly coderTokens?: number
  readonly coderSteps?: number
  readonly agentCommand?: string
  readonly stages?: string[]
  readonly repeats?: number
  readonly judge?: string[]
  readonly rubric?: string[]
  readonly sandbox?: string
  readonly network?: string[]
  readonly image?: string
  readonly gpus?: 'all' | number
  readonly share?: string[]
  readonly experimentModel?: string[]
  readonly memoryGb?: number
  readonly cpus?: number
  readonly experimentMinutes?: number
  readonly inputs?: string
  readonly providerUrl?: string[]
  readonly concurrency?: number
  readonly budgetUsd?: number
  readonly cache?: RunConfig['cache']
  readonly seed?: number
}

type Loose = Record<string, unknown>

/** A configuration file before defaults and flags: only what they build on is looked at, the rest is checked in the end. */
const fileSchema = z.looseObject({
  stages: z.array(z.string()).optional(),
  agents: z.array(z.union([z.string(), z.looseObject({ coder: z.looseObject({}).optional() })])).optional(),
  judges: z.array(z.union([z.string(), z.looseObject({})])).optional(),
  sandbox: z.looseObject({}).nullish(),
  providers: z.record(z.string(), z.looseObject({})).optional(),
})
type ConfigFile = z.infer<typeof fileSchema>

/** The whole configuration from defaults, preset, file and flags, in rising order. Throws PrerequisiteError for what does not fit. */
export async function resolveConfig(flags: RunFlags): Promise<RunConfig> {
  checkFlags(flags)
  const base: ConfigFile = {
    ...(flags.preset === undefined ? {} : await readPreset(flags.preset)),
    ...(flags.config === undefined ? {} : await readConfig(flags.config, flags.config)),
  }
  const chosen = pickStages(flags.stages ?? base.stages)
  const judges = (flags.judge ?? base.judges ?? []).map((judge) =>
    typeof judge === 'string' ? judgeSpec(judge) : judge,
  )
  const agents = selectAgents(
    (flags.model ?? base.agents ?? []).map((agent) => completeAgent(agent, flags)),
    flags.agent,
  )
  const loose: Loose = {
    ...base,
    stages: chosen,
    agents,
    judges,
    rubrics: flags.rubric ?? base['rubrics'] ?? (judges.length > 0 ? defaultRubrics : []),
    sandbox:
      agents.some(({ kind }) => kind === 'command') || chosen.includes('experiment')
        ? await completeSandbox(base.sandbox ?? {}, flags)
        : null,
    providers: withAddresses(base.providers ?? {}, flags.providerUrl ?? []),
    ...(flags.repeats === undefined ? {} : { repeats: flags.repeats }),
    ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
    ...(flags.budgetUsd === undefined ? {} : { budgetUsd: flags.budgetUsd }),
    ...(flags.cache === undefined ? {} : { cache: flags.cache }),
    ...(flags.experimentModel === undefined
      ? {}
      : { experimentModels: { ...looseOf(base['experimentModels']), models: flags.experimentModel } }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  }
  const parsed = runConfigSchema.safeParse(loose)
  if (!parsed.success) throw new PrerequisiteError(`the configuration does not fit:\n${z.prettifyError(parsed.error)}`)
  checkAgents(parsed.data)
  checkPanel(parsed.data)
  return parsed.data
}

/** Flags of which one would silently lose. */
function checkFlags({ coder, coderCommand, agentCommand, stages }: RunFlags): void {
  const given = { '--coder': coder, '--coder-command': coderCommand, '--agent-command': agentCommand }
  const [first, second] = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (first !== undefined && second !== undefined)
    throw new PrerequisiteError(`${first} and ${second} say two different things of who does the work: give one`)
  if (agentCommand !== undefined && stages !== undefined)
    throw new PrerequisiteError('an agent of your own does everything from the task to the paper: leave --stages out')
}

async function readPreset(name: string): Promise<ConfigFile> {
  const presets = (await readdir(assetPath('presets'))).map((file) => file.replace(/\.yaml$/, ''))
  if (!presets.includes(name)) throw new PrerequisiteError(`no preset "${name}"; there are: ${presets.join(', ')}`)
  return readConfig(assetPath(`presets/${name}.yaml`), `preset "${name}"`)
}

async function readConfig(path: string, name: string): Promise<ConfigFile> {
  try {
    const parsed = fileSchema.safeParse(parseYaml(await readFile(path, 'utf8')))
    if (parsed.success) return parsed.data
    throw new PrerequisiteError(z.prettifyError(parsed.error))
  } catch (cause) {
    throw new PrerequisiteError(`${name} cannot be used as a configuration: ${describeError(cause)}`, { cause })
  }
}

/** In their own order, each once, however they were named; by default all. */
function pickStages(names: readonly string[] | undefined): Stage[] {
  if (names === undefined) return [...allStages]
  const unknown = names.find((name) => !allStages.some((stage) => stage === name))
  if (unknown !== undefined) throw new PrerequisiteError(`no stage "${unknown}"; there are: ${allStages.join(', ')}`)
  return allStages.filter((stage) => names.includes(stage))
}

function selectAgents(agents: readonly Loose[], names: readonly string[] | undefined): readonly Loose[] {
  if (agents.length === 0)
    throw new PrerequisiteError(
      'say which model does the research: --model provider/model, --preset current, or --config with "agents"',
    )
  if (names === undefined) return agents
  const known = agents.map(({ name }) => String(name))
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new PrerequisiteError(`no agent "${unknown}"; there are: ${known.join(', ')}`)
  return agents.filter(({ name }) => names.includes(String(name)))
}

/** What an agent leaves open follows from its backbone: its name, its search model, and the model of its coder. */
function completeAgent(given: string | (Loose & { coder?: Loose | undefined }), flags: RunFlags): Loose {
  const agent = typeof given === 'string' ? { model: given } : given
  const { model: backbone, coder = {} } = agent
  if (agent['kind'] === 'command' || flags.agentCommand !== undefined) return completeCommandAgent(agent, flags)
  const [run, inputAgent] = splitInputs(flags.inputs)
  return {
    ...agent,
    name: agent['name'] ?? agentName(modelName(backbone)),
    searchModel: flags.searchModel ?? agent['searchModel'] ?? backbone,
    coder: completeCoder(coder, { kind: 'bash-loop', model: backbone, command: flags.coderCommand }, flags),
    ...(run === null ? {} : { inputs: { run, agent: inputAgent } }),
  }
}

/** An agent that is one program may be written with its command and model alone. */
function completeCommandAgent(agent: Loose & { coder?: Loose | undefined }, flags: RunFlags): Loose {
  const { model, command, coder = {}, ...rest } = agent
  const chosen = { kind: 'command', model, command: flags.agentCommand ?? command }
  return {
    ...rest,
    kind: 'command',
    name: agent['name'] ?? agentName(modelName(model ?? coder['model'])),
    coder: completeCoder(coder, chosen, flags),
  }
}

function completeCoder(
  coder: Loose,
  chosen: { readonly kind: string; readonly model: unknown; readonly command: unknown },
  flags: RunFlags,
): Loose {
  const command = chosen.command ?? coder['command'] ?? null
  const kind = flags.coder ?? coder['kind'] ?? (command === null ? chosen.kind : 'command')
  return {
    ...coder,
    kind,
    command: kind === 'command' ? command : (coder['command'] ?? null),
    model: flags.coderModel ?? coder['model'] ?? chosen.model,
    ...(flags.experimentMinutes === undefined ? {} : { timeLimitMs: Math.round(flags.experimentMinutes * 60_000) }),
    ...(flags.coderUsd === undefined ? {} : { maxCostUsd: flags.coderUsd }),
    ...(flags.coderTokens === undefined ? {} : { maxTokens: flags.coderTokens }),
    ...(flags.coderSteps === undefined ? {} : { maxSteps: flags.coderSteps }),
  }
}

const looseOf = (value: unknown): Loose => (typeof value === 'object' && value !== null ? { ...value } : {})

function modelName(model: unknown): string {
  if (typeof model === 'string') return model
  return typeof model === 'object' && model !== null && 'model' in model ? String(model.model) : ''
}

/** `openrouter/qwen/qwen3` is called `qwen3`: short, and safe as a folder. */
function agentName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).replace(/[^A-Za-z0-9._-]/g, '-')
}

/** `logs/my-run:agent`, or without an agent. */
function splitInputs(inputs: string | undefined): [run: string | null, agent: string | null] {
  if (inputs === undefined) return [null, null]
  const colon = inputs.lastIndexOf(':')
  return colon > 0 ? [inputs.slice(0, colon), inputs.slice(colon + 1)] : [inputs, null]
}

async function completeSandbox(base: Loose, flags: RunFlags): Promise<Loose> {
  const kind = flags.sandbox ?? base['kind'] ?? (await detectSandbox())
  if (kind === null) {
    const reason = await sandboxes.bubblewrap.unavailable()
    throw new PrerequisiteError(
      `no sandbox works here: ${reason ?? 'unknown'}. To run the agent's code on this machine without any protection, say so: --sandbox host`,
    )
  }
  return {
    ...defaultLimits,
    ...base,
    kind,
    ...(flags.cpus === undefined ? {} : { cpus: flags.cpus }),
    ...(flags.network === undefined ? {} : { network: parseNetwork(flags.network) }),
    ...(flags.image === undefined ? {} : { image: flags.image }),
    ...(flags.gpus === undefined ? {} : { gpus: flags.gpus }),
    ...(flags.share === undefined ? {} : { readOnly: { ...looseOf(base['readOnly']), ...sharedFolders(flags.share) } }),
    ...(flags.memoryGb === undefined ? {} : { memoryBytes: Math.round(flags.memoryGb * 1024 ** 3) }),
  }
}

/** Shown inside under their own path, so that a command names them as it would outside. */
function sharedFolders(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [resolve(path), resolve(path)]))
}

/** Providers with the addresses of `--provider-url name=url`. */
export function withAddresses<Spec extends object>(
  providers: Readonly<Record<string, Spec>>,
  entries: readonly string[],
): Record<string, Spec | { baseUrl: string }> {
  const addressed: Record<string, Spec | { baseUrl: string }> = { ...providers }
  for (const entry of entries) {
    const [, name, baseUrl] = /^([a-z0-9-]+)=(https?:\/\/.+)$/.exec(entry) ?? []
    if (name === undefined || baseUrl === undefined)
      throw new PrerequisiteError(`"${entry}" is not name=url; e.g. --provider-url openai=http://127.0.0.1:8000/v1`)
    const checked = addressSchema.safeParse(baseUrl)
    if (!checked.success) throw new PrerequisiteError(`--provider-url ${name}=…: ${checked.error.issues[0]?.message}`)
    addressed[name] = { ...addressed[name], baseUrl: baseUrl.replace(/\/$/, '') }
  }
  return addressed
}

function checkAgents({ agents, stages }: RunConfig): void {
  const names = agents.map(({ name }) => name.toLowerCase())
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new PrerequisiteError(`two agents are called "${repeated}"; give each its own name in a configuration file`)
  const last = Math.max(...stages.map((stage) => allStages.indexOf(stage)))
  const leftOut = allStages.slice(0, last).filter((stage) => !stages.includes(stage))
  if (leftOut.length > 0 && agents.some((agent) => agent.kind === 'mlr-agent' && agent.inputs === null))
    throw new PrerequisiteError(
      `the ${allStages[last]} stage builds on ${leftOut.join(', ')}: add to --stages, or take them from another run with --inputs`,
    )
}
