import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4ToolResultPart } from '@ai-sdk/provider'
import { type Stage, stageSchema } from '../../schema/stage.ts'

/** What a writing stage is given. Missing parts are empty. */
export interface WritingInputs {
  readonly task: string
  readonly idea: string
  readonly results: string
  /** File names of the figures offered to the paper. */
  readonly figures: readonly string[]
}

/** Where in the pipeline a call comes from; null when the caller does not say. */
export function stageOf(options: LanguageModelV4CallOptions): Stage | null {
  const stage = stageSchema.safeParse(options.providerOptions?.mlrbench?.stage)
  return stage.success ? stage.data : null
}

/** Whether the caller can run commands for the model. */
export function offersShell(options: LanguageModelV4CallOptions): boolean {
  return options.tools?.some((tool) => tool.type === 'function' && tool.name === 'bash') ?? false
}

export function readInputs(prompt: LanguageModelV4Prompt): WritingInputs {
  const parts = prompt.flatMap((message) => (message.role === 'user' ? message.content : []))
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
  const given = (tag: string) => new RegExp(`<${tag}>\\n([\\s\\S]*?)\\n</${tag}>`).exec(text)?.[1]?.trim() ?? ''
  // lists inside the given texts are not the caller's list of figures
  const instructions = text.replaceAll(/<(task|idea|related_work|proposal|results)>\n[\s\S]*?\n<\/\1>/g, '')
  const listed = [...instructions.matchAll(/^\s*[-*]\s+`?([\w./-]+\.(?:png|jpe?g|gif|webp|svg))`?/gim)].map(
    ([, name]) => name ?? '',
  )
  return { task: given('task'), idea: given('idea'), results: given('results'), figures: [...new Set(listed)] }
}

/** What the commands so far answered, in order. */
export function readOutputs(prompt: LanguageModelV4Prompt): string[] {
  return prompt
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .filter((part) => part.type === 'tool-result')
    .map(outputText)
}

function outputText({ output }: LanguageModelV4ToolResultPart): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value
    case 'json':
    case 'error-json':
      return stringsIn(output.value).join('\n')
    case 'content':
      return output.value.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
    case 'execution-denied':
      return output.reason ?? ''
  }
}

/** Harnesses that answer with objects, such as exit code and output, differ in their keys. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** Characters of text in a prompt, tool calls and their results included; images count nothing. */
export function countCharacters(prompt: LanguageModelV4Prompt): number {
  let count = 0
  for (const message of prompt) {
    if (message.role === 'system') {
      count += message.content.length
      continue
    }
    for (const part of message.content) {
      if (part.type === 'text' || part.type === 'reasoning') count += part.text.length
      else if (part.type === 'tool-call') count += JSON.stringify(part.input).length
      else if (part.type === 'tool-result') count += outputText(part).length
    }
  }
  return count
}
