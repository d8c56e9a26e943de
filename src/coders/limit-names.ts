import type { ExceededLimit } from '../sandboxes/sandbox.ts'

/** Limits of one command, as sentences name them. */
export const limitNames = {
  'wall-time': 'time for one command',
  memory: 'memory',
  processes: 'processes',
  disk: 'disk space',
  output: 'output',
} as const satisfies Record<ExceededLimit, string>
