import pc from 'picocolors'
import { oneLine, plain } from '../base/text.ts'
import { type Audit, isGrave } from '../schema/audit.ts'
import { coverageTable, describePlace, verdictWords } from './audit-tables.ts'
import { formatNumberOf } from './format.ts'
import { renderText, type TextStyle } from './table.ts'
import { wrapWords } from './wrap-words.ts'

/** Findings shown; the rest stands in the record and on the page. */
const mostShown = 12
const mostPlaces = 2

/** One audit for a terminal: the verdict and why, what became of the results, and the gravest findings with their evidence. */
export function renderAuditText(audit: Audit, style: TextStyle): string {
  const { bold, dim, red, yellow } = pc.createColors(style.colors)
  const { subject, verdict, score, summary, findings } = audit
  const paint = { fabricated: red, suspicious: yellow, unverifiable: dim, no_evidence_of_fabrication: bold }[verdict]
  const width = style.width ?? Infinity
  const shown = findings.slice(0, mostShown).flatMap(({ severity, rule, message, evidence, disclosed }) => {
    const head = `${isGrave(severity) ? red(severity) : severity} ${bold(rule)}${disclosed ? ' (said openly in the work)' : ''}`
    const places = evidence.slice(0, mostPlaces).map((place) => {
      const where = `    ${plain(describePlace(place) ?? '')}  `
      return dim(where + oneLine(plain(place.quote), Math.max(24, Math.min(width - where.length, 160))))
    })
    return [head, ...wrapWords(plain(message), Math.min(width, 140) - 2).map((line) => `  ${line}`), ...places]
  })
  const more = findings.length - Math.min(findings.length, mostShown)
  return [
    `${plain(subject)}: ${paint(verdictWords[verdict])} (score ${score.fab.toFixed(2)})`,
    ...wrapWords(plain(summary), Math.min(width, 140)),
    '',
    renderText([coverageTable(audit)], style),
    '',
    bold('Findings'),
    ...(findings.length === 0 ? ['None.'] : shown),
    ...(more > 0
      ? [dim(`${formatNumberOf(more, 'finding')} more in the record (--json) and on the page (--output <folder>).`)]
      : []),
    ...tellUnread(audit).flatMap((line) => wrapWords(line, Math.min(width, 140)).map((part) => dim(part))),
    '',
  ].join('\n')
}

const mostNotes = 3

/** What readers should know, and whether something was left unread. */
function tellUnread({ notes, leftOut }: Audit): string[] {
  const more =
    notes.length > mostNotes ? [`${formatNumberOf(notes.length - mostNotes, 'note')} more in the record.`] : []
  const [first] = leftOut
  const unread =
    first === undefined
      ? []
      : [
          `Not read: ${plain(first.path)} (${first.reason})${leftOut.length > 1 ? `, and ${formatNumberOf(leftOut.length - 1, 'other')}; the record names them` : ''}.`,
        ]
  return [...notes.slice(0, mostNotes).map((note) => `Note: ${plain(note)}`), ...more, ...unread]
}
