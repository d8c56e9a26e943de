import { PrerequisiteError } from '../base/errors.ts'
import { isNamedJudge, namedJudges } from '../judges/index.ts'
import { rubricIds } from '../rubrics/rubric.ts'
import { type JudgeSpec, judgeSpecSchema, type RunConfig } from '../schema/config.ts'

/** The rubrics a run is judged with when none are named; `hallucination` is asked for by name. */
export const defaultRubrics = rubricIds.filter((id) => id !== 'hallucination')

/** A judge by name: one of those that are no models, otherwise a model. */
export function judgeSpec(name: string): JudgeSpec {
  if (isNamedJudge(name)) return namedJudges[name].spec
  const parsed = judgeSpecSchema.safeParse({ kind: 'model', model: name })
  if (!parsed.success)
    throw new PrerequisiteError(`no judge "${name}": give a model as provider/model, ${describeNamedJudges()}`)
  return parsed.data
}

const describeNamedJudges = (): string =>
  Object.entries(namedJudges)
    .map(([name, { about }]) => `or ${name}, ${about}`)
    .join(', ')

/** Throws PrerequisiteError for judges named twice, unknown rubrics, and rubrics without a judge. */
export function checkPanel({ judges, rubrics }: Pick<RunConfig, 'judges' | 'rubrics'>): void {
  const specs = judges.map((judge) => JSON.stringify(judge))
  const repeated = judges.find((_, index) => specs.indexOf(specs[index] ?? '') !== index)
  if (repeated !== undefined)
    throw new PrerequisiteError(
      `judge ${repeated.kind === 'model' ? repeated.model.model : repeated.name} is named twice; for several reviews by one judge: mlrbench judge --repeats`,
    )
  const unknown = rubrics.find((id) => !rubricIds.some((known) => known === id))
  if (unknown !== undefined) throw new PrerequisiteError(`no rubric "${unknown}"; there are: ${rubricIds.join(', ')}`)
  if (judges.length === 0 && rubrics.length > 0)
    throw new PrerequisiteError('say who judges: --judge provider/model, or two of them with a comma between')
}
