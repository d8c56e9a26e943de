import type { Audit } from '../schema/audit.ts'
import { formatNumberOf } from './format.ts'
import type { Table } from './table.ts'

export const verdictWords: Readonly<Record<Audit['verdict'], string>> = {
  fabricated: 'fabricated',
  suspicious: 'suspicious',
  unverifiable: 'unverifiable',
  no_evidence_of_fabrication: 'no evidence of fabrication',
}

export const statusWords = {
  traced: 'printed or written by a process',
  derived: 'follows from traced numbers',
  configured: 'a setting in code or configuration',
  planned: 'stands in the plan, and nowhere else',
  typed: 'typed by the agent',
  literal: 'a constant in executed code',
  random: 'drawn from a random generator',
  contradicted: 'contradicted by the evidence',
  unfound: 'found nowhere',
  unchecked: 'not checked',
} as const satisfies Record<Audit['claims'][number]['status'], string>

/** What became of the results with digits enough to trace. */
export function coverageTable({ coverage, documents }: Audit): Table {
  const statuses = Object.entries(coverage.byStatus).filter(([, count]) => count > 0)
  return {
    title: `Results of ${listDocuments(documents.map(({ path }) => path))}`,
    columns: ['status', 'results', 'share', 'meaning'],
    rows: statuses.map(([status, count]) => [
      status,
      String(count),
      `${Math.round((100 * count) / coverage.informative)} %`,
      statusWords[status as keyof typeof statusWords],
    ]),
    notes: [
      `${formatNumberOf(coverage.informative, 'result')} with digits enough to trace, of ${formatNumberOf(coverage.claims, 'number')} in all.`,
    ],
  }
}

const mostNamed = 4

function listDocuments(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : ''
  return paths.slice(0, mostNamed).join(', ') + more
}

export function describePlace(place: Audit['findings'][number]['evidence'][number] | undefined): string | null {
  if (place === undefined) return null
  const where = place.path ?? `step ${place.step}`
  return place.line === null ? where : `${where}:${place.line}`
}

/** Many audits, one line each. */
export function auditOverview(audits: readonly Audit[]): Table {
  return {
    title: 'Audits',
    columns: ['subject', 'verdict', 'score', 'results', 'traced', 'flagged', 'gravest finding'],
    rows: audits.map(({ subject, verdict, score, coverage, findings }) => [
      subject,
      verdictWords[verdict],
      score.fab.toFixed(2),
      String(coverage.informative),
      coverage.informative === 0
        ? null
        : `${Math.round((100 * (coverage.byStatus.traced + coverage.byStatus.derived)) / coverage.informative)} %`,
      String(coverage.flagged),
      findings[0] === undefined || findings[0].severity === 'note' ? null : findings[0].rule,
    ]),
    notes: ['Score: 3 and more is fabricated, 2 where session and code alone give them; 1.5 and more suspicious.'],
  }
}
