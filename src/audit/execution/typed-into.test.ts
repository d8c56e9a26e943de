import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { type MadeUpAct, sessionOf } from '../../../test/support/session-of.ts'
import { indexTyped } from './typed-into.ts'

const index = async (acts: readonly MadeUpAct[]) =>
  indexTyped((await factsOf({ 'paper.md': '# A\n' }, sessionOf(acts))).session)

it('names the last step that typed most of a text', async () => {
  const typed = await index([
    { typed: 'a.txt', text: 'loss 1\nloss 2\nloss 3' },
    { ran: "echo 'loss 2' > a.txt" },
    { typed: 'b.txt', text: 'loss 1\nloss 2\nloss 3' },
  ])
  expect(typed.stepThatTyped('  loss 1\nloss   2\nloss 3\nwords alone', { withCode: false })).toBe(3)
})

it('names none where less than half was typed, or nothing has a number', async () => {
  const typed = await index([{ typed: 'a.txt', text: 'loss 1' }])
  expect(typed.stepThatTyped('loss 1\nloss 2\nloss 3', { withCode: false })).toBeNull()
  expect(typed.stepThatTyped('words alone', { withCode: false })).toBeNull()
})

it('counts long lines of code where asked to', async () => {
  const typed = await index([{ typed: 'a.py', text: 'x = """\nEpoch 1 of 3, loss 0.913 after 20 s\n"""' }])
  const text = 'Epoch 1 of 3, loss 0.913 after 20 s'
  expect(typed.stepThatTyped(text, { withCode: true })).toBe(1)
  expect(typed.stepThatTyped(text, { withCode: false })).toBeNull()
})
