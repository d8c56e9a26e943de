import { modelId } from '../models/model-id.ts'
import { followers } from '../transcripts/followers.ts'
import type { CoderProgram, LaunchFacts } from './coder-program.ts'

const testedVersion = '0.169.0'
/** Not one of the names that the experiment's code may need. */
const keyVariable = 'MLRBENCH_CODEX_KEY'

/** Codex CLI, asked once. It speaks Responses alone. */
export const codex: CoderProgram = {
  kind: 'codex',
  displayName: 'Codex CLI',
  executable: 'codex',
  runtime: 'node',
  testedVersion,
  install: `npm install -g @openai/codex@${testedVersion}`,
  wires: ['openai-responses'],
  follow: followers.codex,
  launch(facts) {
    return {
      argv: [
        ...facts.start,
        'exec',
        '--json',
        '--skip-git-repo-check',
        '--ephemeral',
        // its own sandbox cannot be opened inside another, and asks for approval when it cannot
        '--dangerously-bypass-approvals-and-sandbox',
        // the prompt comes on standard input
        '-',
      ],
      environment: { [keyVariable]: facts.endpoint.token },
      homeFiles: { '.codex/config.toml': configOf(facts) },
      input: facts.prompt,
    }
  },
}

/** Off: what calls other hosts, works on out of sight, or waits for ever for a network that is not there. */
const features = words(
  'apps plugins goals shell_snapshot unbounded_connection_retries image_generation tool_suggest skill_search hooks',
)

function configOf({ spec, endpoint }: LaunchFacts): string {
  const { reasoning, timeoutMs } = spec.model
  return `model = ${quote(modelId(spec.model))}
model_provider = "mlrbench"
${reasoning === null ? '' : `model_reasoning_effort = ${quote(reasoning === 'max' ? 'xhigh' : reasoning)}\n`}web_search = "disabled"
check_for_update_on_startup = false
project_doc_max_bytes = 0
# a login shell would set its PATH anew
allow_login_shell = false
# its shell has no limit on time; this is how long it may wait for a command before it asks the model again
background_terminal_max_timeout = ${spec.commandTimeoutMs}

# any name but OpenAI, for which it would use interfaces of that provider alone
[model_providers.mlrbench]
name = "mlrbench"
base_url = ${quote(`${endpoint.url}/openai/v1`)}
env_key = ${quote(keyVariable)}
wire_api = "responses"
stream_idle_timeout_ms = ${timeoutMs}

[analytics]
enabled = false

[agents]
enabled = false

[features]
${features.map((name) => `${name} = false\n`).join('')}
# keys for the experiment's own code would be left out otherwise
[shell_environment_policy]
inherit = "all"
ignore_default_excludes = true
exclude = [${quote(keyVariable)}]
`
}

/** A JSON string is a basic string of TOML as well. */
const quote = (text: string): string => JSON.stringify(text)

/** For names of which none can hold a space. */
function words(names: string): string[] {
  return names.split(' ')
}
