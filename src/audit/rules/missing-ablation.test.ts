import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingAblation } from './missing-ablation.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const facts = (row: string, code: string) =>
  factsOf(
    {
      'paper.md': `# A title\n\n## Results\n\n### Ablation\n\n| Variant | Accuracy |\n|---|---|\n| Full | 0.755 |\n| ${row} | 0.713 |\n`,
      'run.py': code,
    },
    sessionOf([{ ran: 'python run.py', output: 'done' }]),
  )

it.each([
  ['where no code can leave anything out', 'model = Router(gate, memory)\n', 'no code that ran has a switch'],
  ['where no code knows the part', 'run(no_memory=True)\n', 'names that part'],
])('finds an ablation %s', async (_, code, why) => {
  const read = await facts('w/o calibration', code)
  const found = missingAblation.find(read)
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain(why)
  expect(found[0]?.claims?.map((id) => read.claims[id]?.number.value)).toEqual([0.713])
})

it.each([
  ['an ablation with its switch', 'w/o calibration', 'run(use_calibration=False)\n'],
  [
    'an ablation under a short name',
    'without calibrated gates',
    "for variant in ['full', 'no_gate']:\n    run(variant)\n",
  ],
  ['rows that leave nothing out', 'Router', 'x = 1\n'],
])('says nothing of %s', async (_, row, code) => {
  expect(missingAblation.find(await facts(row, code))).toEqual([])
})
