import type { Claim } from '../claims/claim.ts'
import type { AuditFacts } from '../facts.ts'
import type { CellMismatch, TableAlignment } from '../matching/match.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Pairs of cells that one finding quotes. */
const mostQuoted = 6

export const contradictedCell: Rule = {
  id: 'contradicted-cell',
  title: 'A number differs from the result that it reports',
  part: 'claims',
  catches:
    "A paper's table is laid over the tables that programs wrote or printed (CSV, JSON, Markdown, aligned output, means over seeds and rows), whatever the order of rows and columns and whether shares or percentages are given. Where at least three cells agree, and twice as many as differ, the ones that differ are reported; gravest are numbers where the evidence holds none. Text that names one row and one column of the paper's own table, and gives another number, is reported too.",
  misses:
    'Tables of which no part is left in any file or output, tables that differ as a whole from what is left, and numbers in text that do not say which cell they repeat.',
  falsePositives:
    'A table that mixes two runs of the experiment of which only one is left, or a value that was computed in another way (best instead of last epoch) under the same name.',
  find(facts) {
    const findings: RuleFinding[] = []
    const inTables = new Set<number>()
    for (const alignment of facts.alignments) {
      for (const { claim } of alignment.mismatches) inTables.add(claim)
      const results = alignment.mismatches.filter(({ claim }) => facts.claims[claim]?.role === 'result')
      const missing = results.filter(({ isMissing }) => isMissing)
      const differing = results.filter(({ isMissing }) => !isMissing)
      if (missing.length > 0) findings.push(describe(facts, alignment, { cells: missing, severity: 'critical' }))
      if (differing.length > 0) findings.push(describe(facts, alignment, { cells: differing, severity: 'major' }))
      if (alignment.slips.length > 0)
        findings.push(describe(facts, alignment, { cells: alignment.slips, severity: 'minor' }))
    }
    for (const match of facts.matches) {
      const claim = facts.claims[match.claim]
      if (match.status !== 'contradicted' || claim?.role !== 'result' || inTables.has(claim.id)) continue
      const [place] = match.evidence
      findings.push({
        severity: 'major',
        claims: [claim.id],
        message: `Line ${claim.line} of ${claim.path} says ${claim.number.text} where the work's own results say otherwise: ${place?.quote ?? ''}`,
        evidence: match.evidence,
        ...(match.collision === null ? {} : { collision: match.collision }),
      })
    }
    return findings
  },
}

function describe(
  facts: AuditFacts,
  alignment: TableAlignment,
  { cells, severity }: { cells: readonly CellMismatch[]; severity: RuleFinding['severity'] },
): RuleFinding {
  const told = cells.slice(0, mostQuoted).map(({ claim, found }) => {
    const stated = facts.claims[claim]
    return stated === undefined
      ? ''
      : `${nameOf(stated)} is ${stated.number.text} against ${found === '' ? 'nothing' : found}`
  })
  const more = cells.length > mostQuoted ? `, and ${cells.length - mostQuoted} more` : ''
  const where = cells[0]?.evidence.path ?? 'the output of a command'
  const why =
    severity === 'minor'
      ? 'is cut off where it should be rounded'
      : `differs from ${where}${alignment.matches === 0 ? '' : `, with which ${alignment.matches} other cells agree`}`
  return {
    severity,
    claims: cells.map(({ claim }) => claim),
    message: `Table ${alignment.table + 1} of ${alignment.path} ${why}: ${told.join('; ')}${more}`,
    evidence: cells.slice(0, mostQuoted).map(({ evidence }) => evidence),
  }
}

function nameOf({ where, line }: Claim): string {
  return where.kind === 'cell' ? `${where.rowLabel} / ${where.columnLabel} (line ${line})` : `line ${line}`
}
