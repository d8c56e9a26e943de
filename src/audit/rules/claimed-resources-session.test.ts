import { expect, it } from 'vitest'
import { claimedResourcesSession } from './claimed-resources-session.ts'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (sentence: string, output = 'Using device: cuda (NVIDIA GeForce RTX 3090)', heading = 'Setup') =>
  claimedResourcesSession.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## ${heading}\n${sentence}\n`, 'run.py': 'print(1)\n' },
      sessionOf([{ ran: 'python run.py', output }], 1_200_000),
    ),
  )

it.each([
  ['All experiments ran on 8×A100 GPUs.', 'A100'],
  ['Hardware: NVIDIA H100 GPUs with mixed precision.', 'H100'],
  ['We trained every model for 36 hours; training took 36 hours in all.', '36 hours'],
  ['We recruited 24 clinicians for the study.', 'asked nobody'],
])('finds the contradiction in "%s"', async (sentence, named) => {
  const found = await find(sentence)
  expect(found).toMatchObject([{ severity: 'major', points: 0.5 }])
  expect(found[0]?.message).toContain(named)
})

it('finds a GPU where the programs ran on the processor alone', async () => {
  expect(await find('We ran everything on an NVIDIA A100 GPU.', 'Using device: cpu')).toHaveLength(1)
})

it.each([
  ['the machine that the session names', 'All experiments ran on one RTX 3090 GPU.'],
  ['what others used', 'Prior work trained on 64 A100 GPUs.'],
  ['what it may run on', 'It could be deployed on T4 GPUs.'],
  ['a run that fits', 'Training took 0.2 hours.'],
  ['hours of data', 'It requires 960 hours of speech data.'],
  ['a plan', 'We would conduct a human study with 20 raters.'],
  ['simulated people', 'We conducted a user study with 40 simulated users.'],
])('says nothing of %s', async (_, sentence) => {
  expect(await find(sentence)).toEqual([])
})

it('says nothing of related work, or where the session names no machine', async () => {
  expect(await find('We note runs on an A100 GPU.', undefined, 'Related Work')).toEqual([])
  expect(await find('We ran everything on an A100 GPU.', 'accuracy 0.71')).toEqual([])
})
