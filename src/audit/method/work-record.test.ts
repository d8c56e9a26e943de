import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { workRecord } from './work-record.ts'

const files = {
  'paper.md': '# A title\nOnly the paper names Zeta.\n',
  'README.md': 'Only the readme names Theta.\n',
  'run.py': "load('Alpha_Net')\n",
  'old.py': "load('Kappa')\n",
  'data/lambda-test.csv': 'a,b\n1,2\n',
}

it('knows what code that ran, outputs, commands and data name, and nothing of what was written about it', async () => {
  const facts = await factsOf(files, sessionOf([{ ran: 'python run.py --on iota', output: 'loaded Mu-7B' }]))
  const record = workRecord(facts)
  expect(record.isComplete).toBe(true)
  expect(['alphanet', 'Lambda', 'mu 7b', 'iota'].map((name) => record.names(name))).toEqual([true, true, true, true])
  expect(['Zeta', 'Theta', 'Kappa'].map((name) => record.names(name))).toEqual([false, false, false])
  expect([record.codeNames('alphanet'), record.codeNames('iota')]).toEqual([true, false])
})

it('is not complete without a record of commands, and then any code may have run', async () => {
  const record = workRecord(await factsOf(files))
  expect(record.isComplete).toBe(false)
  expect(record.names('Kappa')).toBe(true)
})
