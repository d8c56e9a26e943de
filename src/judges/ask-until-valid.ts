import type { ModelMessage } from 'ai'
import type { ModelCaller } from '../models/model-caller.ts'
import type { ModelReply, ModelRequest } from '../models/model.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import { JudgementError } from './judge.ts'
import type { ReadReply } from './read-reply.ts'

/** Tries for a valid answer, as in the original (arXiv 2505.19955, released code). */
export const mostTries = 3

/** Endings of a reply that make whatever it says no answer. */
const withheld: ReadonlyMap<ModelReply['finishReason'], string> = new Map([
  ['content-filter', 'the provider withheld the answer'],
  ['length', 'the answer reached the limit on output tokens'],
])

/** A question that a judge has to answer in a form of ours. */
export interface JudgeQuestion<Answer> {
  readonly kind: 'review' | 'comparison'
  /** Of the review or comparison that is to be. */
  readonly id: string
  readonly repeat: number
  readonly settings: ModelSettings
  readonly request: Pick<ModelRequest, 'system' | 'maxOutputTokens'> & { readonly message: ModelMessage }
  /** Asked of providers that hold a reply to it. */
  readonly jsonSchema: Record<string, unknown>
  readonly read: (text: string) => ReadReply<Answer>
}

export interface AskContext {
  readonly models: ModelCaller
  /** Tries that failed in earlier processes: their replies are not asked for again. */
  readonly failedBefore: number
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
}

/**
 * Asks three times at most, each with one repair where nothing holds the reply to its form. At temperature 0, as published,
 * without a setting of the judge's own.
 * @returns the answer, and all replies it took, the valid one last
 * @throws JudgementError when none is valid; ModelCallError; the signal's reason on abort
 */
export async function askUntilValid<Answer>(
  question: JudgeQuestion<Answer>,
  { models, failedBefore, append, signal }: AskContext,
): Promise<{ answer: Answer; replies: ModelReply[] }> {
  const { kind, id, repeat, settings, request, jsonSchema } = question
  const { message, ...asked } = request
  const structured = models.hasStructuredOutput(settings)
  const code = `invalid-${kind}`
  const replies: ModelReply[] = []
  let lastFault = ''

  for (let attempt = failedBefore + 1; attempt <= failedBefore + mostTries; attempt += 1) {
    const first = await ask([message], { attempt, step: 1 })
    if (first.read.ok) return { answer: first.read.value, replies: [...replies, first.reply] }
    replies.push(first.reply)
    // a provider that holds replies to the schema gains nothing from a repair, and half an answer cannot be repaired
    if (structured || first.reply.text.trim() === '' || withheld.has(first.reply.finishReason)) continue
    const { user } = renderPrompt(await loadPrompt('judge-repair'), { errors: first.read.message })
    const second = await ask([message, ...first.reply.messages, { role: 'user', content: user }], { attempt, step: 2 })
    if (second.read.ok) return { answer: second.read.value, replies: [...replies, second.reply] }
    replies.push(second.reply)
  }
  throw new JudgementError(code, `no valid ${kind} in ${mostTries} tries; the last fault: ${lastFault}`)

  async function ask(
    messages: ModelMessage[],
    at: { attempt: number; step: number },
  ): Promise<{ reply: ModelReply; read: ReadReply<Answer> }> {
    const purpose = { kind: 'review' as const, review: id, ...at }
    const reply = await models.call(
      { ...settings, temperature: settings.temperature ?? (settings.reasoning === null ? 0 : null) },
      { ...asked, messages, ...(structured ? { jsonSchema: { name: kind, schema: jsonSchema } } : {}) },
      // replies may be shared between runs, never between repeats
      { purpose, cacheScope: `${kind}/${id}/${repeat}.${at.attempt}`, append, signal },
    )
    const fault = withheld.get(reply.finishReason)
    const read = fault === undefined ? question.read(reply.text) : { ok: false as const, message: fault }
    if (!read.ok) {
      lastFault = read.message
      append({ type: 'reply-rejected', callId: reply.callId, purpose, code, message: read.message })
    }
    return { reply, read }
  }
}
