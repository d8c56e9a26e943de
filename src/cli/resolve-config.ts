import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing } from '../base/files.ts'
import { isRuleJudge } from '../judges/index.ts'
import { rubricIds } from '../rubrics/rubric.ts'
import { defaultLimits, detectSandbox, sandboxes } from '../sandboxes/index.ts'
import { type JudgeSpec, type RunConfig, runConfigSchema } from '../schema/config.ts'
import { type Stage, stages as allStages } from '../schema/stage.ts'

/** Flags of `run`, as the command line gives them. Each overrides its key of the configuration file. */
export interface RunFlags {
  readonly config?: string
  readonly preset?: string
  readonly model?: string[]
  readonly agent?: string[]
  readonly searchModel?: string
  readonly coderModel?: string
  readonly stages?: string[]
  readonly repeats?: number
  readonly judge?: string[]
  readonly rubric?: string[]
  readonly sandbox?: string
  readonly network?: 'none' | 'full'
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

/** The rubrics a run is judged with when none are named; `hallucination` is asked for by name. */
export const defaultRubrics = rubricIds.filter((id) => id !== 'hallucination')

/** The whole configuration from defaults, preset, file and flags, in rising order. Throws PrerequisiteError for what does not fit. */
export async function resolveConfig(flags: RunFlags): Promise<RunConfig> {
  const preset = flags.preset
    ? await readYaml(assetPath(`presets/${flags.preset}.yaml`), `preset "${flags.preset}"`)
    : {}
  const file = flags.config ? await readYaml(flags.config, flags.config) : {}
  const base: Loose = { ...preset, ...file }
  const chosen = pickStages(flags.stages) ?? (base['stages'] as Stage[] | undefined) ?? [...allStages]
  const judges = flags.judge?.map(judgeSpec) ?? base['judges'] ?? []
  const loose: Loose = {
    ...base,
    stages: chosen,
    agents: selectAgents(flags.model?.map((model) => ({ model })) ?? base['agents'], flags).map((agent) =>
      completeAgent(agent, flags),
    ),
    judges,
    rubrics: flags.rubric ?? base['rubrics'] ?? (Array.isArray(judges) && judges.length > 0 ? defaultRubrics : []),
    sandbox: chosen.includes('experiment')
      ? await completeSandbox((base['sandbox'] as Loose | undefined) ?? {}, flags)
      : null,
    providers: withAddresses((base['providers'] as Record<string, Loose> | undefined) ?? {}, flags.providerUrl ?? []),
    ...(flags.repeats === undefined ? {} : { repeats: flags.repeats }),
    ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
    ...(flags.budgetUsd === undefined ? {} : { budgetUsd: flags.budgetUsd }),
    ...(flags.cache === undefined ? {} : { cache: flags.cache }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  }
  const parsed = runConfigSchema.safeParse(loose)
  if (!parsed.success) throw new PrerequisiteError(`the configuration does not fit:\n${z.prettifyError(parsed.error)}`)
  checkNames(parsed.data)
  return parsed.data
}

async function readYaml(path: string, name: string): Promise<Loose> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) throw new PrerequisiteError(`there is no ${name}; presets are: paper, current`)
    throw error
  })
  try {
    return z.record(z.string(), z.unknown()).parse(parseYaml(text))
  } catch (cause) {
    throw new PrerequisiteError(`${name} is not a YAML file of keys and values`, { cause })
  }
}

function pickStages(names: readonly string[] | undefined): Stage[] | undefined {
  return names?.map((name) => {
    const stage = allStages.find((candidate) => candidate === name)
    if (stage === undefined) throw new PrerequisiteError(`no stage "${name}"; there are: ${allStages.join(', ')}`)
    return stage
  })
}

/** A judge as the command line names it: a rule-based one by its name, otherwise a model. */
export function judgeSpec(name: string): JudgeSpec {
  if (isRuleJudge(name)) return { kind: 'rule', name }
  return runConfigSchema.shape.judges.unwrap().element.parse({ kind: 'model', model: name })
}

function selectAgents(agents: unknown, { agent: names }: RunFlags): Loose[] {
  if (!Array.isArray(agents) || agents.length === 0)
    throw new PrerequisiteError(
      'say which model does the research: --model provider/model, --preset current, or --config with "agents"',
    )
  const all = agents as Loose[]
  if (names === undefined) return all
  return names.map((name) => {
    const found = all.find((agent) => agent['name'] === name)
    if (found === undefined)
      throw new PrerequisiteError(
        `no agent "${name}"; there are: ${all.map((agent) => String(agent['name'])).join(', ')}`,
      )
    return found
  })
}

/** What an agent leaves open follows from its backbone: its name, its search model, and the model of its coder. */
function completeAgent(agent: Loose, flags: RunFlags): Loose {
  const backbone = agent['model']
  const coder = (agent['coder'] as Loose | undefined) ?? {}
  const [run, inputAgent] = splitInputs(flags.inputs)
  return {
    ...agent,
    name: agent['name'] ?? agentName(modelName(backbone)),
    searchModel: flags.searchModel ?? agent['searchModel'] ?? backbone,
    coder: {
      kind: 'bash-loop',
      ...coder,
      model: flags.coderModel ?? coder['model'] ?? backbone,
      ...(flags.experimentMinutes === undefined ? {} : { timeLimitMs: flags.experimentMinutes * 60_000 }),
    },
    ...(run === null ? {} : { inputs: { run, agent: inputAgent } }),
  }
}

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
    cpus: flags.cpus ?? base['cpus'] ?? Math.min(defaultLimits.cpus, availableParallelism()),
    ...(flags.network === undefined ? {} : { network: flags.network }),
    ...(flags.memoryGb === undefined ? {} : { memoryBytes: Math.round(flags.memoryGb * 1024 ** 3) }),
  }
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
    addressed[name] = { ...addressed[name], baseUrl: baseUrl.replace(/\/$/, '') }
  }
  return addressed
}

function checkNames({ agents, rubrics }: RunConfig): void {
  const names = agents.map(({ name }) => name.toLowerCase())
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new PrerequisiteError(`two agents are called "${repeated}"; give each its own name in a configuration file`)
  const unknown = rubrics.find((id) => !(rubricIds as readonly string[]).includes(id))
  if (unknown !== undefined) throw new PrerequisiteError(`no rubric "${unknown}"; there are: ${rubricIds.join(', ')}`)
}
