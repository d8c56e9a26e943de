import { oneLine } from '../base/text.ts'
import type { CoderResult } from '../coders/coder.ts'
import type { SandboxSpec } from '../schema/config.ts'

const longestMessage = 300

/** How a coder's work ended, in one line. */
export function describeEnding({ ending, steps, message }: CoderResult): string {
  const words = message.trim() === '' ? '' : `: ${oneLine(message, longestMessage)}`
  return `${ending} after ${steps} ${steps === 1 ? 'step' : 'steps'}${words}`
}

/** What a coder's prompt says of its means: minutes, GB, and whether `network` is there or how. */
export function describeResources(spec: SandboxSpec, timeLimitMs: number): Record<string, unknown> {
  const { network, gpus } = spec
  return {
    wall_time_minutes: upToTwoDecimals(timeLimitMs / 60_000),
    memory_gb: upToTwoDecimals(spec.memoryBytes / 1024 ** 3),
    cpus: spec.cpus,
    gpus: gpus === 'all' ? 'all of the machine' : gpus,
    network:
      typeof network === 'string'
        ? network === 'full'
        : `only through the proxy that HTTPS_PROXY names, and only ${network.allow.map((host) => hostNames.get(host) ?? host).join(', ')}`,
    read_only: Object.keys(spec.readOnly).join(', '),
  }
}

const hostNames = new Map([
  ['package-index', 'package indexes (PyPI, PyTorch, conda, CRAN, npm)'],
  ['model-hub', 'the Hugging Face hub'],
])

const upToTwoDecimals = (value: number): number => Math.round(value * 100) / 100
