import { z } from 'zod'
import type { Recorder } from './recorder.ts'
import { showValue } from './show-value.ts'

const optionalText = z.string().nullish().catch(undefined)

export const actionSchema = z.looseObject({
  kind: z.string(),
  command: optionalText,
  is_input: z.boolean().optional().catch(undefined),
  timeout: z.number().nonnegative().nullish().catch(undefined),
  path: optionalText,
  file_text: optionalText,
  new_str: optionalText,
  view_range: z.unknown().optional(),
  message: z.string().optional().catch(undefined),
})

export const observationSchema = z.object({
  content: z
    .array(z.object({ type: z.string().optional().catch(undefined), text: z.string().default('').catch('') }))
    .default([])
    .catch([]),
  is_error: z.boolean().default(false).catch(false),
  exit_code: z.int().nullish().catch(undefined),
  timeout: z.boolean().default(false).catch(false),
  prev_exist: z.boolean().optional().catch(undefined),
  new_content: optionalText,
  metadata: z.object({ prefix: optionalText, suffix: optionalText }).optional().catch(undefined),
})

export interface OpenhandsTool {
  readonly name: string
  readonly action: z.infer<typeof actionSchema> | undefined
  /** Null when the stream breaks off before it, and where an error stands in its place. */
  readonly observation: z.infer<typeof observationSchema> | null
  readonly error: string | null
}

/** Records what one tool of OpenHands did. Tools that are none of commands, edits and reads are shown, and are no event. */
export function recordOpenhandsTool(recorder: Recorder, use: OpenhandsTool): void {
  const { action, observation, error } = use
  if (action?.kind === 'FinishAction') return recorder.say(action.message ?? '')
  if (action?.kind === 'TerminalAction' && error === null) return recordShell(recorder, use)
  if (action?.kind === 'FileEditorAction' && typeof action.path === 'string') {
    if (action.command !== 'view') return recordEdit(recorder, { ...use, path: action.path })
    if (observation !== null && !observation.is_error && recordView(recorder, { ...use, path: action.path })) return
  }
  recorder.show(`Tool ${use.name}`, `${showValue(action)}\n\n${error ?? joined(use)}`)
}

function joined({ observation }: OpenhandsTool): string {
  const parts = observation?.content ?? []
  return parts.map(({ type, text }) => (type === 'image' ? '(a figure)' : text)).join('\n')
}

function recordShell(recorder: Recorder, use: OpenhandsTool): void {
  const { action, observation } = use
  const code = observation?.exit_code ?? null
  const isLate = observation?.timeout === true
  const { prefix, suffix } = observation?.metadata ?? {}
  const command = action?.command ?? ''
  recorder.command({
    command: action?.is_input === true ? `# input to the running command: ${command}` : command,
    // -1 stands for a command that goes on, or of which nobody knows
    exitCode: isLate || code === -1 ? null : code,
    exceededLimit: isLate ? 'wall-time' : null,
    durationMs: isLate && typeof action?.timeout === 'number' ? Math.round(action.timeout * 1_000) : null,
    output: joined(use),
    outputTruncated:
      observation === null ||
      code === -1 ||
      /truncated/.test(prefix ?? '') ||
      /still running|not yet finished/.test((suffix ?? '').slice(0, 2_000)),
  })
}

function recordEdit(recorder: Recorder, use: OpenhandsTool & { readonly path: string }): void {
  const { action, observation, error, path } = use
  const isCreate = action?.command === 'create'
  const typed = (isCreate ? action.file_text : action?.new_str) ?? null
  const content = observation?.new_content
  const refusal =
    error ??
    (observation === null ? 'the record breaks off before the result' : observation.is_error ? joined(use) : null)
  recorder.edit(
    {
      path,
      change: isCreate && observation?.prev_exist === false ? 'created' : 'changed',
      typed,
      isWholeFile: isCreate,
      ...(typeof content === 'string' ? { content } : {}),
    },
    refusal,
  )
}

const opening = /^Here's the result of running `cat -n` on [^\n]{1,4200}:\n/

function recordView(recorder: Recorder, use: OpenhandsTool & { readonly path: string }): boolean {
  const hasImage = use.observation?.content.some(({ type }) => type === 'image') === true
  const shown = joined(use)
  const head = opening.exec(shown)
  // a folder is listed, and is no file
  if (!hasImage && head === null) return false
  const lines = shown.slice(head?.[0].length ?? 0).split('\n')
  const text = lines
    .filter((line) => /^ *\d+\t/.test(line))
    .map((line) => line.replace(/^ *\d+\t/, ''))
    .join('\n')
  const isCut = /<response clipped>/.test(shown.slice(-2_000))
  const { view_range: range } = use.action ?? {}
  recorder.view(use.path, { text: hasImage ? null : text, whole: (range ?? null) === null && !isCut })
  return true
}
