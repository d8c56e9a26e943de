import {
  nowSeconds,
  isRecord,
  records,
  stringOf,
  wireId,
  type WireRequest,
  type WireUsage,
} from './wire/wire-format.ts'
import type { WireReply } from './wire/wire-reply.ts'

/** One thing a scripted model does by way of its coder, in whatever tools that coder has. */
export type Act =
  | { readonly run: string }
  | { readonly write: string; readonly text: string }
  | { readonly edit: string; readonly from: string; readonly to: string }
  | { readonly read: string }

/** What the model says in one turn; without an act it is its last. */
export interface Turn {
  readonly say?: string
  readonly act?: Act
}

interface Tool {
  readonly name: string
  /** Parameters by name; null for a tool that takes bare text. */
  readonly parameters: Record<string, unknown> | null
  readonly required: readonly string[]
}

const root = '/workspace'
/** What coders call their tools, by what they do. */
const names = {
  run: /^(?:bash|exec_command|run_shell_command|terminal)$/i,
  write: /^write(?:_file)?$/i,
  edit: /^(?:edit|replace)$/i,
  read: /^read(?:_file)?$/i,
  patch: /^apply_patch$/,
}

/** How many tools have answered so far, the ones that take bare text included. */
export function turnOf({ api, body, toolResults }: WireRequest): number {
  if (api !== 'openai-responses') return toolResults
  return records(body['input']).filter((item) => stringOf(item['type']).endsWith('_call_output')).length
}

/** The reply with which a model takes its turn. Throws when the coder offers no tool for it, or wants something unforeseen. */
export function replyOf(request: WireRequest, { say = '', act }: Turn, usage: WireUsage): WireReply {
  if (act === undefined) return { kind: 'message', text: say, usage }
  const tools = toolsOf(request)
  const tool = toolFor(tools, act)
  if (tool?.parameters === null) return patchReply(request, { tool: tool.name, say, patch: patchFor(act), usage })
  const done = tool === undefined ? commandFor(act) : act
  const used = tool ?? tools.find(({ name }) => names.run.test(name))
  if (used === undefined)
    throw new Error(`no tool for ${JSON.stringify(act)} among ${tools.map(({ name }) => name).join(', ')}`)
  return { kind: 'message', text: say, usage, toolCalls: [{ name: used.name, arguments: argumentsFor(used, done) }] }
}

/** Where a coder has the shell alone. */
export function commandFor(act: Act): Act {
  if ('run' in act) return act
  return { run: 'read' in act ? `cat ${act.read}` : `apply_patch <<'END'\n${patchFor(act)}\nEND` }
}

function toolFor(tools: readonly Tool[], act: Act): Tool | undefined {
  const kind = 'run' in act ? 'run' : 'write' in act ? 'write' : 'edit' in act ? 'edit' : 'read'
  const isEdit = kind === 'write' || kind === 'edit'
  return (
    tools.find(({ name }) => names[kind].test(name)) ??
    (isEdit ? tools.find(({ name, parameters }) => names.patch.test(name) && parameters === null) : undefined)
  )
}

/** The tools a coder offers its model, in whichever format. */
function toolsOf({ body }: WireRequest): Tool[] {
  return records(body['tools'])
    .flatMap((tool) => (Array.isArray(tool['functionDeclarations']) ? records(tool['functionDeclarations']) : [tool]))
    .map((tool) => (isRecord(tool['function']) ? tool['function'] : tool))
    .map((tool) => {
      const schema = [tool['input_schema'], tool['parameters'], tool['parametersJsonSchema']].find(isRecord)
      const properties = schema?.['properties']
      const required = Array.isArray(schema?.['required']) ? schema['required'].map(String) : []
      return { name: stringOf(tool['name']), parameters: isRecord(properties) ? properties : null, required }
    })
}

function argumentsFor(tool: Tool, act: Act): Record<string, unknown> {
  const values = Object.keys(tool.parameters ?? {}).flatMap((name) => {
    const value = valueFor(name, act)
    return value === undefined ? [] : [[name, value] as const]
  })
  const given = Object.fromEntries(values)
  const missing = tool.required.filter((name) => !(name in given))
  if (missing.length > 0) throw new Error(`${tool.name} wants ${missing.join(', ')}`)
  return given
}

function valueFor(name: string, act: Act): unknown {
  if (/^(?:description|instruction)$/.test(name)) return 'a step of the experiment'
  if (name === 'is_background') return false
  if ('run' in act) return /^(?:command|cmd)$/.test(name) ? act.run : undefined
  const path = 'write' in act ? act.write : 'edit' in act ? act.edit : act.read
  if (/^(?:absolute|file)_?path$/i.test(name)) return `${root}/${path}`
  if ('write' in act && name === 'content') return act.text
  if ('edit' in act && /^old_?string$/i.test(name)) return act.from
  if ('edit' in act && /^new_?string$/i.test(name)) return act.to
  return undefined
}

/** As the tool that takes patches wants them. */
function patchFor(act: Act): string {
  const lines = (text: string, mark: string) =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${mark}${line}`)
  if ('write' in act)
    return ['*** Begin Patch', `*** Add File: ${act.write}`, ...lines(act.text, '+'), '*** End Patch'].join('\n')
  if (!('edit' in act)) throw new Error(`no tool for ${JSON.stringify(act)}`)
  const change = [...lines(act.from, '-'), ...lines(act.to, '+')]
  return ['*** Begin Patch', `*** Update File: ${act.edit}`, '@@', ...change, '*** End Patch'].join('\n')
}

/** Responses alone has tools that take bare text; the answer is written here, since nothing else needs it. */
function patchReply(
  request: WireRequest,
  { tool, say, patch, usage }: { tool: string; say: string; patch: string; usage: WireUsage },
): WireReply {
  const id = wireId('', request)
  const message = {
    type: 'message',
    id: `msg_${id}`,
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: say, annotations: [] }],
  }
  const call = {
    type: 'custom_tool_call',
    id: `ctc_${id}`,
    call_id: `call_${id}`,
    name: tool,
    input: patch,
    status: 'completed',
  }
  const output = say === '' ? [call] : [message, call]
  const response = { id: `resp_${id}`, object: 'response', created_at: nowSeconds(), model: request.model, output: [] }
  const counts = {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cachedRead ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  }
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', usage: null } },
    ...output.flatMap((item, output_index) => [
      { type: 'response.output_item.added', output_index, item },
      { type: 'response.output_item.done', output_index, item },
    ]),
    { type: 'response.completed', response: { ...response, status: 'completed', output, usage: counts } },
  ]
  const writes = events.map(
    (event, sequence_number) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`,
  )
  return { kind: 'bytes', contentType: 'text/event-stream', writes }
}
