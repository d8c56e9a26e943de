import { filePlace } from '../execution/place.ts'
import { codeSettings, type SettingValue } from '../method/code-settings.ts'
import { type StatedSetting, statedSettings } from '../method/stated-settings.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const mostPlaces = 3

/** Settings that the paper states, and the code that ran gives another value. */
export const settingMismatch: Rule = {
  id: 'setting-mismatch',
  title: 'A setting that the code that ran gives another value',
  part: 'none',
  catches:
    'Epochs, batch sizes, learning rates, numbers of experts, folds, participants and other settings that the set-up states with one value, where constants, defaults, arguments, configuration files and command lines of what ran know one other value and no second one.',
  misses:
    'Settings that several places of the code give different values, computed ones, and settings under names of their own.',
  falsePositives:
    'A setting of another part of the work under the same name, such as the batch size of the evaluation.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode) return []
    const stated = Map.groupBy(statedSettings(facts), ({ setting, claim }) => `${setting}\n${claim.path}`)
    if (stated.size === 0) return []
    const inCode = codeSettings(facts, record)
    const findings: RuleFinding[] = []
    for (const statements of stated.values()) {
      const [first] = statements
      if (first === undefined || statements.some(({ claim }) => claim.number.value !== first.claim.number.value))
        continue
      const values = inCode.get(first.setting) ?? []
      const other = onlyValue(values)
      if (other === null || isSame(other, first)) continue
      findings.push(describe(statements, { values, other, isComplete: record.isComplete }))
    }
    return findings
  },
}

/** The one value that a setting has wherever it is given; null where there is none, or another one, or a computed one. */
function onlyValue(values: readonly SettingValue[]): number | null {
  const [first] = values
  if (first === undefined || first.value === null) return null
  return values.every(({ value }) => value === first.value) ? first.value : null
}

/** Equal, or equal once rounded as stated, or the same as a share and in percent. */
function isSame(value: number, { claim: { number } }: StatedSetting): boolean {
  const half = 0.5 * 10 ** -number.decimals
  return [value, value * 100].some(
    (one) =>
      Math.abs(one - number.value) <= (Number.isInteger(number.value) ? 1e-12 : half * 1.001) || one === number.value,
  )
}

function describe(
  statements: readonly StatedSetting[],
  { values, other, isComplete }: { values: readonly SettingValue[]; other: number; isComplete: boolean },
): RuleFinding {
  const [first] = statements
  const claim = first?.claim
  return {
    severity: isComplete ? 'major' : 'minor',
    claims: statements.filter(({ claim: one }) => one.role !== 'result').map(({ claim: one }) => one.id),
    message: `The ${first?.setting ?? 'setting'} is ${claim?.number.text ?? ''} in line ${claim?.line ?? 0} of ${claim?.path ?? ''}, and ${other} wherever the code that ran gives it`,
    evidence: [
      ...statements
        .slice(0, mostPlaces)
        .map((one) => filePlace(one.claim.path, { line: one.claim.line, quote: one.quote })),
      ...values.slice(0, mostPlaces).map(({ place }) => place),
    ],
  }
}
