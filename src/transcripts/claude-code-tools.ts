import { z } from 'zod'
import type { ToolOutput } from './claude-code-stream.ts'
import type { Edit, Recorder } from './recorder.ts'
import { showValue } from './show-value.ts'

export interface ToolUse {
  readonly name: string
  readonly input: unknown
  readonly outputs: readonly ToolOutput[]
  /** Null where the record does not say. */
  readonly isError: boolean | null
  /** False when the record breaks off before the tool's result. */
  readonly isAnswered: boolean
  /** More of an output than the model was shown, and the size of all of it. */
  readonly printed?: { readonly stdout: string; readonly persistedOutputSize: number }
}

const text = z.string()
const shellSchema = z.object({ command: text })
const readSchema = z.object({ file_path: text, offset: z.unknown().optional(), limit: z.unknown().optional() })
const writeSchema = z.object({ file_path: text, content: text })
const editSchema = z.object({ file_path: text, new_string: text })
const multiEditSchema = z.object({ file_path: text, edits: z.array(z.object({ new_string: text })) })
const notebookSchema = z.object({ notebook_path: text, new_source: text })
const backgroundSchema = z.object({ bash_id: text })

/** Records what one tool of Claude Code did. A tool that is none of commands, edits and reads is shown, and is no event. */
export function recordTool(recorder: Recorder, use: ToolUse): void {
  if (use.name === 'Bash' && recordShell(recorder, use)) return
  if (use.name === 'BashOutput' && recordBackground(recorder, use)) return
  if (use.name === 'Read' && recordRead(recorder, use)) return
  const edit = readEdit(use)
  if (edit !== null) return recorder.edit(edit, refusalOf(use))
  recorder.show(`Tool ${use.name}`, `${showValue(use.input)}\n\n${joined(use)}`)
}

function joined({ outputs }: ToolUse): string {
  return outputs.map((output) => (output.hasImage ? '(a figure)' : output.text)).join('\n')
}

/** As the tool words it when a command ran out of time, such as `Command timed out after 2m 0.0s`; releases of 2026 put the code of its end before it. */
const timedOut = /^(?:Exit code \d{1,3}\n)?Command timed out after (?:(\d{1,6})m )?(\d{1,6}(?:\.\d{1,6})?)s/
const inBackground = /^Command running in background with ID: /
const interrupted = /^The user doesn't want to proceed with this tool use\./
const cutMark = /\n\n\.\.\. \[\d+ (?:characters|lines) truncated\] \.\.\.\n\n/

function recordShell(recorder: Recorder, use: ToolUse): boolean {
  const input = shellSchema.safeParse(use.input)
  if (!input.success) return false
  const output = joined(use)
  // what was not even tried is no command that ran
  if (output.startsWith('<tool_use_error>')) return false
  const late = use.isError === true ? timedOut.exec(output) : null
  const saidCode = use.isError === true ? /^Exit code (\d{1,3})(?:\n|$)/.exec(output) : null
  const isLeftRunning = inBackground.test(output) || interrupted.test(output)
  const isKept = output.startsWith('<persisted-output>') && use.printed !== undefined
  const saysWell = use.isError === false && !isLeftRunning
  recorder.command({
    command: input.data.command,
    exitCode: late !== null ? null : saidCode !== null ? Number(saidCode[1]) : saysWell ? 0 : null,
    exceededLimit: late === null ? null : 'wall-time',
    durationMs: late === null ? null : Math.round((Number(late[1] ?? 0) * 60 + Number(late[2])) * 1_000),
    output: isKept ? use.printed.stdout : saidCode === null ? output : output.slice(saidCode[0].length),
    ...(isKept ? { outputBytes: use.printed.persistedOutputSize } : {}),
    outputTruncated:
      !use.isAnswered || isLeftRunning || cutMark.test(output) || output.startsWith('<persisted-output>'),
  })
  return true
}

function recordBackground(recorder: Recorder, use: ToolUse): boolean {
  const input = backgroundSchema.safeParse(use.input)
  if (!input.success) return false
  const output = joined(use)
  const code = /<exit_code>(\d{1,3})<\/exit_code>/.exec(output)
  recorder.command({
    command: `# output of background command ${input.data.bash_id}`,
    exitCode: code === null ? null : Number(code[1]),
    exceededLimit: null,
    durationMs: null,
    output,
    outputTruncated: cutMark.test(output),
  })
  return true
}

/** Lines a read shows at most unless more are asked for. */
const ordinaryMostLines = 2_000

function recordRead(recorder: Recorder, use: ToolUse): boolean {
  const input = readSchema.safeParse(use.input)
  if (!input.success || use.isError === true || !use.isAnswered) return false
  const hasImage = use.outputs.some((output) => output.hasImage)
  const shown = hasImage ? null : withoutLineNumbers(joined(use))
  const isPart = input.data.offset !== undefined || input.data.limit !== undefined
  recorder.view(input.data.file_path, {
    text: shown,
    whole: !isPart && (shown === null || shown.split('\n').length < ordinaryMostLines),
  })
  return true
}

/** Reads are shown as `cat -n` shows them; what has no number is the tool's own remark. */
function withoutLineNumbers(output: string): string {
  const numbered = /^ *\d+[\t→]/
  const lines = output.split('\n')
  if (!numbered.test(lines[0] ?? '')) return output
  return lines
    .filter((line) => numbered.test(line))
    .map((line) => line.replace(numbered, ''))
    .join('\n')
}

function readEdit({ name, input, outputs }: ToolUse): Edit | null {
  const isNew = /^(?:File|New file) created/.test(outputs[0]?.text ?? '')
  const change = isNew ? 'created' : 'changed'
  if (name === 'Write') {
    const write = writeSchema.safeParse(input)
    return write.success ? { path: write.data.file_path, change, typed: write.data.content, isWholeFile: true } : null
  }
  if (name === 'Edit') {
    const edit = editSchema.safeParse(input)
    return edit.success ? { path: edit.data.file_path, change, typed: edit.data.new_string, isWholeFile: false } : null
  }
  if (name === 'MultiEdit') {
    const edits = multiEditSchema.safeParse(input)
    if (!edits.success) return null
    const typed = edits.data.edits.map(({ new_string }) => new_string).join('\n')
    return { path: edits.data.file_path, change, typed, isWholeFile: false }
  }
  if (name !== 'NotebookEdit') return null
  const notebook = notebookSchema.safeParse(input)
  return notebook.success
    ? { path: notebook.data.notebook_path, change, typed: notebook.data.new_source, isWholeFile: false }
    : null
}

function refusalOf(use: ToolUse): string | null {
  const output = joined(use)
  if (!use.isAnswered) return 'the record breaks off before the result'
  return use.isError === true || /^(?:<tool_use_error>|Error\b)/.test(output) ? output : null
}
