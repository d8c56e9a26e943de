import { modelId } from '../models/model-id.ts'
import type { CoderSpec } from '../schema/config.ts'
import { followers } from '../transcripts/followers.ts'
import type { CoderProgram } from './coder-program.ts'

const testedVersion = '0.61.0'

/**
 * Gemini CLI, asked once. Its exit code is the status of a failed call modulo 256, or 0 where the stream says that it failed, so the stream
 * decides. Its shell refuses `$(…)` and backticks, and has no setting for that.
 */
export const geminiCli: CoderProgram = {
  kind: 'gemini-cli',
  displayName: 'Gemini CLI',
  executable: 'gemini',
  runtime: 'node',
  testedVersion,
  install: `npm install -g @google/gemini-cli@${testedVersion}`,
  wires: ['google-generate-content'],
  follow: followers['gemini-cli'],
  launch({ spec, endpoint, prompt, start }) {
    const model = modelId(spec.model)
    return {
      argv: [...start, '--yolo', '--skip-trust', '--output-format', 'stream-json', '-m', model],
      environment: {
        GEMINI_API_KEY: endpoint.token,
        GOOGLE_GEMINI_BASE_URL: `${endpoint.url}/google`,
        // it would start itself anew, and not hear that it is to end
        GEMINI_CLI_NO_RELAUNCH: 'true',
        // it complains of any other terminal
        TERM: 'xterm-256color',
        COLORTERM: 'truecolor',
        NO_COLOR: '1',
      },
      homeFiles: { '.gemini/settings.json': JSON.stringify(settingsFor(spec)) },
      // no -p: standard input is enough
      input: prompt,
    }
  },
}

/** Its helpers, which call models of their own choice unless they are told another. */
const helpers = [
  'classifier',
  'summarizer-default',
  'summarizer-shell',
  'loop-detection',
  'loop-detection-double-check',
  'next-speaker-checker',
  'llm-edit-fixer',
  'edit-corrector',
  'context-snapshotter',
  'agent-history-provider-summarizer',
  'chat-compression-default',
  'chat-compression-3-pro',
  'chat-compression-3-flash',
  'chat-compression-3.1-flash-lite',
  'chat-compression-2.5-pro',
  'chat-compression-2.5-flash',
  'chat-compression-2.5-flash-lite',
]

function settingsFor({ model: settings, commandTimeoutMs }: CoderSpec): unknown {
  const model = modelId(settings)
  const { temperature, maxOutputTokens } = settings
  const generateContentConfig = {
    ...(temperature === null ? {} : { temperature }),
    ...(maxOutputTokens === null ? {} : { maxOutputTokens }),
  }
  return {
    // without it: exit code 41
    security: { auth: { selectedType: 'gemini-api-key' } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: {
      enableAutoUpdate: false,
      enableAutoUpdateNotification: false,
      topicUpdateNarration: false,
      plan: { enabled: false },
      sessionRetention: { enabled: false },
    },
    model: { disableLoopDetection: true, skipNextSpeakerCheck: true },
    modelConfigs: {
      customAliases: Object.fromEntries(helpers.map((name) => [name, { modelConfig: { model } }])),
      overrides: [{ match: { model }, modelConfig: { generateContentConfig } }],
    },
    tools: {
      exclude: ['google_web_search', 'web_fetch', 'invoke_agent', 'activate_skill', 'write_todos'],
      // the only limit its shell has, and one on silence
      shell: { inactivityTimeout: Math.ceil(commandTimeoutMs / 1_000) },
      useRipgrep: false,
    },
    experimental: { enableAgents: false },
    skills: { enabled: false },
    hooksConfig: { enabled: false },
    // a .env in the workspace would be loaded
    advanced: { autoConfigureMemory: false, ignoreLocalEnv: true },
  }
}
