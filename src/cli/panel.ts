import { PrerequisiteError } from '../base/errors.ts'
import { isNamedJudge, namedJudges } from '../judges/index.ts'
import type { Judge } from '../judges/judge.ts'
import { type LoadedRubric, loadRubric, rubricIds } from '../rubrics/rubric.ts'
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

export interface RubricChoice {
  readonly named: readonly string[] | undefined
  /** What to take when none are named, the first choice first. */
  readonly choices: readonly (readonly string[])[]
  /** Whether a rubric of a choice must be covered by every judge, or by some. */
  readonly by: 'every' | 'some'
}

/**
 * The rubrics that judges are tried under.
 * @returns those named, of which each has a judge that covers it; else of the first choice that has any, those covered
 * @throws PrerequisiteError when there are none
 */
export async function chooseRubrics(
  judges: readonly Judge[],
  { named, choices, by }: RubricChoice,
): Promise<LoadedRubric[]> {
  if (named !== undefined) {
    const rubrics = await Promise.all(named.map(loadRubric))
    const lost = rubrics.find((rubric) => !judges.some((judge) => judge.covers(rubric)))
    if (lost === undefined) return rubrics
    throw new PrerequisiteError(
      `no judge here has anything to say under the rubric "${lost.rubric.id}": ${(await Promise.all(judges.map(describeCover))).join('; ')}`,
    )
  }
  for (const choice of choices) {
    const rubrics = await Promise.all(choice.map(loadRubric))
    const covered = rubrics.filter((rubric) =>
      by === 'every' ? judges.every((judge) => judge.covers(rubric)) : judges.some((judge) => judge.covers(rubric)),
    )
    if (covered.length > 0) return covered
  }
  throw new PrerequisiteError(
    `these judges have no rubric in common: ${(await Promise.all(judges.map(describeCover))).join('; ')}. Try them one after the other, or name rubrics with --stage`,
  )
}

async function describeCover(judge: Judge): Promise<string> {
  const rubrics = await Promise.all(rubricIds.map(loadRubric))
  const covered = rubrics.filter((rubric) => judge.covers(rubric)).map(({ rubric }) => rubric.id)
  return `${judge.name} judges ${covered.join(', ')}`
}
