import { describe, expect, test } from 'vitest'
import type { DocumentClaims } from '../claims/claim.ts'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const csv = 'method,accuracy,f1\nbase,0.81234,0.79401\nours,0.87277,0.86123\nours_small,0.84459,0.82209\n'
const table =
  '| Method | Accuracy | F1 |\n|---|---|---|\n| Base | 0.812 | 0.794 |\n| Ours | 0.873 | 0.861 |\n| Ours small | 0.845 | 0.822 |\n'

/** Statuses of the text's numbers, by what is written. */
async function statusesOf(text: string, files: Record<string, string> = { 'out.csv': csv }, session = {}) {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n${text}\n`, ...files }, session)
  const [paper] = facts.documents
  const claims = (paper as DocumentClaims).claims.filter(
    ({ where, informative }) => where.kind === 'prose' && informative,
  )
  return claims.map((claim) => `${claim.number.text} ${facts.matches[claim.id]?.status}`)
}

test('there is one match for every claim, by its id', async () => {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}`, 'out.csv': csv })
  expect(facts.matches.map(({ claim }) => claim)).toEqual(facts.claims.map(({ id }) => id))
})

test('cells are traced to the line of the file that holds them', async () => {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}`, 'out.csv': csv })
  const cell = facts.claims.find(({ number }) => number.text === '0.861')
  const match = facts.matches[cell?.id ?? -1]
  expect(match).toMatchObject({ status: 'traced', strength: 'strong' })
  expect(match?.evidence[0]).toMatchObject({ path: 'out.csv', line: 3, role: 'origin' })
})

test('cells are traced to the line of a JSON record that holds them, not to the one where the record begins', async () => {
  const record = { base: { accuracy: 0.81234, f1: 0.79401 }, ours: { accuracy: 0.87277, f1: 0.86123 } }
  const facts = await factsOf({
    'paper.md': `# T\n\n## Results\n\n${table}`,
    'out.json': JSON.stringify({ ...record, ours_small: { accuracy: 0.84459, f1: 0.82209 } }, null, 2),
  })
  const cell = facts.claims.find(({ number }) => number.text === '0.861')
  expect(facts.matches[cell?.id ?? -1]?.evidence[0]).toMatchObject({ line: 8, quote: '"f1": 0.86123' })
})

describe('a number of the text', () => {
  test('shares the fate of the cell that it repeats, as a share or in percent, more exactly or less', async () => {
    expect(await statusesOf('Ours reaches an accuracy of 87.3% and an F1 of 0.86.')).toEqual([
      '87.3 traced',
      '0.86 traced',
    ])
  })

  test('follows from cells by difference and by relative change', async () => {
    expect(await statusesOf('Accuracy of Ours improves by 6.1 percentage points over Base.')).toEqual(['6.1 derived'])
    expect(await statusesOf('Accuracy of Ours improves by 7.51% over Base.')).toEqual(['7.51 derived'])
    expect(await statusesOf('The accuracy gap between Ours and Base is 0.061.')).toEqual(['0.061 derived'])
  })

  test('follows from what the evidence has before rounding, where it does not from what is written', async () => {
    const files = { 'out.txt': 'plain accuracy: 85.1455\nsmall accuracy: 78.6372\n' }
    const body = '| Model | Accuracy |\n|---|---|\n| Plain | 85.1 |\n| Small | 78.6 |\n'
    const facts = await factsOf({
      'paper.md': `# T\n\n## Results\n\n${body}\nAccuracy falls by 7.64% from plain to small.\n`,
      ...files,
    })
    const fall = facts.claims.find(({ number }) => number.text === '7.64')
    expect(facts.matches[fall?.id ?? -1]?.status).toBe('derived')
  })

  test('follows from other numbers of the text, near it and written alike', async () => {
    const files = { 'results.toml': '[plain]\naccuracy = 0.836502\n[robust]\naccuracy = 0.865698\n' }
    const said = 'Plain features have an accuracy of 83.65 %. Robust features have an accuracy of 86.57 %.'
    const statuses = async (text: string) => {
      const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${said}\n\n${text}\n`, ...files })
      return facts.claims.map(({ id, number }) => `${number.text} ${facts.matches[id]?.status}`).slice(2)
    }
    expect(await statuses('Robust features make 17.9 % fewer errors, and gain 2.92 points.')).toEqual([
      '17.9 derived',
      '2.92 derived',
    ])
    expect(await statuses('Robust features make 24.3 % fewer errors, and gain 3.41 points.')).toEqual([
      '24.3 unfound',
      '3.41 unfound',
    ])
  })

  describe('that other evidence holds by accident', () => {
    const files = {
      'results.json': JSON.stringify({ treatment: { recall: 0.65114 }, control: { recall: 0.48873 } }),
      'delays.csv': `step,delay\n${Array.from({ length: 11 }, (_, step) => `${step},${(0.11 + step / 100).toFixed(2)}`).join('\n')}\n`,
    }
    const said = 'The treatment group has a recall of 0.65, the control group a recall of 0.49.'
    const matchOf = async (text: string) => {
      const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${text}\n`, ...files })
      const claim = facts.claims.find(({ number }) => number.text.startsWith('0.1'))
      const { status, strength } = facts.matches[claim?.id ?? -1] ?? {}
      return `${claim?.number.text} ${status} ${strength}`
    }

    test('follows from the two numbers beside it', async () => {
      expect(await matchOf(`${said} This is an improvement of 0.16.`)).toBe('0.16 derived strong')
      expect(await matchOf(`${said} This is an improvement of 0.17.`)).toBe('0.17 traced blind')
    })

    test('follows as a change only from numbers with digits enough', async () => {
      const change = async (values: readonly [string, string], text: string) => {
        const delays = Array.from({ length: 60 }, (_, at) => `${at},${(2 + at / 10).toFixed(1)}`).join('\n')
        const facts = await factsOf({
          'paper.md': `# T\n\n## Results\n\nThe recall of the treatment group is ${values[0]}, that of the control group ${values[1]}. This improves it by ${text}.\n`,
          'results.json': JSON.stringify({ treatment: { recall: 0.81114 }, control: { recall: 0.77123 } }),
          'delays.csv': `step,delay\n${delays}\n`,
        })
        const claim = facts.claims.at(-1)
        const { status, strength } = facts.matches[claim?.id ?? -1] ?? {}
        return `${claim?.number.text} ${status} ${strength}`
      }
      expect(await change(['0.8111', '0.7712'], '5.2 %')).toBe('5.2 derived strong')
      expect(await change(['0.81', '0.77'], '5.2 %')).toBe('5.2 traced blind')
    })

    test('does not follow from two numbers further away, or with others between them', async () => {
      const between = 'Participants of both groups were asked the same questions in the same order. '.repeat(5)
      expect(await matchOf(`${said} ${between}This is an improvement of 0.16.`)).toBe('0.16 traced blind')
      const other = 'The treatment group has a recall of 0.65. '.repeat(2)
      expect(await matchOf(`${said} ${other}This is an improvement of 0.16.`)).toBe('0.16 traced blind')
    })
  })

  test('follows from two cells of a row that are of one metric', async () => {
    const gaps =
      '| Model | Train accuracy | Test accuracy |\n|---|---|---|\n| Small | 0.9127 | 0.8432 |\n| Large | 0.9871 | 0.8514 |\n'
    const files = { 'out.csv': 'model,train_accuracy,test_accuracy\nsmall,0.9127,0.8432\nlarge,0.9871,0.8514\n' }
    const text = 'The gap of Large between train and test is 0.1357.'
    expect(await statusesOf(`${gaps}\n${text}`, files)).toEqual(['0.1357 derived'])
    expect(await statusesOf(`${gaps}\n${text.replace('0.1357', '0.1395')}`, files)).toEqual(['0.1395 unfound'])
  })

  test('is contradicted where its clause names one cell and says another value', async () => {
    expect(await statusesOf('Base has an accuracy of 0.834.')).toEqual(['0.834 contradicted'])
  })

  test('is typed where only the agent wrote it', async () => {
    const report = 'The robustness score is 0.7713.\n'
    const session = sessionOf([{ typed: 'results.md', text: report }])
    const files = { 'out.csv': csv, 'results.md': report }
    expect(await statusesOf('The robustness score is 0.7713.', files, session)).toEqual(['0.7713 typed'])
  })

  test('is unfound where nothing holds it', async () => {
    expect(await statusesOf('On the second task, the score is 0.6127.')).toEqual(['0.6127 unfound'])
  })
})

describe('two cells of a column', () => {
  const history = ['model,epoch,val_acc']
  for (const [model, first] of [
    ['mlp', 0.6113],
    ['logreg', 0.5427],
  ] as const)
    for (let epoch = 1; epoch <= 5; epoch += 1) history.push(`${model},${epoch},${(first + epoch / 37).toFixed(4)}`)
  const csvOfEpochs = `${history.join('\n')}\n`
  const paper = (cells: readonly [string, string]) =>
    `# T\n\n## Results\n\n| Model | Final val accuracy |\n|---|---|\n| MLP | ${cells[0]} |\n| Logistic regression | ${cells[1]} |\n`
  const statusOf = async (cells: readonly [string, string]) => {
    const facts = await factsOf({ 'paper.md': paper(cells), 'history.csv': csvOfEpochs })
    return facts.claims.map(({ number, id }) => `${number.text} ${facts.matches[id]?.status}`)
  }

  test('are traced where each stands under its own name', async () => {
    expect(await statusOf(['0.7464', '0.6778'])).toEqual(['0.7464 traced', '0.6778 traced'])
  })

  test('are contradicted where each stands under the name of the other', async () => {
    expect(await statusOf(['0.6778', '0.7464'])).toEqual(['0.6778 contradicted', '0.7464 contradicted'])
  })

  test('are no exchange where only one of them stands under the name of the other', async () => {
    expect(await statusOf(['0.6778', '0.7321'])).toEqual(['0.6778 traced', '0.7321 unfound'])
  })
})
