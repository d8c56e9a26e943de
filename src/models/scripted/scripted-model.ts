import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import type { Persona, Step } from './persona.ts'
import { countCharacters, offersShell, readInputs, readOutputs, stageOf } from './read-call.ts'

/** A language model that follows a script: no network, no state, the same answer to the same call. */
export function createScriptedModel(persona: Persona): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: persona.name,
    supportedUrls: {},
    async doGenerate(options) {
      options.abortSignal?.throwIfAborted()
      return { ...reply(persona, options), warnings: [], response: { modelId: persona.name } }
    },
    async doStream(options) {
      options.abortSignal?.throwIfAborted()
      const { content, finishReason, usage } = reply(persona, options)
      const parts: LanguageModelV4StreamPart[] = [
        { type: 'stream-start', warnings: [] },
        { type: 'response-metadata', modelId: persona.name },
        ...content.flatMap(streamed),
        { type: 'finish', finishReason, usage },
      ]
      return { stream: toStream(parts, options.abortSignal) }
    },
  }
}

interface Reply {
  readonly content: LanguageModelV4Content[]
  readonly finishReason: LanguageModelV4FinishReason
  readonly usage: LanguageModelV4Usage
}

const charactersPerToken = 4
const countTokens = (characters: number) => Math.ceil(characters / charactersPerToken)

function reply(persona: Persona, options: LanguageModelV4CallOptions): Reply {
  const outputs = readOutputs(options.prompt)
  const { say, command } = decide(persona, options, outputs)
  const input = command === null ? '' : JSON.stringify({ command })
  const limit = (options.maxOutputTokens ?? Number.POSITIVE_INFINITY) * charactersPerToken
  const usage = describeUsage(options, Math.min(say.length + input.length, limit))
  // a tool call that does not fit would be no call at all
  if (say.length + input.length > limit)
    return {
      content: [{ type: 'text', text: say.slice(0, limit) }],
      finishReason: { unified: 'length', raw: 'length' },
      usage,
    }
  const text: LanguageModelV4Content = { type: 'text', text: say }
  if (command === null) return { content: [text], finishReason: { unified: 'stop', raw: 'stop' }, usage }
  const call: LanguageModelV4Content = {
    type: 'tool-call',
    toolCallId: `call-${outputs.length + 1}`,
    toolName: 'bash',
    input,
  }
  return { content: [text, call], finishReason: { unified: 'tool-calls', raw: 'tool-calls' }, usage }
}

function decide(persona: Persona, options: LanguageModelV4CallOptions, outputs: readonly string[]): Step {
  const stage = stageOf(options)
  if (stage === null)
    return {
      say: `This is scripted/${persona.name}, a scripted model. It answers the stages of a research task and has no part here.`,
      command: null,
    }
  if (stage !== 'experiment') return { say: persona.write(stage, readInputs(options.prompt)), command: null }
  if (!offersShell(options)) return { say: 'There is no tool named bash, so nothing can be run here.', command: null }
  return persona.act(outputs)
}

/** Nothing is cached and nothing is thought in silence: these are true zeros. */
function describeUsage(options: LanguageModelV4CallOptions, outputCharacters: number): LanguageModelV4Usage {
  const input = countTokens(countCharacters(options.prompt))
  const output = countTokens(outputCharacters)
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  }
}

function streamed(content: LanguageModelV4Content): LanguageModelV4StreamPart[] {
  if (content.type === 'text') {
    const lines = content.text.match(/[^\n]*\n|[^\n]+/g) ?? []
    const deltas = lines.map((delta): LanguageModelV4StreamPart => ({ type: 'text-delta', id: 'text', delta }))
    return [{ type: 'text-start', id: 'text' }, ...deltas, { type: 'text-end', id: 'text' }]
  }
  if (content.type !== 'tool-call') throw new Error(`a scripted model has no content of type ${content.type}`)
  const { toolCallId: id, toolName, input } = content
  return [
    { type: 'tool-input-start', id, toolName },
    { type: 'tool-input-delta', id, delta: input },
    { type: 'tool-input-end', id },
    content,
  ]
}

function toStream(parts: readonly LanguageModelV4StreamPart[], signal: AbortSignal | undefined) {
  const rest = parts.values()
  return new ReadableStream<LanguageModelV4StreamPart>({
    pull(controller) {
      if (signal?.aborted) return controller.error(signal.reason)
      const next = rest.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    },
  })
}
