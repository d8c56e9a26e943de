import { plain } from '../base/text.ts'
import type { Audit } from '../schema/audit.ts'
import { coverageTable, describePlace, verdictWords } from './audit-tables.ts'
import { renderMarkdown, type Table } from './table.ts'

/** One audit as Markdown: verdict, coverage, and every finding with claim and evidence quoted. */
export function renderAuditMarkdown(audit: Audit): string {
  return [
    `# Audit of ${quote(audit.subject)}`,
    `**${verdictWords[audit.verdict]}**, score ${audit.score.fab.toFixed(2)}. ${quote(audit.summary)}`,
    renderMarkdown([coverageTable(audit)]),
    '## Findings',
    ...(audit.findings.length === 0 ? ['None.'] : audit.findings.map((finding) => renderFinding(audit, finding))),
    ...(audit.claims.some(isOpen) ? [renderMarkdown([openClaims(audit)])] : []),
    ...(audit.notes.length > 0 || audit.leftOut.length > 0
      ? [
          '## Notes',
          [...audit.notes, ...audit.leftOut.map(({ path, reason }) => `not read: ${path}: ${reason}`)]
            .map((line) => `- ${quote(line)}`)
            .join('\n'),
        ]
      : []),
  ]
    .join('\n\n')
    .concat('\n')
}

function renderFinding({ claims }: Audit, finding: Audit['findings'][number]): string {
  const { id, severity, rule, message, evidence, disclosed } = finding
  const about = finding.claims.slice(0, 5).flatMap((claim) => {
    const known = claims[claim]
    return known === undefined
      ? []
      : [`- claim ${code(`${known.path}:${known.line}`)}: ${code(known.text)} (${quote(known.label)})`]
  })
  const places = evidence.map((place) => `- ${place.role} ${code(describePlace(place) ?? '')}: ${code(place.quote)}`)
  return [
    `### ${id + 1}. ${severity}: ${rule}${disclosed ? ' (said openly in the work)' : ''}`,
    quote(message),
    [...about, ...places].join('\n'),
  ].join('\n\n')
}

function isOpen({ role, informative, status }: Audit['claims'][number]): boolean {
  return role === 'result' && informative && status !== 'traced' && status !== 'derived'
}

function openClaims({ claims }: Audit): Table {
  return {
    title: 'Results that trace to no process',
    columns: ['where', 'number', 'what', 'status'],
    rows: claims.filter(isOpen).map(({ path, line, text, label, status }) => [`${path}:${line}`, text, label, status]),
    notes: [],
  }
}

/** Text of any origin as text, not as markup. */
function quote(text: string): string {
  return plain(text).replace(/[\\`*_[\]<>#|]/g, '\\$&')
}

function code(any: string): string {
  const text = plain(any)
  const fence = '`'.repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)))
  return text.includes('`') ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`
}
