import { z } from 'zod'
import type { ToolUse } from './claude-code-tools.ts'
import type { Edit, Recorder } from './recorder.ts'
import { showValue } from './show-value.ts'

const text = z.string()
const shellSchema = z.object({ command: text })
const readSchema = z.object({ file_path: text, offset: z.unknown().optional(), limit: z.unknown().optional() })
const writeSchema = z.object({ file_path: text, content: text })
const editSchema = z.object({ file_path: text, new_string: text })

/** What a call of one of these tools gave. */
export interface GeminiToolUse extends ToolUse {
  /** False where the record never carries what a reading tool showed. */
  readonly showsReads: boolean
  /** Lines of an output that the record keeps at most, the last ones, without a mark; null where it keeps all. */
  readonly mostShownLines: number | null
  /** Whether it was found not to be possible before it began: a command that did not run. */
  readonly isUntried: boolean
}

/** Records what one tool of Gemini CLI or of Qwen Code, its descendant, did. Other tools are shown, and are no event. */
export function recordGeminiTool(recorder: Recorder, use: GeminiToolUse): void {
  if (use.name === 'run_shell_command' && recordShell(recorder, use)) return
  if (use.name === 'read_file' && recordRead(recorder, use)) return
  const edit = readEdit(use)
  if (edit !== null) return recorder.edit(edit, refusalOf(use))
  recorder.show(`Tool ${use.name}`, `${showValue(use.input)}\n\n${joined(use)}`)
}

function joined({ outputs }: ToolUse): string {
  return outputs.map((output) => (output.hasImage ? '(a figure)' : output.text)).join('\n')
}

/** Stands in place of an output, when there was none. */
const saidCode = /^Command exited with code: (\d{1,3})$/
const timedOut =
  /^Command (?:timed out after (\d{1,9})ms\.$|was automatically cancelled because it exceeded the timeout of (\d{1,6}\.\d) minutes)/
const leftRunning = /^(?:Command moved to background \(PID: |Background shell |\[Operation Cancelled\] Reason: )/

function recordShell(recorder: Recorder, use: GeminiToolUse): boolean {
  const input = shellSchema.safeParse(use.input)
  if (!input.success || use.isUntried) return false
  const output = joined(use)
  const late = timedOut.exec(output)
  const code = saidCode.exec(output)
  const isSilent = use.isAnswered && output === '' && use.isError !== true
  recorder.command({
    command: input.data.command,
    // the code is told only where nothing was printed, and then none means 0
    exitCode: code !== null ? Number(code[1]) : isSilent ? 0 : null,
    exceededLimit: late === null ? null : 'wall-time',
    durationMs: late === null ? null : Math.round(Number(late[1] ?? Number(late[2]) * 60_000)),
    output: code === null ? output : '',
    outputTruncated: !use.isAnswered || leftRunning.test(output) || isMaybeCut(output, use.mostShownLines),
  })
  return true
}

function isMaybeCut(output: string, mostLines: number | null): boolean {
  if (mostLines === null || output.length < mostLines) return false
  return output.split('\n').length >= mostLines
}

function recordRead(recorder: Recorder, use: GeminiToolUse): boolean {
  const input = readSchema.safeParse(use.input)
  if (!input.success || !use.showsReads || use.isError === true || !use.isAnswered) return false
  const hasImage = use.outputs.some((output) => output.hasImage)
  const shown = joined(use)
  const isPart = input.data.offset !== undefined || input.data.limit !== undefined || /^Showing lines \d/.test(shown)
  recorder.view(input.data.file_path, { text: hasImage ? null : shown, whole: !isPart })
  return true
}

function readEdit({ name, input, outputs }: ToolUse): Edit | null {
  const isNew = /^(?:Successfully created|Created new file)/.test(outputs[0]?.text ?? '')
  const change = isNew ? 'created' : 'changed'
  if (name === 'write_file') {
    const write = writeSchema.safeParse(input)
    return write.success ? { path: write.data.file_path, change, typed: write.data.content, isWholeFile: true } : null
  }
  if (name !== 'replace' && name !== 'edit') return null
  const edit = editSchema.safeParse(input)
  return edit.success ? { path: edit.data.file_path, change, typed: edit.data.new_string, isWholeFile: false } : null
}

function refusalOf(use: ToolUse): string | null {
  if (!use.isAnswered) return 'the record breaks off before the result'
  return use.isError === true ? joined(use) : null
}
