import { z } from 'zod'
import type { CoderEnding } from '../schema/event.ts'
import { type OpencodeTool, opencodeToolSchema, recordOpencodeTool, wasDenied } from './opencode-tools.ts'
import { endingOfError, unlessAllDenied } from './said-endings.ts'
import { showValue } from './show-value.ts'
import { readStreamWith, type StartReader } from './stream-reader.ts'

const optionalText = z.string().optional().catch(undefined)
const amount = z.number().nonnegative().nullable().default(null).catch(null)

const lineSchema = z.object({
  type: z.string(),
  timestamp: amount,
  part: z
    .object({
      text: optionalText,
      synthetic: z.boolean().optional().catch(undefined),
      reason: optionalText,
      cost: amount,
      tokens: z.object({ total: amount }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  error: z
    .object({
      name: optionalText,
      data: z.object({ message: optionalText, statusCode: amount }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
const toolLineSchema = z.object({ part: opencodeToolSchema })

/** Why a model stopped, as the last step says it. */
const endings = new Map<string, CoderEnding>([
  ['stop', 'done'],
  ['length', 'done'],
  ['content-filter', 'refused'],
  ['error', 'model-failed'],
])

/**
 * Reads the lines of `opencode run --format json` (1.18). A tool is told once it is done, so that one that was going on when the
 * program was ended leaves no line; thoughts come only with `--thinking`, and what the user asked not at all. What it says its
 * calls cost is null for a model whose prices it does not know.
 */
export const readOpencodeStream: StartReader = (recorder) => {
  let ending: CoderEnding = 'unknown'
  let lastWords = ''
  let [denials, carriedOut, steps, costUsd, tokens] = [0, 0, 0, 0, 0]
  let [firstMs, lastMs]: [number | null, number | null] = [null, null]
  function readTool(tool: OpencodeTool): void {
    if (wasDenied(tool)) {
      denials += 1
      return recorder.show(`Not allowed: ${tool.tool}`, showValue(tool.state.input))
    }
    carriedOut += 1
    recordOpencodeTool(recorder, tool)
  }
  return {
    read(value) {
      const parsed = lineSchema.safeParse(value)
      if (!parsed.success) return false
      const { type, timestamp, part, error } = parsed.data
      firstMs ??= timestamp
      lastMs = timestamp ?? lastMs
      if (type === 'tool_use') {
        const tool = toolLineSchema.safeParse(value)
        if (!tool.success) return false
        readTool(tool.data.part)
      }
      if (type === 'text' && part?.text !== undefined) {
        // the program itself speaks to the model
        if (part.synthetic === true) recorder.tell('The user says', part.text)
        else {
          recorder.say(part.text)
          lastWords = part.text
        }
      }
      if (type === 'reasoning') recorder.say(part?.text ?? '', { thought: true })
      if (type === 'step_start') ending = 'unknown'
      if (type === 'step_finish') {
        steps += 1
        costUsd += part?.cost ?? 0
        tokens += part?.tokens?.total ?? 0
        ending = endings.get(part?.reason ?? '') ?? 'unknown'
      }
      if (type === 'error') {
        lastWords = error?.data?.message ?? error?.name ?? 'an error without a message'
        recorder.show('Error', lastWords)
        ending = endingOfError(lastWords, error?.data?.statusCode ?? null)
      }
      return true
    },
    end: () => ({
      costUsd: costUsd > 0 && Number.isFinite(costUsd) ? costUsd : null,
      durationMs: firstMs === null || lastMs === null ? null : Math.max(0, lastMs - firstMs),
      totalTokens: tokens > 0 && Number.isSafeInteger(tokens) ? tokens : null,
      ending: unlessAllDenied(ending, { denials, carriedOut }),
      steps,
      message: ending === 'unknown' ? '' : lastWords,
      denials,
    }),
  }
}

/** Reads such lines after the end. */
export const readOpencode = readStreamWith(readOpencodeStream)
