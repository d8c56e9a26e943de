import { expect, it } from 'vitest'
import { sha256 } from '../../base/hash.ts'
import type { NewEvent } from '../../schema/event.ts'
import { alteredAfterSession } from './altered-after-session.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

const written = (text: string | null, step: number): NewEvent => ({
  type: 'file-written',
  stage: 'experiment',
  attempt: 1,
  path: 'out.csv',
  bytes: text === null ? null : Buffer.byteLength(text),
  sha256: text === null ? null : sha256(text),
  change: 'changed',
  step,
})
const find = async (now: string, events: NewEvent[], record: 'recorded' | 'transcript' = 'recorded') =>
  alteredAfterSession.find(
    await factsOf({ 'paper.md': '# A\n\n## Results\n0.713\n', 'out.csv': now }, { events, record }),
  )

it('finds a file that is not what was recorded last', async () => {
  expect(await find('a,0.9\n', [written('a,0.5\n', 1), written('a,0.7\n', 2)])).toMatchObject([
    { severity: 'major', points: 2, evidence: [{ path: 'out.csv' }] },
  ])
})

it('says nothing of what is as recorded, was not hashed, is no UTF-8, or was recorded by others', async () => {
  expect(await find('a,0.7\n', [written('a,0.5\n', 1), written('a,0.7\n', 2)])).toEqual([])
  expect(await find('a,0.9\n', [written('a,0.7\n', 1), written(null, 2)])).toEqual([])
  expect(await find('a,\uFFFD\n', [written('a,0.7\n', 1)])).toEqual([])
  expect(await find('a,0.9\n', [written('a,0.7\n', 1)], 'transcript')).toEqual([])
})
