import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type Audit, auditSchema } from '../../schema/audit.ts'
import { renderAuditMarkdown } from '../audit-markdown.ts'
import { renderAuditPage } from './audit-page.ts'
import { pageScript } from './page-script.ts'

const text = '# Our </script><script>alert(1)</script> paper\n\nAccuracy is 0.913, against 0.874.\n'

const claim = (id: number, number: string): Audit['claims'][number] => ({
  id,
  path: 'paper.md',
  line: 3,
  start: text.indexOf(number),
  end: text.indexOf(number) + number.length,
  text: number,
  value: Number(number),
  role: 'result',
  informative: true,
  label: 'Accuracy is <b>high</b>',
  status: id === 0 ? 'contradicted' : 'traced',
  evidence: [{ path: 'results/metrics.json', step: null, line: 2, quote: '</script>"acc": 0.85', role: 'contradicts' }],
  collision: 0.01,
  findings: id === 0 ? [0] : [],
})

const audit: Audit = auditSchema.parse({
  schema: 'mlrbench/audit@1',
  id: 'a',
  rulesVersion: 1,
  subject: 'made <up>',
  verdict: 'suspicious',
  summary: 'One of two.',
  score: { fab: 1.5, claims: 1.5, execution: 0, code: 0 },
  record: 'none',
  coverage: {
    claims: 2,
    results: 2,
    informative: 2,
    byStatus: {
      traced: 1,
      derived: 0,
      configured: 0,
      planned: 0,
      typed: 0,
      literal: 0,
      random: 0,
      contradicted: 1,
      unfound: 0,
      unchecked: 0,
    },
    flagged: 1,
  },
  documents: [{ path: 'paper.md', sha256: 'a'.repeat(64), lines: 4, claims: 2 }],
  findings: [
    {
      id: 0,
      rule: 'contradicted-cell',
      severity: 'major',
      disclosed: false,
      claims: [0],
      message: 'The paper says 0.913 | the file says `0.85` <img src=x>',
      evidence: [{ path: 'results/metrics.json', step: null, line: 2, quote: '"acc": 0.85', role: 'contradicts' }],
      collision: 0.01,
      executed: null,
      points: 0,
    },
  ],
  claims: [claim(0, '0.913'), claim(1, '0.874')],
  reproduction: null,
  leftOut: [],
  notes: [],
})

describe('renderAuditPage', () => {
  const page = renderAuditPage(audit, [{ path: 'paper.md', text }])

  it('colours each number of a document by its status, at its place', () => {
    expect(page).toContain('class="n contradicted flagged" id="n0" data-claim="0"')
    expect(page).toMatch(/Accuracy is <button[^>]*>0\.913<\/button>, against <button[^>]*>0\.874<\/button>\./)
  })

  it('shows what the agent wrote as text, whatever markup it holds', () => {
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<b>high')
  })

  it('allows its own script and nothing from elsewhere', () => {
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/https?:\/\//)
    expect(() => new Script(pageScript)).not.toThrow()
  })

  it('carries the evidence of every number as data that cannot end its element', () => {
    const data = /<script type="application\/json" id="claims">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
    expect(JSON.parse(data)[0].evidence[0]).toEqual({
      role: 'contradicts',
      place: 'results/metrics.json:2',
      quote: '</script>"acc": 0.85',
    })
  })
})

describe('renderAuditMarkdown', () => {
  it('quotes claim and evidence by file and line, without their markup', () => {
    const markdown = renderAuditMarkdown(audit)
    expect(markdown).toContain('- claim `paper.md:3`: `0.913`')
    expect(markdown).toContain('- contradicts `results/metrics.json:2`: `"acc": 0.85`')
    expect(markdown).toContain('\\<img src=x\\>')
  })
})
