import { PrerequisiteError } from '../base/errors.ts'
import type { ModelAccount } from '../models/model-account.ts'
import type { CoderSpec, Wire } from '../schema/config.ts'

/** Formats that a coder speaks, best first, against those of its model's provider. Throws PrerequisiteError when they share none. */
export function pickWire(spec: Pick<CoderSpec, 'kind' | 'model'>, wires: readonly Wire[], account: ModelAccount): Wire {
  const connected = account.connect(spec.model)
  const wire = wires.find((candidate) => connected.wires.includes(candidate))
  if (wire !== undefined) return wire
  throw new PrerequisiteError(
    `${spec.kind} asks its model by ${wires.join(' or ')}, and "${connected.name}" answers to ${connected.wires.join(', ') || 'none of the wire formats'}: ` +
      `choose another model, or, where its address does answer, say so with providers: {${connected.name}: {wires: [${wires[0] ?? ''}]}}`,
  )
}
