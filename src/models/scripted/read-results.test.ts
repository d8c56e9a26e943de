import { expect, test } from 'vitest'
import { readResults } from './read-results.ts'

test('tables come with their headings, the discussion with its first paragraph, figures with their captions', () => {
  const results = readResults(
    '# R\n\n## Setup\n\n- one seed\n- two\n\n## Accuracy\n\nFirst.\n\nMeans\nof it.\n\n| a | b |\n|---|---|\n| c | 0.5 |\n\n![the caption](a.png)\n\n## Discussion\n\nIt works.\n\nMore.\n\n## Limitations\n\n- few',
  )
  expect(results.tables).toEqual([
    { heading: 'Accuracy', lead: 'Means of it.', table: '| a | b |\n|---|---|\n| c | 0.5 |' },
  ])
  expect(results.setup).toEqual(['one seed', 'two'])
  expect(results.discussion).toBe('It works.\n\nMore.')
  expect(results.finding).toBe('It works.')
  expect(results.captions.get('a.png')).toBe('the caption')
})

test('a file without any of these gives nothing', () => {
  expect(readResults('It failed.')).toMatchObject({ tables: [], setup: [], discussion: '', finding: null })
})
