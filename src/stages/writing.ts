import type { UserContent } from 'ai'
import { join, relative } from 'node:path'
import { oneLine } from '../base/text.ts'
import type { ModelReply } from '../models/model.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { HashedFile } from '../schema/event.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import { cleanReply } from './clean-reply.ts'
import { type Attempt, type StageContext, StageFailure } from './stage.ts'

export interface WritingRequest {
  readonly stage: Stage
  readonly settings: ModelSettings
  readonly variables: Record<string, unknown>
  readonly maxOutputTokens: number
  readonly search?: boolean
  readonly images?: readonly { readonly base64: string; readonly mediaType: string }[]
}

/** One call, one artefact: asks, keeps the reply as it came, and writes the artefact without what was not part of it. */
export async function writeArtefact(
  context: StageContext,
  attempt: Attempt,
  request: WritingRequest,
): Promise<HashedFile[]> {
  const { trial } = context
  const { stage } = request
  const prompt = await loadPrompt(stage)
  const { system, user } = renderPrompt(prompt, request.variables)
  const attemptPath = relative(trial.folder, attempt.folder)
  await trial.write(join(attemptPath, 'prompt.md'), `${system}\n\n---\n\n${user}`)

  const images = (request.images ?? []).map(({ base64, mediaType }) => ({
    type: 'file' as const,
    data: base64,
    mediaType,
  }))
  const content: UserContent = images.length === 0 ? user : [{ type: 'text', text: user }, ...images]
  const reply = await context.models.call(
    request.settings,
    {
      system,
      messages: [{ role: 'user', content }],
      maxOutputTokens: request.maxOutputTokens,
      ...(request.search ? { search: true } : {}),
    },
    {
      purpose: { kind: 'stage', stage, attempt: attempt.number, step: 1 },
      cacheScope: attempt.cacheScope,
      append: trial.append,
      signal: context.signal,
    },
  )
  await trial.write(join(attemptPath, 'reply.md'), reply.text)
  const { text, stripped } = cleanReply(reply.text)
  const fault = findFault(reply, text)
  if (fault !== null) throw fault
  if (stripped.length > 0) trial.append({ type: 'reply-cleaned', stage, attempt: attempt.number, stripped })
  return [await trial.write(artefactPaths[stage], text)]
}

/** The hash of the prompt belongs to what decides a stage's result. */
export async function promptHash(stage: Stage | 'whole-agent'): Promise<string> {
  return (await loadPrompt(stage)).hash
}

const refusal =
  /^(?:i(?:'|’)?m sorry|i am sorry|sorry|i(?:'|’)m unable|i am unable|i can(?:'|’)?t|i cannot|i won(?:'|’)t)\b/i
const longestRefusal = 600

function findFault(reply: ModelReply, text: string): StageFailure | null {
  if (reply.finishReason === 'content-filter') return new StageFailure('refused', 'the provider withheld the answer')
  if (text.trim() === '') return new StageFailure('empty-reply', 'the model answered with nothing')
  if (reply.finishReason === 'length')
    return new StageFailure('output-limit', 'the answer reached the limit on output tokens')
  if (text.length <= longestRefusal && refusal.test(text.trim()))
    return new StageFailure('refused', oneLine(text, longestRefusal))
  return null
}
