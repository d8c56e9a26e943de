import { z } from 'zod'
import { stageSchema } from './stage.ts'

/** Names that become folder names: agents, runs. */
export const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'use letters, digits, ".", "_" and "-"')

const reasoningSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])

/** One model as it is called: `provider/model` and the settings that change its answers. */
export const modelSettingsSchema = z.strictObject({
  model: z.string().regex(/^[a-z0-9][a-z0-9-]*\/\S+$/, 'a model is written provider/model, e.g. openai/o4-mini'),
  /** 0..2; null leaves it to the provider. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  /** Null: each stage's and rubric's own limit. */
  maxOutputTokens: z.int().positive().nullable().default(null),
  /** Reasoning effort; null leaves it to the provider. */
  reasoning: reasoningSchema.nullable().default(null),
  /** OpenAI only: which of its two interfaces; null picks Responses, or Chat for its search models. */
  api: z.enum(['responses', 'chat']).nullable().default(null),
  /** Whether the model can be shown figures. */
  images: z.boolean().default(true),
  /** Streaming keeps long answers from looking like dead connections. */
  stream: z.boolean().default(true),
  /** Wall clock for one request, from send to last byte; reasoning models may be silent for most of it. */
  timeoutMs: z
    .int()
    .positive()
    // the longest a timer can wait: 24 days
    .max(2 ** 31 - 1)
    .default(20 * 60_000),
})
export type ModelSettings = z.infer<typeof modelSettingsSchema>

/** In configuration files a model may be just its name. */
const modelInputSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { model: value } : value),
  modelSettingsSchema,
)

/** Coding agents: our own small loop, the programs of others, and any command. */
export const coderKinds = [
  'bash-loop',
  'claude-code',
  'codex',
  'gemini-cli',
  'qwen-code',
  'opencode',
  'openhands',
  'command',
] as const
export type CoderKind = (typeof coderKinds)[number]

const minute = 60_000

export const coderSpecSchema = z
  .strictObject({
    kind: z.enum(coderKinds),
    model: modelInputSchema,
    /** Path of the coder's program; null looks for it on the PATH. */
    program: z.string().min(1).nullable().default(null),
    /** Of kind `command` only: what `bash -c` runs in the workspace. */
    command: z.string().min(1).nullable().default(null),
    /** Most calls of the model in one experiment. */
    maxSteps: z.int().positive().default(200),
    /** Wall clock of the whole experiment. */
    timeLimitMs: z
      .int()
      .positive()
      .default(240 * minute),
    /** Wall clock of one command, as far as the coder can be told. */
    commandTimeoutMs: z
      .int()
      .positive()
      .default(30 * minute),
    /** Bytes of a command's output that the model of `bash-loop` is shown; the middle is left out. */
    maxOutputBytes: z.int().positive().default(16_000),
    /** Bytes that a coder's program may print in all. */
    maxStreamBytes: z
      .int()
      .positive()
      .default(256 * 1024 ** 2),
    /** Dollars for the coder's calls; null: no limit of its own. */
    maxCostUsd: z.number().positive().nullable().default(null),
    /** Tokens of input and output of the coder's calls together; null: no limit. */
    maxTokens: z.int().positive().nullable().default(null),
  })
  .refine(({ kind, command }) => (kind === 'command') === (command !== null), {
    path: ['command'],
    error: 'a coder of kind "command" needs a command, and no other kind has one',
  })
export type CoderSpec = z.infer<typeof coderSpecSchema>

/** Where a stepwise agent takes the artefacts of earlier stages from. */
const inputsSpecSchema = z.strictObject({
  /** Folder of the run. */
  run: z.string().min(1),
  /** One agent of that run; null draws one at random for each task, by the run's seed, the same for every agent. */
  agent: nameSchema.nullable().default(null),
})

const mlrAgentSpecSchema = z.strictObject({
  kind: z.literal('mlr-agent').default('mlr-agent'),
  name: nameSchema,
  /** The backbone: idea, proposal and paper. */
  model: modelInputSchema,
  searchModel: modelInputSchema,
  coder: coderSpecSchema,
  inputs: inputsSpecSchema.nullable().default(null),
})
export type MlrAgentSpec = z.infer<typeof mlrAgentSpecSchema>

/** One program does everything from the task to the paper: any command, or one of the coding agents. */
const commandAgentSpecSchema = z.strictObject({
  kind: z.literal('command'),
  name: nameSchema,
  coder: coderSpecSchema,
})
export type CommandAgentSpec = z.infer<typeof commandAgentSpecSchema>

const runnableAgentSpecSchema = z.discriminatedUnion('kind', [mlrAgentSpecSchema, commandAgentSpecSchema])
export type RunnableAgentSpec = z.infer<typeof runnableAgentSpecSchema>

/** Who did the work of an imported run, as far as its source says. It is judged, audited and compared, never run. */
const importedAgentSpecSchema = z.strictObject({
  kind: z.literal('imported'),
  name: nameSchema,
  /** The system the work came from, as a reader would call it: `MLR-Agent with Claude Code`. */
  system: z.string(),
  /** `provider/model` that did each stage, where known. */
  models: z.partialRecord(stageSchema, z.string()),
})
export type ImportedAgentSpec = z.infer<typeof importedAgentSpecSchema>

export const agentSpecSchema = z.discriminatedUnion('kind', [
  mlrAgentSpecSchema,
  commandAgentSpecSchema,
  importedAgentSpecSchema,
])
export type AgentSpec = z.infer<typeof agentSpecSchema>

/** A judge is a model, one of the rule-based judges by name, or the embedded linear model. */
export const judgeSpecSchema = z.union([
  z.strictObject({ kind: z.literal('model'), model: modelInputSchema }),
  z.strictObject({ kind: z.literal('rule'), name: z.literal('scripted/form-check') }),
  z.strictObject({ kind: z.literal('distilled'), name: z.literal('offline/distilled') }),
])
export type JudgeSpec = z.infer<typeof judgeSpecSchema>

/** `pypi.org`, or with all below it `*.pypi.org`. */
const hostPattern = /^(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z0-9-]+$/

/** Hosts that an experiment may reach through the harness's proxy; or a name for those of a package index or a model hub. */
export const networkSchema = z.union([
  z.enum(['none', 'full']),
  z.strictObject({
    allow: z
      .array(
        z.union([
          z.enum(['package-index', 'model-hub']),
          z.string().regex(hostPattern, 'a host is written pypi.org or *.pypi.org'),
        ]),
      )
      .min(1),
  }),
])
export type Network = z.infer<typeof networkSchema>

export const sandboxKinds = ['bubblewrap', 'container', 'apptainer', 'host'] as const
export type SandboxName = (typeof sandboxKinds)[number]

const insidePathSchema = z
  .string()
  .regex(
    /^\/[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/,
    'a path inside the sandbox is absolute and plain, e.g. /caches/hub',
  )
  .refine((path) => !/(?:^|\/)\.\.?(?:\/|$)/.test(path), 'a path inside the sandbox has no . or ..')

export const sandboxSpecSchema = z.strictObject({
  kind: z.enum(sandboxKinds),
  network: networkSchema.default('none'),
  memoryBytes: z.int().positive(),
  cpus: z.number().positive(),
  processes: z.int().positive(),
  diskBytes: z.int().positive(),
  /** Of containers and apptainer: what to run in; null is the image that `mlrbench` describes itself. */
  image: z.string().min(1).nullable().default(null),
  /** Of containers and apptainer: how many GPUs a command sees. */
  gpus: z.union([z.literal('all'), z.int().nonnegative()]).default(0),
  /** Folders of this machine that all trials read and none writes, such as caches of data sets and models, by their path inside. */
  readOnly: z.record(insidePathSchema, z.string().startsWith('/')).default({}),
  /** Variables for experiments, such as HF_HOME. They are kept in run.json, so nothing secret may stand here. */
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
})
export type SandboxSpec = z.infer<typeof sandboxSpecSchema>

/** Kept in run.json, so nothing secret may stand in it. */
export const addressSchema = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { username, password, search } = new URL(text)
  return username === '' && password === '' && search === ''
}, 'an address holds no user, password or query: put the key in an environment variable and name it as keyVariable')

/** The protocols in which coding agents ask for models. */
export const wireSchema = z.enum(['anthropic-messages', 'openai-responses', 'openai-chat', 'google-generate-content'])
export type Wire = z.infer<typeof wireSchema>

/** A provider of the user's own, or another address for a known one. Never a key: only the name of its variable. */
export const providerSpecSchema = z.strictObject({
  kind: z.enum(['openai', 'anthropic', 'google', 'openrouter', 'ollama', 'openai-compatible']).optional(),
  baseUrl: addressSchema.optional(),
  keyVariable: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/)
    .optional(),
  /** Requests in flight at once. */
  concurrency: z.int().positive().optional(),
  /** Wire formats its address answers to, for coding agents; by default those of its kind. */
  wires: z.array(wireSchema).min(1).optional(),
})
export type ProviderSpec = z.infer<typeof providerSpecSchema>

/** Models that the code of experiments may call, with limits of their own for each experiment; null: no limit. */
const experimentModelsSchema = z.strictObject({
  models: z.array(modelInputSchema).default([]),
  maxCalls: z.int().positive().nullable().default(null),
  maxTokens: z.int().positive().nullable().default(null),
  maxCostUsd: z.number().positive().nullable().default(null),
  /**
   * Whether calls of coders and of experiments may use tools that run at the provider, such as web search: they reach the network for the
   * sandbox, and what they cost is in no bound.
   */
  hostedTools: z.boolean().default(false),
})
export type ExperimentModels = z.infer<typeof experimentModelsSchema>

export const cacheModeSchema = z.enum(['trial', 'shared', 'off'])

/** Everything that decides what a run does. The resolved copy is kept in run.json. */
export const runConfigSchema = z.strictObject({
  agents: z.array(runnableAgentSpecSchema).min(1),
  stages: z.array(stageSchema).min(1),
  repeats: z.int().positive().default(1),
  judges: z.array(judgeSpecSchema).default([]),
  /** Ids of the rubrics to judge with. */
  rubrics: z.array(z.string()).default([]),
  sandbox: sandboxSpecSchema.nullable().default(null),
  experimentModels: experimentModelsSchema.prefault({}),
  providers: z.record(z.string(), providerSpecSchema).default({}),
  /** Trials worked on at once. */
  concurrency: z.int().positive().default(4),
  /** Dollars for the whole run, judges included; null: no limit. */
  budgetUsd: z.number().positive().nullable().default(null),
  /** `trial`: only a resumed trial sees its own replies again. `shared`: equal calls share one reply. */
  cache: cacheModeSchema.default('trial'),
  seed: z.int().nonnegative().default(0),
})
export type RunConfig = z.infer<typeof runConfigSchema>

/** As kept in run.json: of an imported run, the agents are those that did the work. */
export const recordedConfigSchema = runConfigSchema.extend({ agents: z.array(agentSpecSchema).min(1) })
