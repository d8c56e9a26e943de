import { filePlace } from '../evidence/place.ts'
import { codeSettings, type SettingValue } from '../method/code-settings.ts'
import { isArchitecture } from '../method/stated-architecture.ts'
import { type StatedSetting, statedSettings } from '../method/stated-settings.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const mostPlaces = 3
const mostValues = 3

/** Settings that the paper states, and the code that ran gives another value. */
export const settingMismatch: Rule = {
  id: 'setting-mismatch',
  title: 'A setting that the code that ran gives another value',
  part: 'none',
  catches:
    'Epochs, batch sizes, learning rates, numbers of experts, folds, participants and other settings that the set-up states with one value, where constants, defaults, arguments, configuration files and command lines of what ran know other values only. Grave where they know a single one.',
  misses:
    'Settings that some place of the code gives the stated value, or more than three values, or a computed one, and settings under names of their own.',
  falsePositives:
    'A setting of another part of the work under the same name, such as the batch size of the evaluation.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode) return []
    const stated = Map.groupBy(
      statedSettings(facts).filter(({ setting }) => !isArchitecture(setting)),
      ({ setting, claim }) => `${setting}\n${claim.path}`,
    )
    if (stated.size === 0) return []
    const inCode = codeSettings(facts, record)
    const findings: RuleFinding[] = []
    for (const statements of stated.values()) {
      const [first] = statements
      if (first === undefined || statements.some(({ claim }) => claim.number.value !== first.claim.number.value))
        continue
      const values = inCode.get(first.setting) ?? []
      const others = knownValues(values)
      if (others.length === 0 || others.some((other) => isSame(other, first))) continue
      findings.push(describe(statements, { values, others, isComplete: record.isComplete }))
    }
    return findings
  },
}

/** The different values of a setting; none where one of them is computed, or there are too many to belong to one thing. */
function knownValues(values: readonly SettingValue[]): readonly number[] {
  const known = new Set<number>()
  for (const { value } of values) {
    if (value === null) return []
    known.add(value)
  }
  return known.size <= mostValues ? [...known] : []
}

/** Equal, or the same as a share and in percent. */
function isSame(value: number, { claim: { number } }: StatedSetting): boolean {
  return [value, value * 100].some((one) => Math.abs(one - number.value) <= 1e-9 * Math.abs(number.value))
}

function describe(
  statements: readonly StatedSetting[],
  { values, others, isComplete }: { values: readonly SettingValue[]; others: readonly number[]; isComplete: boolean },
): RuleFinding {
  const [first] = statements
  const claim = first?.claim
  return {
    severity: isComplete && others.length === 1 ? 'major' : 'minor',
    claims: statements.filter(({ claim: one }) => one.role !== 'result').map(({ claim: one }) => one.id),
    message: `The ${first?.setting ?? 'setting'} is ${claim?.number.text ?? ''} in line ${claim?.line ?? 0} of ${claim?.path ?? ''}, and ${others.join(' or ')} wherever ${isComplete ? 'the code that ran' : 'the code'} gives it`,
    evidence: [
      ...statements
        .slice(0, mostPlaces)
        .map((one) => filePlace(one.claim.path, { line: one.claim.line, quote: one.quote })),
      ...values.slice(0, mostPlaces).map(({ place }) => place),
    ],
  }
}
