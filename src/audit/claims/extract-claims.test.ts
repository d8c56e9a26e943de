import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Claim, DocumentClaims } from './claim.ts'
import { extractClaims } from './extract-claims.ts'

const read = (text: string, path = 'paper.md'): DocumentClaims => extractClaims({ path, text }, 0)
const ofRole = (text: string, role: Claim['role'], path?: string): string[] =>
  read(text, path)
    .claims.filter((claim) => claim.role === role)
    .map(({ number }) => number.text)
const results = (text: string, path?: string): string[] => ofRole(text, 'result', path)
const inResults = (text: string): string[] => results(`## Results\n\n${text}\n`)

describe('a paper in Markdown', async () => {
  const text = await readFixture('paper.md')
  const { claims, tables } = read(text)

  test('has so many claims of each role, and tables', () => {
    expect(count(claims)).toEqual({ result: 48, informative: 46, setup: 20, other: 10 })
    expect(tables.map(({ isSetup, rows }) => [isSetup, rows.length])).toEqual([
      [false, 1],
      [true, 3],
      [false, 5],
      [false, 3],
      [false, 2],
    ])
  })

  test('says where every claim stands', () => {
    for (const { start, end, number, line } of claims) {
      expect(text.slice(start, end)).toBe(number.text)
      expect(text.slice(0, start).split('\n')).toHaveLength(line)
    }
    expect(claims.map(({ id }) => id)).toEqual(claims.map((_, index) => index))
  })

  test('reads the same with the line breaks of other systems', () => {
    for (const lineBreak of ['\r\n', '\r'])
      expect(count(read(text.replaceAll('\n', lineBreak)).claims)).toEqual(count(claims))
  })

  test('is not hidden by a fence around it', () => {
    expect(count(read(`\`\`\`markdown\n${text}\n\`\`\`\n`).claims).result).toBe(48)
    expect(count(read(`\`\`\`\n${text}`).claims).result).toBe(48)
  })

  test('keeps results of others, hopes, limits of confidence and labels apart', () => {
    expect(claims.filter(({ role }) => role === 'other').map(({ number }) => number.text)).toEqual([
      '8.3',
      '0.498',
      '15.5',
      '0.471',
      '95',
      '1',
      '10',
      '40',
      '20.5',
      '11.3',
    ])
  })
})

describe('a paper in LaTeX', async () => {
  const text = await readFixture('paper.tex')
  const { claims, tables } = read(text, 'paper.tex')

  test('has so many claims of each role, and tables', () => {
    expect(count(claims)).toEqual({ result: 21, informative: 20, setup: 4, other: 3 })
    expect(tables.map(({ isSetup, rows, caption }) => [isSetup, rows.length, caption])).toEqual([
      [true, 2, 'Hyperparameters of training.'],
      [false, 4, 'Error of the counters; 1,204 bees were counted by hand.'],
    ])
  })

  test('gives cells of merged rows and columns all their labels', () => {
    const cell = claims.find(({ number }) => number.text === '$-$0.52')
    expect(cell?.where).toMatchObject({ rowLabel: 'South Ours', columnLabel: 'Error (%) Dusk', row: 3, column: 3 })
    expect(cell?.section).toEqual(['Results'])
  })
})

describe('sections', () => {
  test.each([
    ['## 5. Results', 1],
    ['5. Experiment Results', 1],
    ['**6. Experiment Results**', 1],
    ['Results\n-------', 1],
    [' ## 2. Results Summary', 1],
    ['### Comparison of methods', 1],
    ['## 3. Methodology', 0],
    ['3.1 Problem Setting', 0],
    ['## Experimental Setup', 0],
    ['## Related Work', 0],
    ['## References', 0],
  ])('under %s prose states results or not', (heading, expected) => {
    const text = `# A title\n\n## Results\n\nNone yet.\n\n${heading}\n\nThe accuracy is 0.913.\n`
    expect(results(text)).toHaveLength(expected)
  })

  test('set-up below results is set-up, and a loose word below results is not', () => {
    expect(results('## Results\n\n### Implementation Details\n\nThe accuracy is 0.913.')).toEqual([])
    expect(results('## Results\n\n### Adaptation Metrics\n\nThe accuracy is 0.913.')).toEqual(['0.913'])
  })

  test('the title states nothing, and no section is called by it', () => {
    const { claims } = read('# Error Falls to 0.123 in our Results\n\n## Method\n\n## Results\n\nThe error is 0.456.\n')
    expect(claims.map(({ number, section }) => [number.text, section])).toEqual([['0.456', ['Results']]])
  })

  test('a report of results needs no heading that says so', () => {
    expect(results('# Run\n\n## Latency at length 10\n\nIt takes 0.913 s.', 'results.md')).toEqual(['0.913'])
    expect(results('The error is 0.913.')).toEqual(['0.913'])
  })
})

describe('prose', () => {
  test.each([
    ['The accuracy is 0.913.', ['0.913']],
    ['It is 12.5% better.', ['12.5']],
    ['It is 2.5× as fast.', ['2.5']],
    ['It handles 1,643 tokens/s.', ['1,643']],
    ["The correlation was r = 0.65 and Cronbach's alpha = 0.81.", ['0.65', '0.81']],
    ['- **Maintainability**: 89.8 vs. 85.2', ['89.8', '85.2']],
    ['The response time was 24.667 time steps.', ['24.667']],
    ['Unlike LoRA [3], our method reaches 92.3%.', ['92.3']],
  ])('%s states results', (text, expected) => {
    expect(inResults(text)).toEqual(expected)
  })

  test.each([
    'We ran it for 10 epochs on 12,500 samples.',
    'It has 1.3B parameters and 24.5M params.',
    'The dropout of 0.15 and a learning rate of 1.5e-4 were kept; $\\lambda = 0.45$.',
    'Zhao et al. (2023) reach 92.3%.',
    'We expect to reach 92.3%.',
    'See Section 4.2, Table 2.1 and Figures 3-5.',
    'In 2023 it was 2024.',
    '$$ a = 0.913 $$',
    'Accuracy ![0.913](0.913.png) [here](https://example.org/0.913)',
    '<!-- the accuracy is 0.913 -->',
    'A 95% confidence interval was used.',
  ])('%s states none', (text) => {
    expect(inResults(text)).toEqual([])
  })
})

describe('tables', () => {
  const labels = (text: string) =>
    read(`## Results\n\n${text}\n`).claims.flatMap(({ number, where, role }) =>
      where.kind === 'cell' ? [[number.text, role, where.rowLabel, where.columnLabel]] : [],
    )

  test('metrics may be rows', () => {
    expect(labels('| Metric | Base | Ours |\n|---|---|---|\n| F1 | 0.81 | 0.91 |\n| Epochs | 3 | 3 |')).toEqual([
      ['0.81', 'result', 'F1', 'Base'],
      ['0.91', 'result', 'F1', 'Ours'],
      ['3', 'setup', 'Epochs', 'Base'],
      ['3', 'setup', 'Epochs', 'Ours'],
    ])
  })

  test('a table without labels has values in its first column', () => {
    expect(labels('| Accuracy | F1 |\n|---|---|\n| 0.91 | 0.88 |').map(([text]) => text)).toEqual(['0.91', '0.88'])
    expect(labels('| Accuracy | F1 |\n|---|---|\n| 0.91 | 0.88 |').map(([, role]) => role)).toEqual([
      'result',
      'result',
    ])
  })

  test('text columns, empty cells and group rows make the label of a row', () => {
    const table = '| Set | Model | F1 |\n|---|---|---|\n| **Night** | | |\n| A | x | 0.81 |\n| | y | 0.82 |'
    expect(labels(table).map(([, , row]) => row)).toEqual(['Night A x', 'Night A y'])
  })

  test('ragged rows, escaped pipes, missing frames and quotations are read', () => {
    expect(labels('> A \\| B | F1\n> --- | ---\n> x | 0.81 | 0.82\n> y')).toEqual([
      ['0.81', 'result', 'x', 'F1'],
      ['0.82', 'result', 'x', ''],
    ])
  })

  test('columns that a program aligned are a table', () => {
    expect(
      labels('  Method Pass@1 Execution Rate\nbaseline 0.3297         0.6859\n    ours 0.4110         0.7707'),
    ).toEqual([
      ['0.3297', 'result', 'baseline', 'Pass@1'],
      ['0.6859', 'result', 'baseline', 'Execution Rate'],
      ['0.4110', 'result', 'ours', 'Pass@1'],
      ['0.7707', 'result', 'ours', 'Execution Rate'],
    ])
  })

  test('a table in a fence without a language is a table', () => {
    expect(labels('```\n| M | F1 |\n|---|---|\n| a | 0.81 |\n```')).toHaveLength(1)
  })

  test('numbers of a table of settings are settings, but for a metric among them', () => {
    expect(
      labels('| Parameter | Value |\n|---|---|\n| Batch size | 64 |\n| Final accuracy | 0.913 |').map(
        ([, role]) => role,
      ),
    ).toEqual(['setup', 'result'])
  })

  test('a table named by parameters that holds metrics is one of results', () => {
    expect(labels('| Configuration | F1 Score |\n|---|---|\n| small | 0.813 |')[0]?.[1]).toBe('result')
  })

  test('a single row is no header', () => {
    expect(labels('| a | 0.813 |\n|---|---|')).toHaveLength(1)
    expect(labels('<table><tr><td>a</td><td>0.813</td></tr></table>')).toHaveLength(1)
  })
})

test('two digits and a decimal or three digits inform, and values that stand everywhere do not', () => {
  const numbers = inResults('0.91%, 155%, 9.5%, 25%, 0.9%, 0.05%, 0.50%, 100%, 10.0%, 1.00%, 120%')
  const { claims } = read(`## Results\n\n${numbers.map((number) => `${number}%`).join(', ')}`)
  expect(claims.filter(({ informative }) => informative).map(({ number }) => number.text)).toEqual([
    '0.91',
    '155',
    '9.5',
  ])
})

test('ids count on from the first', () => {
  expect(extractClaims({ path: 'a.md', text: '0.5 and 0.6' }, 7).claims.map(({ id }) => id)).toEqual([7, 8])
})

test('of numbers without end the first 20,000 are read, and the rest is told', () => {
  const { claims, unread } = read('0.5 '.repeat(20_010))
  expect([claims.length, unread]).toEqual([20_000, 10])
})

test('any document is read, each claim where it says it stands', () => {
  let state = 11
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const pieces = [
    '# Results\n',
    '\n',
    '\r',
    '\r\n',
    '| a | 0.5 |',
    '|---|---|',
    '```',
    '~~~',
    '> ',
    '- ',
    '$$',
    '\\[',
    '\\]',
    '<table>',
    '<tr><td>',
    '</table>',
    '<!--',
    '-->',
    '0.91',
    ' ± 0.3',
    '12,345',
    '%',
    '\\begin{tabular}{l}',
    '\\end{tabular}',
    ' & ',
    '\\\\',
    '\\multirow{2}{*}{',
    '\\multicolumn{2}{c}{0.7',
    '}',
    '{',
    '[12]',
    '](',
    ')',
    '(A, 2020)',
    '\\cite{',
    'Table 1: x',
    '**',
    '. ',
    '\0',
    '\ud800',
    '\\section{Results}',
    '\\caption{',
    '\\begin{',
    '---\n',
    '===\n',
    'accuracy ',
  ]
  for (let round = 0; round < 600; round += 1) {
    const text = Array.from({ length: random(60) }, () => pieces[random(pieces.length)] ?? '').join('')
    for (const path of ['paper.md', 'paper.tex']) {
      const { claims, tables } = read(text, path)
      const places = new Set(claims.map(({ start }) => start))
      expect(places.size).toBe(claims.length)
      for (const { start, end, number } of claims) expect(text.slice(start, end)).toBe(number.text)
      const cells = claims.flatMap(({ where }) => (where.kind === 'cell' ? [where] : []))
      for (const { table, row, column } of cells) expect(tables[table]?.rows[row]?.cells[column]).toBeDefined()
    }
  }
})

test('takes own results told among limits for results, and hopes and plans for none', () => {
  const under = (heading: string, text: string): string[] =>
    results(`## Results\n\nGood.\n\n## ${heading}\n\n${text}\n`)
  expect(under('Limitations', 'Our accuracy falls to 41.2% at night.')).toEqual(['41.2'])
  expect(under('6. Limitations and Future Work', 'Our accuracy falls to 41.2% at night.')).toEqual(['41.2'])
  expect(under('Limitations', 'Nights are 41.2% of the year.')).toEqual([])
  expect(under('Limitations', 'We expect an accuracy of 41.2% at night.')).toEqual([])
  expect(under('Future Work', 'Our accuracy falls to 41.2% at night.')).toEqual([])
  expect(under('Related Work', 'Our accuracy falls to 41.2% at night.')).toEqual([])
})

test('a table with hundreds of thousands of rows in its head is read like any other', () => {
  const head = '<tr><th>Accuracy\n'.repeat(200_000)
  expect(results(`## Results\n\n<table><thead>${head}</thead><tr><td>0.913</td></tr></table>\n`)).toEqual(['0.913'])
})

function count(claims: readonly Claim[]): Record<string, number> {
  const of = (role: Claim['role']): number => claims.filter((claim) => claim.role === role).length
  const informative = claims.filter((claim) => claim.role === 'result' && claim.informative).length
  return { result: of('result'), informative, setup: of('setup'), other: of('other') }
}

async function readFixture(name: string): Promise<string> {
  return readFile(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
}
