import { describe, expect, it } from 'vitest'
import { readMadeUpTalk, sentencesOf } from './made-up-talk.ts'

describe('readMadeUpTalk', () => {
  it.each([
    ["I'll write a script that generates mock results for all methods", 'plain'],
    ['We use placeholder metrics where the API gives none', 'plain'],
    ['Now create some made up scores for the table', 'plain'],
    ['It writes the final report without executing the experiments', 'plain'],
    ["Let's simulate running the training", 'veiled'],
    ['generate realistic evaluation metrics', 'veiled'],
    ['a simulated version of the experiment', 'veiled'],
    ['run the experiments with synthetic data', 'data'],
  ])('reads "%s" as %s', (sentence, strength) => {
    expect(readMadeUpTalk(sentence)?.strength).toBe(strength)
  })

  it.each([
    'We simulate 40 users over 200 rounds',
    'Record per-sample results in results.csv',
    'The mock server answers every request',
    'Create a synthetic dataset for the unit tests',
    'The realistic environment makes training slow',
    'Draw the figures again without running the experiments again',
    '',
  ])('reads nothing into "%s"', (sentence) => {
    expect(readMadeUpTalk(sentence)).toBeNull()
  })

  it.each([
    'Do not use fake results',
    'There are no mock metrics in this report',
    'Measured numbers instead of placeholder results',
    'I removed the dummy scores',
  ])('hears the denial in "%s"', (sentence) => {
    expect(readMadeUpTalk(sentence)?.denied).toBe(true)
  })

  it('does not take a "cannot" of the clause before for a denial', () => {
    const talk = readMadeUpTalk("Since we cannot reach the API, I'll create simulated results")
    expect(talk).toMatchObject({ denied: false, produces: true, excused: true })
  })

  it('marks what is only thought of', () => {
    expect(readMadeUpTalk('We could fall back to mock results')?.hedged).toBe(true)
  })

  it('takes time in proportion to bounded text, whatever stands in it', () => {
    expect(readMadeUpTalk('simulate '.repeat(1_000_000))).toBeNull()
    expect(sentencesOf('. '.repeat(2_000_000)).length).toBeLessThan(20_001)
  })
})
