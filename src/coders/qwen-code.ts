import { modelId } from '../models/model-id.ts'
import type { ModelSettings } from '../schema/config.ts'
import { followers } from '../transcripts/followers.ts'
import type { CoderProgram } from './coder-program.ts'

const testedVersion = '0.15.10'

/**
 * Qwen Code, asked once. It exits with 0 also when its model failed, so the stream decides. A command of its shell may take ten minutes at
 * most; longer ones it has to run in the background, whatever `commandTimeoutMs` says.
 */
export const qwenCode: CoderProgram = {
  kind: 'qwen-code',
  displayName: 'Qwen Code',
  executable: 'qwen',
  runtime: 'node',
  testedVersion,
  install: `npm install -g @qwen-code/qwen-code@${testedVersion}`,
  wires: ['openai-chat'],
  follow: followers['qwen-code'],
  launch({ spec, endpoint, prompt, start }) {
    return {
      argv: [
        ...start,
        '--yolo',
        '--auth-type',
        'openai',
        '--output-format',
        'stream-json',
        '--chat-recording',
        'false',
      ],
      environment: {
        OPENAI_API_KEY: endpoint.token,
        OPENAI_BASE_URL: `${endpoint.url}/openai/v1`,
        OPENAI_MODEL: modelId(spec.model),
        // otherwise 8,000, and on reaching it the same again with 64,000, up to ten times
        QWEN_CODE_MAX_OUTPUT_TOKENS: String(spec.model.maxOutputTokens ?? usualOutputTokens),
        QWEN_CODE_NO_RELAUNCH: 'true',
      },
      homeFiles: { '.qwen/settings.json': JSON.stringify(settingsFor(spec.model)) },
      input: prompt,
    }
  },
}

const usualOutputTokens = 32_000

function settingsFor({ timeoutMs, temperature, reasoning }: ModelSettings): unknown {
  // what it has no setting for goes into its requests as it stands
  const extra_body = {
    ...(temperature === null ? {} : { temperature }),
    ...(reasoning === null ? {} : { reasoning_effort: reasoning === 'max' ? 'xhigh' : reasoning }),
  }
  return {
    general: { enableAutoUpdate: false, gitCoAuthor: { commit: false, pr: false } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    // when it is done it would give the conversation to a second agent in the background, with tools
    memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false, enableAutoSkill: false },
    experimental: { emitToolUseSummaries: false },
    model: {
      skipLoopDetection: true,
      skipNextSpeakerCheck: true,
      generationConfig: { timeout: timeoutMs, extra_body },
    },
    permissions: {
      deny: ['web_fetch', 'web_search', 'agent', 'skill', 'monitor', 'tool_search', 'send_message', 'task_stop'],
    },
  }
}
