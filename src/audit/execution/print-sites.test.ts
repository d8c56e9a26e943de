import { expect, it } from 'vitest'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { indexPrintSites } from './print-sites.ts'

const sites = indexPrintSites({
  subject: subjectOf({ 'paper.md': '# A', 'run.py': 'print(f"Method {name} done:"\n      f" accuracy={acc:.3f}")\n' }),
  session: { steps: [], durationMs: null, showsCommands: true },
})

it('knows the line of a print statement, with what is filled in, over two lines of code', () => {
  expect(sites.canPrint('Method pruned done: accuracy=0.713')).toBe(true)
})

it('knows no line in other words', () => {
  expect(sites.canPrint('Catalyst batch weighs 12.4 grams')).toBe(false)
})

it('does not judge a line without words', () => {
  expect(sites.canPrint('0.713 0.688')).toBe(true)
})
