import type { AuditFile } from '../subject/subject.ts'
import { readEntry } from './read-entry.ts'
import type { Reference } from './reference.ts'

const longestLine = 1_000

/** Works that a plan or a list of literature names on a line of their own: `1. **Title**: Some title (arXiv:2401.01234)`. */
export function readTitledLines(plan: AuditFile): Reference[] {
  return plan.text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    if (line.length > longestLine || !/arxiv/i.test(line)) return []
    const entry = readEntry(line, { path: plan.path, line: index + 1, key: null })
    const before = entry.text.split(/[([]?\s{0,2}arxiv/i, 1)[0] ?? ''
    const title = before.replace(/^\s{0,6}(?:\d{1,4}[.)]|[-•])?\s{0,6}(?:title:)?\s*/i, '').replace(/[\s(["“”.,:]+$/, '')
    const words = title.split(' ').length
    return words < 3 || words > 40 ? [] : [{ ...entry, title: entry.title ?? title }]
  })
}
