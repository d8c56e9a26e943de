import { asSchema, type ToolSet } from 'ai'
import { hashJson, sha256 } from '../base/hash.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { ModelRequest } from './model.ts'

/** The settings that change a model's answers; how long one waits for them, and in how many pieces they come, does not. */
export function answerSettings(settings: ModelSettings): Omit<ModelSettings, 'stream' | 'timeoutMs'> {
  const { stream: _stream, timeoutMs: _timeoutMs, ...asked } = settings
  return asked
}

/** The same for the same question: model, settings that change its answers, whole request, and scope. */
export async function questionKey(settings: ModelSettings, request: ModelRequest, scope: string): Promise<string> {
  const { tools, messages, ...rest } = request
  return hashJson({
    settings: answerSettings(settings),
    ...rest,
    tools: await describeTools(tools),
    messages: sha256(JSON.stringify(messages)),
    scope,
  })
}

/** Bytes of all text, with tools and schema; images are counted, not measured. */
export async function sizeOf(request: ModelRequest): Promise<{ textBytes: number; images: number }> {
  let images = 0
  const text = JSON.stringify(
    [request.system, request.messages, await describeTools(request.tools), request.jsonSchema],
    (_key, value: unknown) => {
      if (!isImagePart(value)) return value
      images += 1
      return null
    },
  )
  return { textBytes: Buffer.byteLength(text), images }
}

/** What a model is told of the tools. */
async function describeTools(tools: ToolSet = {}) {
  const described = Object.entries(tools).map(async ([name, { description, inputSchema }]) => {
    const schema = await asSchema(inputSchema).jsonSchema
    return { name, description: typeof description === 'string' ? description : null, schema }
  })
  return (await Promise.all(described)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function isImagePart(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'type' in value && (value.type === 'image' || value.type === 'file')
  )
}
