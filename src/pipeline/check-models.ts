import { PrerequisiteError } from '../base/errors.ts'
import { coders } from '../coders/index.ts'
import { pickWire } from '../coders/pick-wire.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import { requireSandbox } from '../sandboxes/index.ts'
import type { RunConfig } from '../schema/config.ts'

/** Missing keys and unknown providers show before the first call, not after an hour. */
export function checkModels(
  config: Pick<RunConfig, 'agents' | 'judges' | 'stages'> & Partial<Pick<RunConfig, 'experimentModels'>>,
  models: ModelCaller,
): void {
  for (const agent of config.agents) {
    if (agent.kind === 'command') {
      models.check(agent.coder.model)
      continue
    }
    if (config.stages.some((stage) => stage === 'idea' || stage === 'proposal' || stage === 'paper'))
      models.check(agent.model)
    if (config.stages.includes('literature')) models.check(agent.searchModel)
    if (config.stages.includes('experiment')) models.check(agent.coder.model)
  }
  for (const model of config.experimentModels?.models ?? []) models.check(model)
  for (const judge of config.judges) if (judge.kind === 'model') models.check(judge.model)
}

/** So do coders that are not installed, or that cannot speak to their model's provider. */
export async function checkCoders(config: Pick<RunConfig, 'agents' | 'stages'>, models: ModelCaller): Promise<void> {
  for (const agent of config.agents) {
    if (agent.kind !== 'command' && !config.stages.includes('experiment')) continue
    const { wires } = await coders[agent.coder.kind].prepare(agent.coder)
    if (wires !== null) pickWire(agent.coder, wires, models.account)
  }
}

/** And a sandbox that does not work here, lacks its image, or cannot hold the network that was asked for. */
export async function checkSandbox({ sandbox }: Pick<RunConfig, 'sandbox'>): Promise<void> {
  if (sandbox === null) return
  const { kind, network, image, gpus } = sandbox
  const hasImages = kind === 'container' || kind === 'apptainer'
  if (!hasImages && (image !== null || gpus !== 0))
    throw new PrerequisiteError(`the sandbox "${kind}" has no images and gives no GPUs: name container or apptainer`)
  if (kind === 'host' && typeof network !== 'string')
    throw new PrerequisiteError(
      'the sandbox "host" cannot hold experiments to a list of hosts: name another sandbox, or network none or full',
    )
  await requireSandbox(kind, hasImages ? { name: image } : undefined)
}
