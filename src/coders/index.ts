import { bashLoop } from './bash-loop.ts'
import type { Coder } from './coder.ts'

export const coders = { 'bash-loop': bashLoop } satisfies Record<string, Coder>
