import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { unfoundResult } from './unfound-result.ts'

const table = ['| Base | 0.812 | 0.794 |', '| Ours | 0.873 | 0.861 |', '| Ours (small) | 0.845 | 0.822 |']
const output = [
  'base: accuracy=0.81234, f1=0.79401',
  'ours: accuracy=0.87277, f1=0.86123',
  'ours small: accuracy=0.84459, f1=0.82209',
]

function paper(rows: readonly string[], text = ''): string {
  return `# On small things\n\n## Results\n\n| Method | Accuracy | F1 |\n|---|---|---|\n${rows.join('\n')}\n\n${text}\n`
}

async function find(files: Record<string, string>, session: Parameters<typeof factsOf>[1] = {}) {
  const facts = await factsOf(files, session)
  return unfoundResult
    .find(facts)
    .map(({ severity, claims }) => `${severity} ${(claims ?? []).map((id) => facts.claims[id]?.number.text).join(' ')}`)
}

describe('counts as grave', () => {
  test('the one number of a chapter that nothing holds, in a LaTeX paper whose other chapters can be traced', async () => {
    const rows = 'Base & 0.812 & 0.794 \\\\\nOurs & 0.873 & 0.861 \\\\\nOurs (small) & 0.845 & 0.822 \\\\\n'
    const files = {
      'paper.tex':
        '\\begin{document}\n\\begin{abstract}\nOurs reaches an accuracy of 0.917.\n\\end{abstract}\n\\input{results}\n\\end{document}\n',
      'results.tex': `\\section{Results}\n\\begin{tabular}{lcc}\nMethod & Accuracy & F1 \\\\\n${rows}\\end{tabular}\n`,
      'log.txt': output.join('\n'),
    }
    expect(await find(files)).toEqual(['major 0.917'])
    expect(await find({ ...files, 'paper.tex': files['paper.tex'].replace('0.917', '0.873') })).toEqual([])
    // it may follow from the table of the other chapter
    const gain = files['paper.tex'].replace('an accuracy of 0.917', '12.6 points more than the base')
    expect((await find({ ...files, 'paper.tex': gain })).filter((one) => one.startsWith('major'))).toEqual([])
  })

  test('a number of the text that nothing holds, in a paper that can be traced', async () => {
    const text = 'On held-out data the error rate is 7.43%.'
    expect(await find({ 'paper.md': paper(table, text), 'log.txt': output.join('\n') })).toEqual(['major 7.43'])
  })

  test('nearly all of a paper, when programs printed other numbers', async () => {
    const printed = Array.from({ length: 30 }, (_, step) => `step ${step}: loss=${(3.1 - step / 17).toFixed(5)}`).join(
      '\n',
    )
    const ran = sessionOf([{ ran: 'python train.py', output: printed }])
    const text = 'Accuracy is 0.9117 and 0.9234 with memory, F1 is 0.9021 and 0.9378.'
    const found = await find(
      { 'paper.md': `# T\n\n## Results\n\n${text}\n\nRecall is 0.8876, precision is 0.9468.\n` },
      ran,
    )
    expect(found).toEqual(['major 0.9117 0.9234 0.9021 0.9378 0.8876 0.9468'])
  })
})

describe('passes over', () => {
  test('results that were printed', async () => {
    expect(await find({ 'paper.md': paper(table), 'log.txt': output.join('\n') })).toEqual([])
  })

  test('what follows from the table: differences, changes, ratios, errors and means', async () => {
    const text = [
      'Ours improves accuracy by 7.5% over Base, relatively, and by 6.1 percentage points.',
      'The F1 gain is 0.067.',
      'The error of Ours in accuracy is 0.127.',
    ].join('\n\n')
    expect(await find({ 'paper.md': paper(table, text), 'log.txt': output.join('\n') })).toEqual([])
  })

  test('a number of a small table in a report that a program wrote, as long as it does not stand out from many', async () => {
    const methods = ['Base', 'Ours', 'Greedy', 'Random', 'Oracle', 'Mixed']
    const report = (rows: number, unfound: string) => {
      const values = methods.slice(0, rows).map((_, at) => (0.8123 + at / 37).toFixed(4))
      return {
        'paper.md': `# T\n\n${'Nothing is measured here. '.repeat(3)}\n`,
        'results.md': `# Results\n\n| Method | Accuracy |\n|---|---|\n${values.map((value, at) => `| ${methods[at]} | ${at === 1 ? unfound : value} |`).join('\n')}\n`,
        'log.txt': values.map((value, at) => (at === 1 ? 'done' : `${methods[at]} accuracy: ${value}`)).join('\n'),
      }
    }
    // Three others are too few; four are enough.
    expect(await find(report(4, '0.5417'))).toEqual(['minor 0.5417'])
    expect(await find(report(5, '0.5417'))).toEqual(['major 0.5417'])
    // The same table is grave where the agent wrote the report, however small.
    const files = report(4, '0.5417')
    const typed = sessionOf([
      { ran: 'python run.py', output: files['log.txt'] },
      { typed: 'results.md', text: files['results.md'] },
    ])
    expect(await find(files, typed)).toEqual(['major 0.5417'])
  })

  test('a number of a large table in a report that a program wrote, where another is nowhere either', async () => {
    const methods = ['Base', 'Ours', 'Greedy', 'Random', 'Oracle', 'Mixed', 'Frozen']
    const values = methods.map((_, at) => (0.6123 + at / 37).toFixed(4))
    const rows = values.map((value, at) => `| ${methods[at]} | ${value} |`).join('\n')
    const log = values.map((value, at) => (at < 2 ? 'done' : `${methods[at]} accuracy: ${value}`)).join('\n')
    const files = {
      'paper.md': '# T\n\nNothing is measured here.\n',
      'results.md': `# Results\n\n| Method | Accuracy |\n|---|---|\n${rows}\n`,
      'log.txt': log,
    }
    expect(await find(files)).toEqual([`minor ${values.slice(0, 2).join(' ')}`])
  })

  test('weights that make one together', async () => {
    const text = 'The score combines accuracy (0.35), F1 (0.25) and speed (0.40).'
    expect(await find({ 'paper.md': paper(table, text), 'log.txt': output.join('\n') })).toEqual([])
  })

  test('a mean of values that were rounded before, but for a note', async () => {
    // Of 0.95036, 0.96599 and 0.98631 the mean is 0.967553; of the values rounded to four digits it is 0.96757, and so 0.9676.
    const seeds = 'seed,test_f1\n0,0.9503546\n1,0.9659863\n2,0.9863013\n'
    const files = (said: string) => ({
      'paper.md': paper(table, `Over seeds the average test F1 is ${said}.`),
      'log.txt': output.join('\n'),
      'seeds.csv': seeds,
    })
    expect(await find(files('0.9676'))).toEqual(['minor 0.9676'])
    expect(await find(files('0.9714'))).toEqual(['major 0.9714'])
  })

  test('what the abstract says again', async () => {
    const text = 'With accuracy 0.873 the system is best.'
    const again = `# T\n\n## Abstract\n\nWe reach accuracy 0.873.\n\n${paper(table, text)}`
    expect(await find({ 'paper.md': again, 'log.txt': output.join('\n') })).toEqual([])
  })

  test('a paper of which nothing can be traced and nothing was recorded, but for a note', async () => {
    const found = await find({ 'paper.md': paper(table), 'log.txt': 'done' })
    expect(found).toEqual(['minor 0.812 0.794 0.873 0.861 0.845 0.822'])
  })
})
