import { z } from 'zod'
import { readPatchText } from './patch-text.ts'
import type { Recorder } from './recorder.ts'
import { showValue } from './show-value.ts'

const text = z.string()
const optionalText = z.string().optional().catch(undefined)
const time = z.number().nonnegative().optional().catch(undefined)

export const opencodeToolSchema = z.object({
  tool: z.string(),
  state: z.object({
    status: optionalText,
    input: z.unknown().optional(),
    output: optionalText,
    error: optionalText,
    metadata: z
      .object({
        output: optionalText,
        exit: z.int().nullable().default(null).catch(null),
        truncated: z.boolean().default(false).catch(false),
        exists: z.boolean().optional().catch(undefined),
        display: z
          .object({ text: z.string(), lineStart: z.number(), lineEnd: z.number(), totalLines: z.number() })
          .optional()
          .catch(undefined),
      })
      .optional()
      .catch(undefined),
    time: z.object({ start: time, end: time }).optional().catch(undefined),
    attachments: z.array(z.unknown()).optional().catch(undefined),
  }),
})
export type OpencodeTool = z.infer<typeof opencodeToolSchema>

const shellSchema = z.object({ command: text })
const writeSchema = z.object({ filePath: text, content: text })
const editSchema = z.object({ filePath: text, newString: text })
const readSchema = z.object({ filePath: text })
const patchSchema = z.object({ patchText: text })

const deniedWords =
  /^(?:Error: )?The user (?:rejected permission to use this|has specified a rule which prevents you from using this)/
const lateWords = /<shell_metadata>\n[^<]{0,200}exceeding timeout (\d{1,12}) ms/

export function wasDenied({ state }: OpencodeTool): boolean {
  return state.status === 'error' && deniedWords.test(state.error ?? '')
}

/** Records what one tool of opencode did. Tools that are none of commands, edits and reads are shown, and are no event. */
export function recordOpencodeTool(recorder: Recorder, use: OpencodeTool): void {
  const { tool, state } = use
  const refusal = state.status === 'error' ? (state.error ?? 'the tool failed') : null
  if (tool === 'bash' && recordShell(recorder, use)) return
  if (tool === 'read' && refusal === null && recordRead(recorder, use)) return
  const write = tool === 'write' ? writeSchema.safeParse(state.input) : null
  if (write?.success === true) {
    const change = state.metadata?.exists === false ? 'created' : 'changed'
    return recorder.edit({ path: write.data.filePath, change, typed: write.data.content, isWholeFile: true }, refusal)
  }
  const edit = tool === 'edit' ? editSchema.safeParse(state.input) : null
  if (edit?.success === true) {
    const { filePath: path, newString: typed } = edit.data
    return recorder.edit({ path, change: 'changed', typed, isWholeFile: false }, refusal)
  }
  const patch = tool === 'apply_patch' ? patchSchema.safeParse(state.input) : null
  const edits = patch?.success === true ? readPatchText(patch.data.patchText) : []
  for (const one of edits) recorder.edit(one, refusal)
  if (edits.length === 0) recorder.show(`Tool ${tool}`, `${showValue(state.input)}\n\n${refusal ?? state.output ?? ''}`)
}

function recordShell(recorder: Recorder, { state }: OpencodeTool): boolean {
  const input = shellSchema.safeParse(state.input)
  if (!input.success) return false
  const { metadata, time: took } = state
  const printed = state.output ?? state.error ?? ''
  const late = lateWords.exec(printed.slice(-2_000))
  const isCut = metadata?.truncated === true
  recorder.command({
    command: input.data.command,
    exitCode: late === null ? (metadata?.exit ?? null) : null,
    exceededLimit: late === null ? null : 'wall-time',
    durationMs: took?.start === undefined || took.end === undefined ? null : Math.max(0, took.end - took.start),
    // what the program adds for the model stands in the one and not in the other
    output: isCut ? printed : (metadata?.output ?? printed),
    outputTruncated: isCut || state.status === 'error',
  })
  return true
}

function recordRead(recorder: Recorder, { state }: OpencodeTool): boolean {
  const input = readSchema.safeParse(state.input)
  if (!input.success) return false
  const display = state.metadata?.display
  if (display === undefined) {
    if (state.attachments === undefined || state.attachments.length === 0) return false
    recorder.view(input.data.filePath, { text: null, whole: true })
    return true
  }
  const whole = state.metadata?.truncated === false && display.lineStart === 1 && display.lineEnd === display.totalLines
  recorder.view(input.data.filePath, { text: display.text, whole })
  return true
}
