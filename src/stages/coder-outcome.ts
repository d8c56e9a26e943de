import type { CoderResult } from '../coders/coder.ts'
import { answerSettings } from '../models/question.ts'
import type { CoderSpec, ExperimentModels, SandboxSpec } from '../schema/config.ts'
import { describeEnding } from './describe-experiment.ts'
import { coderFailed, StageFailure } from './stage.ts'

/**
 * What of a coder and its surroundings decides what it does. Where its program lies does not; and settings that came later count only where
 * they are used, so that experiments of older runs are still known as done.
 */
export function coderSettings(
  spec: CoderSpec,
  around: { readonly sandbox: SandboxSpec | null; readonly experimentModels: ExperimentModels },
): unknown[] {
  const { program: _program, command, maxTokens, maxStreamBytes: _maxStreamBytes, ...coder } = spec
  const { models } = around.experimentModels
  return [
    {
      ...coder,
      model: answerSettings(spec.model),
      ...(command === null ? {} : { command }),
      ...(maxTokens === null ? {} : { maxTokens }),
    },
    around.sandbox === null ? null : sandboxSettings(around.sandbox),
    ...(models.length === 0 ? [] : [{ ...around.experimentModels, models: models.map(answerSettings) }]),
  ]
}

function sandboxSettings({ image, gpus, readOnly, environment, ...sandbox }: SandboxSpec): unknown {
  return {
    ...sandbox,
    ...(image === null ? {} : { image }),
    ...(gpus === 0 ? {} : { gpus }),
    ...(Object.keys(readOnly).length === 0 ? {} : { readOnly }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
  }
}

/**
 * A coder that a limit ended has done what it has done, and its report counts if there is one. One that broke down has not worked as it would,
 * whatever it left.
 * @throws StageFailure
 */
export function requireSoundEnding(result: CoderResult): void {
  switch (result.ending) {
    case 'done':
    case 'step-limit':
    case 'time-limit':
    case 'cost-limit':
    case 'token-limit':
    case 'output-limit':
    case 'memory-limit':
    case 'process-limit':
    case 'disk-limit':
      return
    case 'model-failed':
      throw new StageFailure(coderFailed, result.message)
    case 'denied':
    case 'refused':
    case 'crashed':
      throw new StageFailure(`coder-${result.ending}`, describeEnding(result))
  }
}
