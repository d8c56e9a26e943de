import { describe, expect, test } from 'vitest'
import { contradictedCell } from './contradicted-cell.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

const results = `method,accuracy,f1,latency_ms
base,0.81234,0.79401,12.4133
ours,0.87277,0.86123,15.0811
ours_no_memory,0.84459,0.82209,13.9666
`

function paper(rows: readonly string[], text = ''): string {
  return `# On remembering\n\n## Results\n\n| Method | Accuracy | F1 | Latency (ms) |\n|---|---|---|---|\n${rows.join('\n')}\n\n${text}\n`
}

const rows = [
  '| Base | 0.812 | 0.794 | 12.41 |',
  '| Ours | 0.873 | 0.861 | 15.08 |',
  '| Ours (no memory) | 0.845 | 0.822 | 13.97 |',
]

async function find(paperText: string, csv = results) {
  const facts = await factsOf({ 'paper.md': paperText, 'results.csv': csv })
  return contradictedCell
    .find(facts)
    .map(({ severity, claims }) => `${severity} ${(claims ?? []).map((id) => facts.claims[id]?.number.text).join(' ')}`)
}

function withRow(at: number, row: string): string[] {
  return rows.map((known, place) => (place === at ? row : known))
}

describe('finds', () => {
  test('a cell that differs from the file of results', async () => {
    expect(await find(paper(withRow(1, '| Ours | 0.893 | 0.861 | 15.08 |')))).toEqual(['major 0.893'])
  })

  test('a difference of one in the last digit that no rounding explains', async () => {
    expect(await find(paper(withRow(1, '| Ours | 0.873 | 0.862 | 15.08 |')))).toEqual(['major 0.862'])
  })

  test('two cells of one column that were exchanged', async () => {
    const swapped = ['| Base | 0.873 | 0.794 | 12.41 |', '| Ours | 0.812 | 0.861 | 15.08 |', rows[2] ?? '']
    expect(await find(paper(swapped))).toEqual(['major 0.873 0.812'])
  })

  test('a number where the evidence has none, gravest of all', async () => {
    expect(await find(paper(rows), results.replace('13.9666', 'nan'))).toEqual(['critical 13.97'])
  })

  test('a sentence that gives another number than the one cell it names', async () => {
    expect(await find(paper(rows, 'The base system reaches an accuracy of 0.836.'))).toEqual(['major 0.836'])
  })
})

describe('passes over', () => {
  test('a table that agrees, and text that repeats it', async () => {
    expect(await find(paper(rows, 'Ours reaches an accuracy of 0.873, against 81.2% for Base.'))).toEqual([])
  })

  test('a cell that is cut off instead of rounded, but for a note', async () => {
    expect(await find(paper(withRow(1, '| Ours | 0.872 | 0.861 | 15.08 |')))).toEqual(['minor 0.872'])
  })

  test('a table of another experiment', async () => {
    const other = [
      '| Base | 0.512 | 0.494 | 22.43 |',
      '| Ours | 0.573 | 0.561 | 25.06 |',
      '| Ours (no memory) | 0.545 | 0.522 | 23.98 |',
    ]
    expect(await find(paper(other))).toEqual([])
  })

  test('text that speaks of a change', async () => {
    expect(await find(paper(rows, 'Accuracy of Ours improves by 0.061 over Base.'))).toEqual([])
  })

  test('tables without end, unclosed, ragged, and of nothing but bars', async () => {
    const ragged = `## Results\n\n| a | b |\n|---|---|\n| x | 0.812 | 3.14 | 15 |\n| y |\n||||||||\n${'|'.repeat(5_000)}\n${'| 0.812 '.repeat(2_000)}`
    expect(await find(ragged)).toEqual([])
  })
})
