import { modelId } from '../models/model-id.ts'
import type { ModelSettings } from '../schema/config.ts'
import { followers } from '../transcripts/followers.ts'
import type { CoderProgram } from './coder-program.ts'

const testedVersion = '2.1.197'

/**
 * Left out of what it usually has: subagents, schedules and skills, whose steps would not all be in its record, and the web. Glob and Grep
 * are there only when named.
 */
const tools = 'Bash,Edit,Write,Read,NotebookEdit,Glob,Grep'

/** Claude Code, asked once and without anyone to answer questions. */
export const claudeCode: CoderProgram = {
  kind: 'claude-code',
  displayName: 'Claude Code',
  executable: 'claude',
  runtime: 'node',
  testedVersion,
  install: `npm install -g @anthropic-ai/claude-code@${testedVersion}`,
  wires: ['anthropic-messages'],
  follow: followers['claude-code'],
  launch({ spec, endpoint, prompt, start }) {
    const model = modelId(spec.model)
    const commandTimeout = String(spec.commandTimeoutMs)
    return {
      argv: [
        ...start,
        '-p',
        '--output-format',
        'stream-json',
        '--verbose',
        '--dangerously-skip-permissions',
        '--model',
        model,
        ...effortOf(spec.model.reasoning),
        '--tools',
        tools,
        '--strict-mcp-config',
        '--setting-sources',
        '',
        '--no-session-persistence',
        '--disable-slash-commands',
      ],
      environment: {
        ANTHROPIC_BASE_URL: `${endpoint.url}/anthropic`,
        ANTHROPIC_API_KEY: endpoint.token,
        // it has names of its own for helpers, which the gateway would refuse
        ANTHROPIC_MODEL: model,
        ANTHROPIC_SMALL_FAST_MODEL: model,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
        ANTHROPIC_DEFAULT_SONNET_MODEL: model,
        ANTHROPIC_DEFAULT_OPUS_MODEL: model,
        CLAUDE_CODE_SUBAGENT_MODEL: model,
        // without it a call for a title, and look-ups of its makers' hosts, which the other three alone do not prevent
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        DISABLE_TELEMETRY: '1',
        DISABLE_ERROR_REPORTING: '1',
        // as root it exits with 1 otherwise; what surrounds it is ours to choose
        IS_SANDBOX: '1',
        // a command over its time is ended, not moved to the background, where its end would be told to nobody
        CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
        BASH_DEFAULT_TIMEOUT_MS: commandTimeout,
        BASH_MAX_TIMEOUT_MS: commandTimeout,
        API_TIMEOUT_MS: String(spec.model.timeoutMs),
        CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS: '1',
        // differs from call to call
        CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
        CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
        CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
        ...(spec.model.reasoning === 'none' ? { MAX_THINKING_TOKENS: '0' } : {}),
        ...(spec.model.maxOutputTokens === null
          ? {}
          : { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(spec.model.maxOutputTokens) }),
      },
      homeFiles: {},
      // as an argument a long prompt would not fit, and everyone on the machine could read it
      input: prompt,
    }
  },
}

function effortOf(reasoning: ModelSettings['reasoning']): string[] {
  if (reasoning === null || reasoning === 'none') return []
  return ['--effort', reasoning === 'minimal' ? 'low' : reasoning]
}
