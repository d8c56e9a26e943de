import { describe, expect, test } from 'vitest'
import { tableAgainstData } from './table-against-data.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

const data = JSON.stringify(
  {
    scores: {
      Ridge: { Accuracy: 0.81234, 'Latency (ms)': 12.4133 },
      Forest: { Accuracy: 0.87277, 'Latency (ms)': 35.0811 },
      Ours: { Accuracy: 0.90459, 'Latency (ms)': 13.9666 },
    },
  },
  null,
  2,
)
const header = '| Model | Accuracy | Latency (ms) |\n|---|---|---|'
const invented = ['| Ridge | 0.764 | 22.87 |', '| Forest | 0.829 | 51.62 |', '| Ours | 0.957 | 9.14 |']
const measured = ['| Ridge | 0.812 | 12.41 |', '| Forest | 0.873 | 35.08 |', '| Ours | 0.905 | 13.97 |']

function paper(rows: readonly string[], head = header): string {
  return `# On forests\n\n## Results\n\n${head}\n${rows.join('\n')}\n`
}

async function find(files: Readonly<Record<string, string>>) {
  const facts = await factsOf({ 'results.json': data, ...files })
  return tableAgainstData.find(facts)
}

describe('finds', () => {
  test('a table of which every cell stands in the data with another value', async () => {
    const [finding, ...others] = await find({ 'paper.md': paper(invented) })
    expect(others).toEqual([])
    expect(finding).toMatchObject({ severity: 'major', claims: [0, 1, 2, 3, 4, 5] })
    expect(finding?.message).toContain('Ridge / Accuracy (line 7) is 0.764 against 0.81234')
    expect(finding?.evidence[0]).toMatchObject({ path: 'results.json', role: 'contradicts' })
  })

  test('the same table in a report and in the paper: one is no evidence for the other', async () => {
    const found = await find({ 'paper.md': paper(invented), 'results.md': paper(invented) })
    expect(found.map(({ claims }) => claims?.length)).toEqual([6, 6])
  })

  test('rows and columns the other way round, and names written in another way', async () => {
    const rows = ['| accuracy | 0.764 | 0.829 | 0.957 |', '| latency | 22.87 | 51.62 | 9.14 |']
    expect(
      await find({ 'paper.md': paper(rows, '| Measure | RIDGE | forest | ours |\n|---|---|---|---|') }),
    ).toHaveLength(1)
  })
})

describe('leaves alone', () => {
  test('a table that repeats the data, as shares or percentages', async () => {
    const percent = ['| Ridge | 81.2 | 12.41 |', '| Forest | 87.3 | 35.08 |', '| Ours | 90.5 | 13.97 |']
    expect(await find({ 'paper.md': paper(measured) })).toEqual([])
    expect(await find({ 'paper.md': paper(percent) })).toEqual([])
  })

  test('a table of which a part agrees, which is compared cell by cell elsewhere', async () => {
    expect(await find({ 'paper.md': paper([...measured.slice(0, 1), ...invented.slice(1)]) })).toEqual([])
  })

  test('a second table on other data: the data belong to the one that repeats them', async () => {
    expect(
      await find({ 'paper.md': `${paper(measured)}\nOn the second data set:\n\n${header}\n${invented.join('\n')}\n` }),
    ).toEqual([])
  })

  test('values that another file gives under other names', async () => {
    const later = invented.map((row) => row.replaceAll(/[| ]+/g, ',').replaceAll(/^,|,$/g, '')).join('\n')
    expect(await find({ 'paper.md': paper(invented), 'rerun.csv': `run,a,b\n${later}\n` })).toEqual([])
  })

  test('means over several runs that are kept under the same names', async () => {
    const runs = (shift: number) =>
      `model,accuracy,latency_ms\nridge,${0.764 + shift},${22.87 + shift}\nforest,${0.829 + shift},${51.62 + shift}\nours,${0.957 + shift},${9.14 + shift}\n`
    const files = { 'paper.md': paper(invented), 'seed1.csv': runs(0.0121), 'seed2.csv': runs(-0.0157) }
    expect(tableAgainstData.find(await factsOf(files))).toEqual([])
  })

  test('rows and columns with other names, and tables of three cells', async () => {
    const other = invented.map((row) => row.replace(/^\| (\w+)/, '| $1 tuned'))
    expect(await find({ 'paper.md': paper(other) })).toEqual([])
    const short = '| Model | Accuracy |\n|---|---|'
    expect(
      await find({ 'paper.md': paper(['| Ridge | 0.764 |', '| Forest | 0.829 |', '| Ours | 0.957 |'], short) }),
    ).toEqual([])
  })

  test('a table against numbers that another report states, or code holds', async () => {
    const files = {
      'paper.md': paper(invented),
      'results.md': paper(measured),
      'run.py': 'scores = {"Ridge": {"Accuracy": 0.812}, "Forest": {"Accuracy": 0.873}}\n',
    }
    expect(tableAgainstData.find(await factsOf(files))).toEqual([])
  })
})

test('reads a large hostile grid of one name without end neither in time nor in findings', async () => {
  const row = `ours${',0.91234'.repeat(2_000)}`
  const csv = `model${',accuracy'.repeat(2_000)}\n${Array.from({ length: 50 }, () => row).join('\n')}\n`
  expect(tableAgainstData.find(await factsOf({ 'paper.md': paper(invented), 'wide.csv': csv }))).toEqual([])
})
