import { describe, expect, test } from 'vitest'
import { coderSpecSchema } from '../schema/config.ts'
import type { CoderLaunch, ProgramKind } from './coder-program.ts'
import { launchCommand } from './command.ts'
import { coderPrograms } from './index.ts'

const token = 'a-token'
const url = 'http://127.0.0.1:8765/coder'

function launch(kind: ProgramKind, model: string | Record<string, unknown> = 'somewhere/maker/model-1'): CoderLaunch {
  const program = coderPrograms[kind]
  const [wire = 'openai-chat'] = program.wires
  const spec = coderSpecSchema.parse({ kind, model, commandTimeoutMs: 90_000 })
  return program.launch({ spec, endpoint: { url, token, wire }, prompt: 'Do "it" – $now.', start: ['/opt/x'] })
}

const kinds = Object.keys(coderPrograms) as ProgramKind[]

describe.each(kinds)('%s', (kind) => {
  const { argv, environment, homeFiles, input } = launch(kind)
  const everywhere = JSON.stringify([argv, environment, homeFiles])

  test('starts its program, is told the model by its provider’s own name, and reaches it through the gateway alone', () => {
    expect(argv).toContain('/opt/x')
    expect(everywhere).toContain('maker/model-1')
    expect(everywhere).not.toContain('somewhere/maker')
    const addresses = [...everywhere.matchAll(/https?:\/\/[^"\\ ]+/g)].map(([address]) => address)
    expect(addresses.length).toBeGreaterThan(0)
    for (const address of addresses) expect(address.startsWith(`${url}/`)).toBe(true)
  })

  test('keeps token and prompt out of its arguments, which everyone on the machine can read', () => {
    expect(argv.join(' ')).not.toContain(token)
    expect(argv.join(' ')).not.toContain('Do "it"')
    expect([input, ...Object.values(homeFiles)]).toContain('Do "it" – $now.')
  })

  test('has no key but the token', () => {
    const keys = Object.entries(environment).filter(([name]) => /KEY|TOKEN$|SECRET/.test(name))
    for (const [, value] of keys) expect(value).toBe(token)
    expect(everywhere).toContain(token)
  })

  test('is named after its kind, and says how to install the version it was tried with', () => {
    const { kind: own, install, testedVersion } = coderPrograms[kind]
    expect(own).toBe(kind)
    expect(install).toContain(testedVersion)
  })
})

describe('Claude Code', () => {
  test('is started exactly so', () => {
    const { argv, environment, homeFiles } = launch('claude-code', 'anthropic/claude-sonnet-4-5')
    expect(argv).toEqual([
      '/opt/x',
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--dangerously-skip-permissions',
      '--model',
      'claude-sonnet-4-5',
      '--tools',
      'Bash,Edit,Write,Read,NotebookEdit,Glob,Grep',
      '--strict-mcp-config',
      '--setting-sources',
      '',
      '--no-session-persistence',
      '--disable-slash-commands',
    ])
    expect(environment).toEqual({
      ANTHROPIC_BASE_URL: `${url}/anthropic`,
      ANTHROPIC_API_KEY: token,
      ANTHROPIC_MODEL: 'claude-sonnet-4-5',
      ANTHROPIC_SMALL_FAST_MODEL: 'claude-sonnet-4-5',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'claude-sonnet-4-5',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-sonnet-4-5',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-sonnet-4-5',
      CLAUDE_CODE_SUBAGENT_MODEL: 'claude-sonnet-4-5',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      IS_SANDBOX: '1',
      CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
      BASH_DEFAULT_TIMEOUT_MS: '90000',
      BASH_MAX_TIMEOUT_MS: '90000',
      API_TIMEOUT_MS: '1200000',
      CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS: '1',
      CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
      CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
      CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
    })
    expect(homeFiles).toEqual({})
  })

  test('thinks as hard as the model’s settings say', () => {
    const model = { model: 'anthropic/claude-sonnet-4-5', maxOutputTokens: 9_000 }
    expect(launch('claude-code', { ...model, reasoning: 'minimal' }).argv.join(' ')).toContain('--effort low')
    const { argv, environment } = launch('claude-code', { ...model, reasoning: 'none' })
    expect(argv).not.toContain('--effort')
    expect(environment).toMatchObject({ MAX_THINKING_TOKENS: '0', CLAUDE_CODE_MAX_OUTPUT_TOKENS: '9000' })
  })
})

describe('Codex', () => {
  test('is started exactly so', () => {
    const { argv, environment } = launch('codex', 'openai/gpt-5.5')
    expect(argv).toEqual([
      '/opt/x',
      'exec',
      '--json',
      '--skip-git-repo-check',
      '--ephemeral',
      '--dangerously-bypass-approvals-and-sandbox',
      '-',
    ])
    expect(environment).toEqual({ MLRBENCH_CODEX_KEY: token })
  })

  test('has its settings in its home folder, in TOML that a model’s name cannot break', () => {
    const config = launch('codex', { model: 'local/a"b\\c', reasoning: 'max' }).homeFiles['.codex/config.toml'] ?? ''
    expect(config).toContain('model = "a\\"b\\\\c"\n')
    expect(config).toContain('model_reasoning_effort = "xhigh"\n')
    expect(config).toContain(`base_url = "${url}/openai/v1"\n`)
    expect(config).toContain('background_terminal_max_timeout = 90000\n')
    expect(launch('codex').homeFiles['.codex/config.toml']).not.toContain('model_reasoning_effort')
  })
})

test('a command gets the gateway behind every provider’s usual variables, over those for the experiment', () => {
  const spec = coderSpecSchema.parse({ kind: 'command', model: 'openai/o4-mini', command: './agent' })
  const job = { spec, prompt: 'Do it.', environment: { OPENAI_API_KEY: 'theirs', DATA: 'here' } }
  expect(launchCommand('./agent', job, { url, token })).toEqual({
    argv: ['bash', '-c', 'export MLRBENCH_PROMPT_FILE="$HOME/mlrbench-prompt.md"\n./agent'],
    environment: {
      DATA: 'here',
      OPENAI_BASE_URL: `${url}/openai/v1`,
      OPENAI_API_KEY: token,
      ANTHROPIC_BASE_URL: `${url}/anthropic`,
      ANTHROPIC_API_KEY: token,
      GOOGLE_GEMINI_BASE_URL: `${url}/google`,
      GEMINI_API_KEY: token,
      MLRBENCH_MODEL: 'o4-mini',
    },
    homeFiles: { 'mlrbench-prompt.md': 'Do it.' },
    input: 'Do it.',
  })
})
