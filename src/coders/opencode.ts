import { modelId } from '../models/model-id.ts'
import { followers } from '../transcripts/followers.ts'
import type { CoderProgram, LaunchFacts } from './coder-program.ts'

const testedVersion = '1.18.33'

/** opencode, asked once. Its stream has no last line: it ends well when it exits with 0 after its model stopped by itself. */
export const opencode: CoderProgram = {
  kind: 'opencode',
  displayName: 'opencode',
  executable: 'opencode',
  runtime: 'node',
  testedVersion,
  install: `npm install -g opencode-ai@${testedVersion}`,
  wires: ['openai-chat'],
  follow: followers.opencode,
  launch(facts) {
    const { spec, prompt, start } = facts
    return {
      argv: [
        ...start,
        'run',
        '--format',
        'json',
        '--pure',
        '-m',
        `${provider}/${modelId(spec.model)}`,
        // it would ask the model for one
        '--title',
        'experiment',
      ],
      environment: {
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_SHARE: '1',
        OPENCODE_DISABLE_PROJECT_CONFIG: '1',
        OPENCODE_DISABLE_CLAUDE_CODE: '1',
        OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
        OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS: String(spec.commandTimeoutMs),
      },
      homeFiles: { '.config/opencode/opencode.json': JSON.stringify(configOf(facts)) },
      input: prompt,
    }
  },
}

const provider = 'mlrbench'
/** It wants to know them; the size of the context only decides when it shortens a conversation, which is off. */
const usual = { context: 200_000, output: 32_000 }

function configOf({ spec, endpoint }: LaunchFacts): unknown {
  const model = modelId(spec.model)
  const { temperature, reasoning } = spec.model
  return {
    permission: { '*': 'allow', webfetch: 'deny', websearch: 'deny', task: 'deny', skill: 'deny' },
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    lsp: false,
    formatter: false,
    // where it misjudges the size of a context it shortens the conversation for ever
    compaction: { auto: false },
    agent: temperature === null ? {} : { build: { temperature } },
    small_model: `${provider}/${model}`,
    enabled_providers: [provider],
    provider: {
      [provider]: {
        // part of its binary
        npm: '@ai-sdk/openai-compatible',
        name: provider,
        options: { baseURL: `${endpoint.url}/openai/v1`, apiKey: endpoint.token },
        models: {
          [model]: {
            name: model,
            limit: { ...usual, output: spec.model.maxOutputTokens ?? usual.output },
            temperature: temperature !== null,
            options: reasoning === null ? {} : { reasoningEffort: reasoning === 'max' ? 'xhigh' : reasoning },
          },
        },
      },
    },
  }
}
