import type { JudgeSpec } from '../schema/config.ts'
import { openDistilledJudge } from './distilled/distilled.ts'
import { formCheck } from './form-check.ts'
import type { Judge } from './judge.ts'
import { modelJudge } from './model-judge.ts'

/** Judges that are no models, by the name they are asked for. */
export const namedJudges = {
  'scripted/form-check': {
    spec: { kind: 'rule', name: 'scripted/form-check' },
    about: 'which looks at form alone',
    open: () => formCheck,
  },
  'offline/distilled': {
    spec: { kind: 'distilled', name: 'offline/distilled' },
    about: 'which predicts from the words of ideas and proposals what LLM judges would say',
    open: openDistilledJudge,
  },
} satisfies Record<string, { spec: JudgeSpec; about: string; open: () => Judge }>

/** Throws PrerequisiteError when what the judge needs is not installed. */
export function openJudge(spec: JudgeSpec): Judge {
  return spec.kind === 'model' ? modelJudge(spec.model) : namedJudges[spec.name].open()
}

/** Whether a name stands for a judge that is no model. */
export function isNamedJudge(name: string): name is keyof typeof namedJudges {
  return Object.hasOwn(namedJudges, name)
}
