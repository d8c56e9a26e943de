import { expect, test } from 'vitest'
import { readTitledLines } from './read-titled-lines.ts'

test('reads titles that stand before an identifier on a line of their own', () => {
  const text = `1. **Title**: GraphMix: Mixing graphs (arXiv:2401.01234)
   - **Year**: 2024
## Another work of note [arXiv:2402.01234v2]
- Mixing graphs without end: a survey (arXiv 2403.01234).
Some text about this (GraphMix – arXiv:2401.01234) and that.
Some text about this, and that too (arXiv:2401.01234) in the middle.
`
  expect(readTitledLines({ path: 'related_work.md', text })).toMatchObject([
    { line: 1, title: 'GraphMix: Mixing graphs', arxiv: '2401.01234' },
    { line: 3, title: 'Another work of note', arxiv: '2402.01234' },
    { line: 4, title: 'Mixing graphs without end: a survey', arxiv: '2403.01234' },
  ])
})
