import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'

const errors = JSON.stringify(
  {
    systems: [
      { id: 'finch', clean: { error_rate: 0.148543 }, noisy: { error_rate: 0.219142 } },
      { id: 'heron', clean: { error_rate: 0.085758 }, noisy: { error_rate: 0.210061 } },
    ],
  },
  null,
  1,
)

async function statusesOf(body: string, files: Record<string, string> = { 'out.json': errors }): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${body}\n`, ...files })
  return facts.claims
    .filter(({ informative }) => informative)
    .map(({ id, number }) => `${number.text} ${facts.matches[id]?.status}`)
}

describe('what is left to the whole', () => {
  const table = '| System | Clean accuracy | Noisy accuracy |\n|---|---|---|\n'

  test('gives an accuracy whose error rate is in the evidence, and what follows from it', async () => {
    const rows = '| finch | 85.15 | 78.09 |\n| heron | 91.42 | 78.99 |\n'
    expect(await statusesOf(table + rows)).toEqual(['85.15 derived', '78.09 derived', '91.42 derived', '78.99 derived'])
    expect(await statusesOf(`${table}${rows}\nHeron cuts clean errors by 42.3% against finch.`)).toContain(
      '42.3 derived',
    )
  })

  test('gives no other accuracy, and none of something else', async () => {
    expect(await statusesOf(`${table}| finch | 85.71 | 78.91 |\n`)).toEqual(['85.71 unfound', '78.91 unfound'])
    expect(await statusesOf('| System | Clean coverage |\n|---|---|\n| finch | 85.15 |\n')).toEqual(['85.15 unfound'])
  })

  test('gives errors in percent where the evidence has accuracies as shares', async () => {
    const files = { 'summary.txt': 'finch accuracy: 0.818244\nheron accuracy: 0.895892\n' }
    const body =
      '| Model | Accuracy |\n|---|---|\n| Finch | 0.818 |\n| Heron | 0.896 |\n\nThe error rate of finch is 18.2 %.'
    expect(await statusesOf(body, files)).toEqual(['0.818 traced', '0.896 traced', '18.2 derived'])
  })
})
