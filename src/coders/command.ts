import { fenceBlock } from '../base/text.ts'
import { OutputCapture } from '../sandboxes/output-capture.ts'
import { modelId } from '../models/model-id.ts'
import type { ExecResult } from '../sandboxes/sandbox.ts'
import type { Wire } from '../schema/config.ts'
import type { Coder, CoderEndpoint, CoderJob } from './coder.ts'
import type { CoderLaunch } from './coder-program.ts'
import { converse, type ProgramListener } from './converse.ts'

const wires: readonly Wire[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generate-content']
/** Relative to `HOME`. */
const promptFile = 'mlrbench-prompt.md'
const keptOutputBytes = 64 * 1024
const notFoundHint = '; a sandbox shows none of your folders but those of --share (sandbox.readOnly)'

/**
 * Any command as a coder: `bash -c` in the workspace, with the prompt on standard input and in a file, and the model behind the usual
 * variables. What it does inside is not known, so all of it is one command; it is done when it exits with 0.
 */
export const commandCoder: Coder = {
  async prepare() {
    return { wires, readOnly: {}, version: null }
  },
  async run(job) {
    const { endpoint, spec } = job
    if (endpoint === null) throw new Error('a command calls its model itself and needs an endpoint')
    if (spec.command === null) throw new Error('a coder of kind "command" needs a command')
    return converse(job, endpoint, {
      launch: launchCommand(spec.command, job, endpoint),
      listener: listenTo(spec.command, job),
      explainExit: ({ exitCode, lastErrors }) =>
        exitCode === 0
          ? { ending: 'done', message: '' }
          : {
              ending: 'crashed',
              message: `the command ended with exit code ${exitCode}${lastErrors === '' ? '' : `: ${lastErrors}`}${exitCode === 127 ? notFoundHint : ''}`,
            },
    })
  },
}

/** @param job its own variables come after those for the experiment's code, which are told apart as `EXPERIMENT_…` */
export function launchCommand(
  command: string,
  { prompt, spec, environment }: Pick<CoderJob, 'prompt' | 'spec' | 'environment'>,
  { url, token }: Pick<CoderEndpoint, 'url' | 'token'>,
): CoderLaunch {
  return {
    // only inside is it known where HOME lies
    argv: ['bash', '-c', `export MLRBENCH_PROMPT_FILE="$HOME/${promptFile}"\n${command}`],
    environment: {
      ...environment,
      OPENAI_BASE_URL: `${url}/openai/v1`,
      OPENAI_API_KEY: token,
      ANTHROPIC_BASE_URL: `${url}/anthropic`,
      ANTHROPIC_API_KEY: token,
      GOOGLE_GEMINI_BASE_URL: `${url}/google`,
      GEMINI_API_KEY: token,
      MLRBENCH_MODEL: modelId(spec.model),
    },
    homeFiles: { [promptFile]: prompt },
    input: prompt,
  }
}

function listenTo(command: string, { attempt }: Pick<CoderJob, 'attempt'>): ProgramListener {
  const capture = new OutputCapture(keptOutputBytes)
  const startedAtMs = performance.now()
  return {
    hear({ text, isCut }) {
      capture.push(Buffer.from(isCut ? text : `${text}\n`))
      return []
    },
    end(result: ExecResult | null) {
      const { text, truncated, totalBytes } = capture.finish()
      const where = { stage: 'experiment' as const, attempt, step: 1 }
      return {
        events: [
          {
            type: 'command-executed',
            ...where,
            command,
            exitCode: result?.exitCode ?? null,
            exceededLimit: result?.exceededLimit ?? null,
            durationMs: Math.round(result?.durationMs ?? performance.now() - startedAtMs),
            output: text,
            outputBytes: result?.outputBytes ?? totalBytes,
            outputTruncated: truncated,
          },
        ],
        end: { ending: 'unknown', message: '', costUsd: null, denials: 0 },
        markdown: `# Command\n\n${fenceBlock(command, 'bash')}\n\n${fenceBlock(text)}\n`,
        notes: [],
      }
    },
  }
}
