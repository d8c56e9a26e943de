import { modelId } from '../models/model-id.ts'
import { followers } from '../transcripts/followers.ts'
import type { CoderProgram } from './coder-program.ts'

const testedVersion = '1.16.0'
/** Relative to `HOME`. */
const promptFile = 'mlrbench-prompt.md'

/**
 * OpenHands CLI, asked once. It is a Python program; under Python 3.11 pip installs an empty package of its name. It exits with 0 also when
 * its model failed, so the stream decides. A command without output for 30 seconds goes on while the model is asked again, whatever
 * `commandTimeoutMs` says.
 */
export const openhands: CoderProgram = {
  kind: 'openhands',
  displayName: 'OpenHands CLI',
  executable: 'openhands',
  runtime: 'python',
  testedVersion,
  install: `uv tool install --python 3.12 openhands==${testedVersion}`,
  wires: ['openai-chat'],
  follow: followers.openhands,
  launch({ spec, endpoint, prompt, start }) {
    return {
      // only a shell knows where HOME lies; bash would take the variables below away (see separateShell)
      argv: [
        'sh',
        '-c',
        `exec "$@" -f "$HOME/${promptFile}"`,
        'sh',
        ...start,
        '--headless',
        '--json',
        '--override-with-envs',
      ],
      environment: {
        LLM_API_KEY: endpoint.token,
        LLM_BASE_URL: `${endpoint.url}/openai/v1`,
        LLM_MODEL: `openai/${modelId(spec.model)}`,
        // it would fetch a list of prices
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        OPENHANDS_SUPPRESS_BANNER: '1',
        PYTHONWARNINGS: 'ignore',
        // otherwise a run that is ended leaves nothing of its stream
        PYTHONUNBUFFERED: '1',
      },
      homeFiles: { [promptFile]: prompt },
      input: '',
    }
  },
}
