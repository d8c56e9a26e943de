import type { JudgeSpec } from '../schema/config.ts'
import { formCheck } from './form-check.ts'
import type { Judge } from './judge.ts'
import { modelJudge } from './model-judge.ts'

const ruleJudges = { 'scripted/form-check': formCheck } satisfies Record<string, Judge>

export const ruleJudgeNames = Object.keys(ruleJudges)

export function openJudge(spec: JudgeSpec): Judge {
  return spec.kind === 'model' ? modelJudge(spec.model) : ruleJudges[spec.name]
}

/** Whether a judge's name stands for rules rather than a model. */
export function isRuleJudge(name: string): name is keyof typeof ruleJudges {
  return name in ruleJudges
}
