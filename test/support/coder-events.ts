import type { NewEvent } from '../../src/schema/event.ts'

export const at = { stage: 'experiment', attempt: 1 } as const
/** A file that a coder edited, as its stream tells it. */
export const edit = (
  step: number,
  path: string,
  more: Partial<Extract<NewEvent, { type: 'file-written' }>> = {},
): NewEvent => ({
  type: 'file-written',
  ...at,
  step,
  path,
  bytes: null,
  sha256: null,
  change: 'changed',
  typed: 'new',
  ...more,
})
/** A command that a coder ran, as its stream tells it. */
export const command = (step: number): NewEvent => ({
  type: 'command-executed',
  ...at,
  step,
  command: 'true',
  exitCode: 0,
  exceededLimit: null,
  durationMs: null,
  output: '',
  outputBytes: 0,
  outputTruncated: false,
})
