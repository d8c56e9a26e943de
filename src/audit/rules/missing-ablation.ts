import { filePlace } from '../evidence/place.ts'
import { isAblation, isNamed } from '../method/row-label.ts'
import { resultTables } from '../method/result-tables.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const switches = /ablat|\bno_|\bwithout|w\/o|disable|\buse_\w+\s{0,2}=\s{0,2}False|enable|variant|skip_|remove_|only_/i

/** Ablations with results, and that nothing of the work could have run. */
export const missingAblation: Rule = {
  id: 'missing-ablation',
  title: 'An ablation that nothing of the work could have run',
  part: 'none',
  catches:
    'Rows of result tables that leave a part of the method out ("w/o …", "without …", "no …"), where no code that ran, command, output or data names the part, or none of it has any switch, variant or word for leaving something out.',
  misses: 'Ablations that code names and never runs.',
  falsePositives:
    'Ablations made by changing the code between two runs, and parts that the paper calls by another name.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode) return []
    const hasSwitch =
      record.run.some(({ file }) => switches.test(file.text)) ||
      facts.subject.files.some(({ path }) => /ablat/i.test(path))
    return resultTables(facts).flatMap(({ table, ofRow }): RuleFinding[] =>
      table.rows.flatMap(({ cells, line }, row): RuleFinding[] => {
        const label = cells[0] ?? ''
        if (!isAblation(label, table) || (hasSwitch && isNamed(label, record))) return []
        const results = ofRow(row)
        if (results.length === 0) return []
        return [
          {
            severity: record.isComplete ? 'major' : 'minor',
            claims: results.map(({ id }) => id),
            message: `${table.path} gives results of the ablation "${label}" in line ${line}, and ${hasSwitch ? 'no code, command, output or data of the work names that part' : 'no code that ran has a switch to leave a part out'}`,
            evidence: [filePlace(table.path, { line, quote: cells.join(' | ') })],
          },
        ]
      }),
    )
  },
}
