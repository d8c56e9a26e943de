import { filePlace } from '../evidence/place.ts'
import { hasName, isAblation, isNamed } from '../method/row-label.ts'
import { resultTables } from '../method/result-tables.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Methods with a row of results, and that nothing of the work names. */
export const missingBaseline: Rule = {
  id: 'missing-baseline',
  title: 'A row of results whose method nothing of the work names',
  part: 'none',
  catches:
    'Rows of result tables, or columns where methods stand above, whose label has no word that code that ran, commands, outputs, configuration or data know, in any spelling, by its initials or in part.',
  misses:
    'Methods that the code names and never runs, labels of words that stand everywhere, and descriptions without a name (an acronym, an inner capital, a number).',
  falsePositives: 'Labels that the paper words in another way than the code, such as a description in place of a name.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode) return []
    return resultTables(facts).flatMap(({ table, ofRow }): RuleFinding[] => {
      const rows = table.rows.map(({ cells, line }, row) => ({ label: cells[0] ?? '', line, row }))
      const unnamed = rows.filter(({ label }) => !isAblation(label, table) && !isNamed(label, record))
      const missing = unnamed.filter(({ label }) => hasName(label))
      // a table in which nothing is named is worded in another way than the code
      if (missing.length === 0 || unnamed.length * 2 > rows.length) return []
      return missing.flatMap(({ label, line, row }): RuleFinding[] => {
        const results = ofRow(row)
        if (results.length === 0) return []
        return [
          {
            severity: record.isComplete ? 'major' : 'minor',
            claims: results.map(({ id }) => id),
            message: `${table.path} gives results of "${label}" in line ${line}, and no code, command, output or data of the work names it`,
            evidence: [filePlace(table.path, { line, quote: table.rows[row]?.cells.join(' | ') ?? label })],
          },
        ]
      })
    })
  },
}
