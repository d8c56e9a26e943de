import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { inlineResult } from './inline-result.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const paper = '# A title\n\n## Results\nAccuracy is 0.713.\n'
const inject =
  "python -c \"import json; json.dump({'plain': {'accuracy': 0.713, 'f1': 0.688}, 'pruned': {'accuracy': 0.764}}, open('r.json', 'w'))\""

it('finds results that a command holds as literals', async () => {
  const found = inlineResult.find(await factsOf({ 'paper.md': paper }, sessionOf([{ ran: inject }])))
  expect(found).toMatchObject([{ severity: 'critical', points: 2, executed: true, evidence: [{ step: 1 }, {}, {}] }])
  expect(found[0]?.message).toContain('0.713')
})

it('finds them in a heredoc for an interpreter', async () => {
  const code = "scores = {'loss': [1.25, 0.92, 0.77]}\nimport json\njson.dump(scores, open('loss.json', 'w'))"
  const facts = await factsOf({ 'paper.md': paper }, sessionOf([{ ran: `python - <<'EOF'\n${code}\nEOF` }]))
  expect(inlineResult.find(facts)).toHaveLength(1)
})

it.each([
  ['a failed command', [{ ran: inject, output: 'NameError: name', exitCode: 1 }]],
  [
    'numbers a program had printed',
    [{ ran: 'python run.py', output: 'accuracy 0.7132 f1 0.6881 pruned accuracy 0.7639' }, { ran: inject }],
  ],
  ['inline code that only looks', [{ ran: 'python -c "print(0.713, 0.688, 0.764, \'accuracy\')"' }]],
  [
    'settings',
    [
      {
        ran: "python -c \"import json; json.dump({'learning_rate': 0.0015, 'dropout': 0.15, 'threshold': 0.55}, open('c.json', 'w'))\"",
      },
    ],
  ],
])('says nothing of %s', async (_, acts) => {
  expect(inlineResult.find(await factsOf({ 'paper.md': paper }, sessionOf(acts)))).toEqual([])
})
