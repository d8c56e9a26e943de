import type { Agent } from './agent.ts'
import { mlrAgent } from './mlr-agent.ts'

export const agents = { 'mlr-agent': mlrAgent } satisfies Record<string, Agent>
