import { createHash } from 'node:crypto'
import { showTurns } from '../../base/text.ts'
import type { Audit, AuditClaim } from '../../schema/audit.ts'
import { describePlace, statusWords, verdictWords } from '../audit-tables.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

/** The text of an audited document, by the path that the audit names. */
export interface PageDocument {
  readonly path: string
  readonly text: string
}

/**
 * One self-contained HTML page: the documents with every number coloured by its status, and the findings beside them. It loads nothing, and what
 * the agent wrote is text in it and never markup.
 */
export function renderAuditPage(audit: Audit, documents: readonly PageDocument[]): string {
  // the page may run this one script and no other, whatever a paper smuggles in
  const allowed = createHash('sha256').update(pageScript).digest('base64')
  const style = createHash('sha256').update(pageStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${style}'; script-src 'sha256-${allowed}'; base-uri 'none'; form-action 'none'`
  const title = `Audit of ${audit.subject}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p class="verdict ${audit.verdict}"><strong>${verdictWords[audit.verdict]}</strong> <span>score ${audit.score.fab.toFixed(2)}</span></p>
<p>${escape(audit.summary)}</p>
${legend(audit)}
</header>
<main>
<div class="documents">
${documents.map((document) => renderDocument(audit, document)).join('\n')}
</div>
<aside aria-label="Findings and evidence">
<section id="claim" aria-live="polite" tabindex="-1"><p class="hint">Click a number to see where it comes from. Keys: n and p step through the numbers that a finding is about.</p></section>
${renderFindings(audit)}
${renderNotes(audit)}
</aside>
</main>
<script type="application/json" id="claims">${toScriptJson(describeClaims(audit))}</script>
<script>${pageScript}</script>
</body>
</html>
`
}

function legend({ coverage }: Audit): string {
  const entries = Object.entries(statusWords).map(
    ([status, meaning]) =>
      `<li><span class="n ${status}">${coverage.byStatus[status as keyof typeof statusWords]}</span> ${status}: ${meaning}</li>`,
  )
  return `<ul class="legend">${entries.join('')}</ul>`
}

function renderDocument({ claims }: Audit, { path, text }: PageDocument): string {
  const own = claims.filter((claim) => claim.path === path).toSorted((a, b) => a.start - b.start)
  const parts: string[] = []
  let done = 0
  for (const claim of own) {
    if (claim.start < done) continue
    parts.push(escape(text.slice(done, claim.start)), mark(claim, text.slice(claim.start, claim.end)))
    done = claim.end
  }
  parts.push(escape(text.slice(done)))
  return `<article><h2>${escape(path)}</h2><pre>${parts.join('')}</pre></article>`
}

function mark({ id, status, findings, label }: AuditClaim, text: string): string {
  const flag = findings.length > 0 ? ' flagged' : ''
  return `<button type="button" class="n ${status}${flag}" id="n${id}" data-claim="${id}" title="${escape(`${status}: ${label}`)}">${escape(text)}</button>`
}

function renderFindings({ findings }: Audit): string {
  const entries = findings.map(({ id, severity, rule, message, evidence, claims, disclosed, executed }) => {
    const places = evidence.map(
      (place) =>
        `<li>${place.role === 'context' ? '' : `${place.role} `}<code>${escape(describePlace(place) ?? '')}</code> <q>${escape(place.quote)}</q></li>`,
    )
    const about = claims
      .slice(0, 20)
      .map((claim) => `<a href="#n${claim}" data-claim="${claim}">number ${claim}</a>`)
      .join(' ')
    const asides = [
      ...(disclosed ? ['said openly in the work'] : []),
      ...(executed === true ? ['the code ran'] : executed === false ? ['the code did not run'] : []),
    ]
    return `<li id="f${id}" class="${severity}"><p><strong>${severity}</strong> <code>${escape(rule)}</code>${asides.length > 0 ? ` (${asides.join('; ')})` : ''}</p><p>${escape(message)}</p><ul>${places.join('')}</ul>${about === '' ? '' : `<p>About: ${about}</p>`}</li>`
  })
  return `<section><h2>Findings</h2>${entries.length === 0 ? '<p>None.</p>' : `<ol class="findings">${entries.join('')}</ol>`}</section>`
}

function renderNotes({ notes, leftOut }: Audit): string {
  const lines = [...notes, ...leftOut.map(({ path, reason }) => `not read: ${path}: ${reason}`)]
  if (lines.length === 0) return ''
  return `<section><h2>Notes</h2><ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul></section>`
}

function describeClaims({ claims, findings }: Audit): unknown {
  return claims.map(({ text, label, status, path, line, evidence, collision, findings: about }) => ({
    text,
    label,
    status,
    meaning: statusWords[status],
    place: `${path}:${line}`,
    collision,
    evidence: evidence.map((place) => ({ role: place.role, place: describePlace(place), quote: place.quote })),
    findings: about.flatMap((id) => {
      const finding = findings[id]
      return finding === undefined ? [] : [{ id, severity: finding.severity, message: finding.message }]
    }),
  }))
}

/** JSON that cannot end the script element it stands in. */
function toScriptJson(value: unknown): string {
  return showTurns(JSON.stringify(value))
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return (
    showTurns(text)
      .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
      // other control characters have no place in HTML, and some parsers stop at NUL
      .replaceAll(/\p{Cc}/gu, (character) => ('\t\n\r'.includes(character) ? character : '\uFFFD'))
  )
}
