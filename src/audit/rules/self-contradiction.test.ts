import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { selfContradiction } from './self-contradiction.ts'

const improvement = 'Latency falls from 37.4 ms to 9.6 ms, a 58.1% reduction.'
const fraction = 'It solves 12/30 (43.3%) of the problems.'

test('two contradictions of different kinds count', async () => {
  expect(await findings(`${improvement} ${fraction}`)).toMatchObject([
    { severity: 'major', points: 1, message: expect.stringMatching(/^2 kinds of contradiction.*12 of 30.*58\.1/s) },
  ])
})

test('one contradiction, or several of one kind, do not', async () => {
  expect(await findings(improvement)).toEqual([])
  expect(await findings(`${improvement}\n\nMemory falls from 51.3 GB to 6.2 GB, a 62.9% reduction.`)).toEqual([])
})

async function findings(results: string): Promise<ReturnType<typeof selfContradiction.find>> {
  return selfContradiction.find(await factsOf({ 'paper.md': `# T\n\n## Results\n\n${results}\n` }))
}
