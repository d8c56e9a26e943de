import { filePlace } from '../evidence/place.ts'
import { thingFinder } from '../method/lexicon.ts'
import { measures } from '../method/measures.ts'
import { resultTables } from '../method/result-tables.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Measures with results in the paper, and that nothing of the work names. */
export const missingMetric: Rule = {
  id: 'missing-metric',
  title: 'Results in a measure that nothing of the work names',
  part: 'none',
  catches:
    'Columns and rows of result tables under the name of a known measure, such as BLEU or AUROC, where no code that ran, no command, no output, no configuration and no data file names it in any spelling.',
  misses: 'Measures that the code names and does not compute, and measures that the work made up itself.',
  falsePositives: 'A measure that is computed under another name altogether.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode) return []
    const find = thingFinder(measures())
    return resultTables(facts).flatMap(({ table, ofColumn, ofRow }): RuleFinding[] => {
      const labels = [
        ...table.headers.map((label, column) => ({ label, claims: () => ofColumn(column), line: table.line })),
        ...table.rows.map(({ cells, line }, row) => ({ label: cells[0] ?? '', claims: () => ofRow(row), line })),
      ]
      return labels.flatMap(({ label, claims, line }): RuleFinding[] => {
        const missing = find(label.slice(0, 100)).filter(({ shown }) => !shown.some((alias) => record.names(alias)))
        const results = missing.length === 0 ? [] : claims()
        if (results.length === 0) return []
        return [
          {
            severity: record.isComplete ? 'major' : 'minor',
            claims: results.map(({ id }) => id),
            message: `${table.path} gives ${results.length} results under "${label}" (table in line ${table.line}), and no code, command, output or data of the work names ${missing.map(({ name }) => name).join(', ')}`,
            evidence: [filePlace(table.path, { line, quote: label })],
          },
        ]
      })
    })
  },
}
