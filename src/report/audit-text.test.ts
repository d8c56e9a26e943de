import { describe, expect, test } from 'vitest'
import { coverageTable } from './audit-tables.ts'
import { renderAuditText } from './audit-text.ts'
import { renderRuleText } from './rule-text.ts'
import { wrapWords } from './wrap-words.ts'

describe('wrapWords', () => {
  test('breaks at spaces, and leaves a word that is too long a line of its own', () => {
    expect(wrapWords('one two three-and-a-half four', 8)).toEqual(['one two', 'three-and-a-half', 'four'])
  })
})

describe('renderRuleText', () => {
  const rule = { title: 'A thing', catches: 'One.', misses: 'Two.', falsePositives: 'Three.' }

  test('says of each rule what counts for the score, without markup', () => {
    const rules = [
      { id: 'some-rule', part: 'code' as const, ...rule },
      { id: 'other-rule', part: 'none' as const, ...rule },
    ]
    expect(renderRuleText(rules, { width: null, colors: false })).toBe(
      'some-rule (counts for: code)\n  finds: A thing\n  catches: One.\n  misses: Two.\n  can be wrong: Three.\n\n' +
        'other-rule (for readers only)\n  finds: A thing\n  catches: One.\n  misses: Two.\n  can be wrong: Three.\n',
    )
  })

  test('stays within a narrow terminal', () => {
    const told = renderRuleText([{ id: 'r', part: 'none', ...rule, misses: 'word '.repeat(40).trim() }], {
      width: 40,
      colors: false,
    })
    expect(Math.max(...told.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40)
  })
})

describe('coverageTable', () => {
  const documents = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: `p${index}.tex`, sha256: '', lines: 1, claims: 0 }))
  const coverage = { claims: 0, results: 0, informative: 0, flagged: 0, byStatus: {} }

  test('names four documents and counts the others', () => {
    const title = (count: number) => coverageTable({ documents: documents(count), coverage } as never).title
    expect(title(2)).toBe('Results of p0.tex, p1.tex')
    expect(title(30)).toBe('Results of p0.tex, p1.tex, p2.tex, p3.tex and 26 more')
  })
})

describe('renderAuditText', () => {
  const audit = (more: object) =>
    ({
      subject: 'work',
      verdict: 'unverifiable',
      summary: 'Nothing is known.',
      score: { fab: 0, claims: 0, execution: 0, code: 0 },
      coverage: { claims: 0, results: 0, informative: 0, flagged: 0, byStatus: {} },
      documents: [],
      findings: [],
      notes: [],
      leftOut: [],
      ...more,
    }) as never
  const style = { width: null, colors: false }

  test('ends with the findings where all was read', () => {
    expect(renderAuditText(audit({}), style)).toMatch(/Findings\nNone\.\n$/)
  })

  test('says what readers should know, and what was not read', () => {
    const leftOut = ['a.csv', 'b.csv'].map((path) => ({ path, bytes: 9, reason: 'larger than 8 MiB' }))
    const told = renderAuditText(audit({ leftOut, notes: ['one', 'two', 'three', 'four', 'five'] }), style)
    expect(told).toMatch(
      /None\.\nNote: one\nNote: two\nNote: three\n2 notes more in the record\.\nNot read: a\.csv \(larger than 8 MiB\), and 1 other; the record names them\.\n$/,
    )
  })
})
