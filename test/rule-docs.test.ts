import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rulePage, writeCommand } from '../scripts/rule-docs/rule-page.ts'
import { rules } from '../src/audit/rules/index.ts'

const docs = join(import.meta.dirname, '../docs')
const page = readFileSync(join(docs, 'audit-rules.md'), 'utf8')

describe('docs/audit-rules.md', () => {
  test('is what the rules say today', () => {
    // not toBe: of two pages this long nobody wants to read the difference
    const isUpToDate = page === rulePage()
    expect(isUpToDate, `docs/audit-rules.md is out of date; run: ${writeCommand}`).toBe(true)
  })

  test('has a part for every rule', () => {
    const parts = [...page.matchAll(/^## (\S+)$/gm)].map(([, id]) => id)
    expect(parts).toEqual(rules.map(({ id }) => id))
  })
})

test('the page on the audit names no rule that is not there', () => {
  const text = readFileSync(join(docs, 'audit.md'), 'utf8')
  const linked = [...text.matchAll(/audit-rules\.md#([\w-]+)/g)].map(([, id]) => id)
  expect(linked.length).toBeGreaterThan(10)
  expect(linked.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([])
})
