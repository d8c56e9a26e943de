import { type ModelMessage, type ToolSet, tool } from 'ai'
import { z } from 'zod'
import { cutMiddle, fenceBlock } from '../base/text.ts'
import { createBudget } from '../models/budget.ts'
import type { ModelReply, ToolCall } from '../models/model.ts'
import { isForUser, ModelCallError } from '../models/model-call-error.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { ExecResult } from '../sandboxes/sandbox.ts'
import type { Coder, CoderJob, CoderResult } from './coder.ts'
import { limitNames } from './limit-names.ts'
import { appendChanges } from './tell-changes.ts'
import { watchWorkspace } from './workspace-watch.ts'

const shellInputSchema = z.object({ command: z.string() })

const shell = tool({
  description: 'Runs a command with bash in the workspace and returns its exit code and output.',
  inputSchema: shellInputSchema,
}) as ToolSet[string]

/** Output kept as evidence; the model is shown less. */
const keptOutputBytes = 64 * 1024
const maxReplyTokens = 16_384
const longestTimerMs = 2 ** 31 - 1

/** Our own small coder: a model with one shell tool, asked again after every command until it stops asking for one. */
export const bashLoop: Coder = {
  async prepare() {
    return { wires: null, readOnly: {}, version: null }
  },
  async run(job) {
    const { system, user } = renderPrompt(await loadPrompt('bash-loop'), {
      prompt: job.prompt,
      max_steps: job.spec.maxSteps,
      command_timeout_seconds: Math.round(job.spec.commandTimeoutMs / 1_000),
    })
    const conversation: ModelMessage[] = [{ role: 'user', content: user }]
    const transcript = [`# Prompt\n\n${job.prompt}`]
    const watch = await watchWorkspace(job.workspace)
    const budget = createBudget(job.spec.maxCostUsd, job.spentUsd, 'cost-limit')
    const deadlineMs = performance.now() + job.spec.timeLimitMs
    const timeIsUp = AbortSignal.timeout(Math.min(job.spec.timeLimitMs, longestTimerMs))
    const signal = AbortSignal.any([job.signal, timeIsUp])
    let commands = 0
    let usedTokens = 0

    for (let step = 1; step <= job.spec.maxSteps; step += 1) {
      const inputTokens = mostTokens({ system, conversation })
      const maxOutputTokens = Math.min(maxReplyTokens, (job.spec.maxTokens ?? Infinity) - usedTokens - inputTokens)
      if (maxOutputTokens < 1)
        return end('token-limit', step - 1, `${usedTokens} of ${job.spec.maxTokens} tokens are used`)
      const reply = timeIsUp.aborted ? 'too-late' : await ask(step, maxOutputTokens)
      if (reply === 'too-late') return end('time-limit', step - 1, 'the time for the experiment is over')
      if (reply instanceof ModelCallError)
        return end(
          reply.code === 'cost-limit' ? 'cost-limit' : 'model-failed',
          step - 1,
          `${reply.code}: ${reply.message}`,
        )
      // what is not reported counts as the most it can be
      usedTokens += (reply.usage.inputTokens ?? inputTokens) + (reply.usage.outputTokens ?? maxOutputTokens)
      conversation.push(...reply.messages)
      if (reply.text.trim() !== '') {
        const { attempt } = job
        job.append({
          type: 'coder-said',
          stage: 'experiment',
          attempt,
          step: commands,
          thought: false,
          text: reply.text,
        })
        transcript.push(`# Step ${step}: the coder says\n\n${reply.text}`)
      }
      if (reply.toolCalls.length > 0) {
        conversation.push(await runCommands(reply.toolCalls))
        continue
      }
      if (reply.finishReason !== 'length') return end('done', step, reply.text)
      conversation.push({
        role: 'user',
        content: 'Your reply was cut off at the length limit. Go on in smaller steps.',
      })
    }
    return end('step-limit', job.spec.maxSteps, `not done after ${job.spec.maxSteps} steps`)

    async function ask(step: number, maxOutputTokens: number): Promise<ModelReply | ModelCallError | 'too-late'> {
      try {
        return await job.models.call(
          job.spec.model,
          { system, messages: [...conversation], tools: { bash: shell }, maxOutputTokens },
          {
            purpose: { kind: 'stage', stage: 'experiment', attempt: job.attempt, step },
            cacheScope: job.cacheScope,
            append: job.append,
            signal,
            budget,
          },
        )
      } catch (error) {
        if (error instanceof ModelCallError && !isForUser(error.code)) return error
        if (timeIsUp.aborted && !job.signal.aborted) return 'too-late'
        throw error
      }
    }

    async function runCommands(calls: readonly ToolCall[]): Promise<ModelMessage> {
      const content = []
      for (const { toolCallId, toolName, input } of calls) {
        const value = timeIsUp.aborted
          ? 'error: the time for the experiment is over'
          : await answerCall(toolName, input)
        content.push({ type: 'tool-result' as const, toolCallId, toolName, output: { type: 'text' as const, value } })
      }
      return { role: 'tool', content }
    }

    async function answerCall(toolName: string, input: unknown): Promise<string> {
      const parsed = shellInputSchema.safeParse(input)
      if (toolName !== 'bash' || !parsed.success) {
        transcript.push(`# A call of no tool there is\n\n${fenceBlock(JSON.stringify({ toolName, input }))}`)
        return 'error: the only tool is bash, with one argument: {"command": "…"}, as valid JSON'
      }
      const { command } = parsed.data
      commands += 1
      const result = await job.sandbox.exec(['bash', '-c', command], {
        timeoutMs: Math.max(1_000, Math.min(job.spec.commandTimeoutMs, deadlineMs - performance.now())),
        maxOutputBytes: keptOutputBytes,
        signal: job.signal,
        environment: job.environment,
      })
      await record(command, result)
      const shown = describeResult(result, job.spec)
      transcript.push(`# Command ${commands}\n\n${fenceBlock(command, 'bash')}\n\n${fenceBlock(shown)}`)
      return shown
    }

    async function record(command: string, result: ExecResult): Promise<void> {
      const where = { stage: 'experiment' as const, attempt: job.attempt, step: commands }
      const { exitCode, exceededLimit, output, outputBytes, outputTruncated } = result
      const durationMs = Math.round(result.durationMs)
      const outcome = { exitCode, exceededLimit, durationMs, output, outputBytes, outputTruncated }
      job.append({ type: 'command-executed', ...where, command, ...outcome })
      appendChanges(await watch.changes(), where, job.append)
    }

    function end(ending: CoderResult['ending'], steps: number, message: string): CoderResult {
      transcript.push(`# End: ${ending}\n\n${message}`)
      return { ending, steps, message, transcript: `${transcript.join('\n\n')}\n` }
    }
  },
}

/** A token is a byte at least, also of what stands around the texts. */
const mostTokens = (question: unknown): number => Buffer.byteLength(JSON.stringify(question))

/** What the model is told about a command; times are left out, so that the same run gives the same conversation. */
function describeResult(result: ExecResult, spec: CoderJob['spec']): string {
  const { text } = cutMiddle(result.output, spec.maxOutputBytes)
  const ending =
    result.exceededLimit === null
      ? `exit code: ${result.exitCode}`
      : `ended: it exceeded the limit on ${limitNames[result.exceededLimit]}`
  return `${ending}\n${text}`
}
