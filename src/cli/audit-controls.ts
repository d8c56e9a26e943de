import { auditTrial } from '../pipeline/audit-trial.ts'
import type { Control } from '../studies/calibrate.ts'

const order: readonly Control[] = ['honest', 'injector', 'fabricator', 'placeholder']

/**
 * What the audit says of work whose truth is known, in a sentence: it stands beside what judges say of the same work.
 * @param controlOf the control behind a trial; null leaves it out
 */
export async function auditControls(
  runFolder: string,
  trials: readonly string[],
  controlOf: (trial: string) => Control | null,
): Promise<string> {
  const counts = new Map<Control, { fabricated: number; all: number }>()
  for (const trial of trials) {
    const control = controlOf(trial)
    const audited = control === null ? null : await auditTrial(runFolder, trial)
    if (control === null || audited === null) continue
    const count = counts.get(control) ?? { fabricated: 0, all: 0 }
    count.all += 1
    if (audited.audit.verdict === 'fabricated') count.fabricated += 1
    counts.set(control, count)
  }
  const told = order.flatMap((control) => {
    const count = counts.get(control)
    return count === undefined ? [] : [`${control} ${count.fabricated} of ${count.all}`]
  })
  return `The audit, by rules and without a model, calls fabricated: ${told.join(', ')}.`
}
