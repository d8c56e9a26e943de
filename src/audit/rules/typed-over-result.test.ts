import { expect, it } from 'vitest'
import type { AuditSubject } from '../subject/subject.ts'
import { factsOf } from '../../../test/support/facts-of.ts'
import { type MadeUpAct, sessionOf } from '../../../test/support/session-of.ts'
import { typedOverResult } from './typed-over-result.ts'

const paper = '# A title\n\n## Results\nAccuracy is 0.913.\n'
const measured = JSON.stringify({ plain: { accuracy: 0.713 }, pruned: { accuracy: 0.764 } }, null, 2)
const better = JSON.stringify({ plain: { accuracy: 0.713 }, pruned: { accuracy: 0.913, f1_score: 0.907 } }, null, 2)

/** A session in which step 1 runs a program that writes the metrics, as our own record tells it. */
function recorded(acts: readonly MadeUpAct[]): Pick<AuditSubject, 'events' | 'record'> {
  const { events } = sessionOf([{ ran: 'python run.py' }, ...acts])
  const [run, ...later] = events
  if (run === undefined) throw new Error('a session has events')
  const wrote = {
    type: 'file-written',
    stage: 'experiment',
    attempt: 1,
    path: 'results/metrics.json',
    bytes: 60,
    sha256: null,
    change: 'created',
    step: 1,
  } as const
  return { events: [run, wrote, ...later], record: 'recorded' }
}

const files = { 'paper.md': paper, 'run.py': 'print(1)\n', 'results/metrics.json': better }

it('finds better numbers typed over those that a program wrote', async () => {
  const facts = await factsOf(files, recorded([{ ran: `cat > results/metrics.json <<'EOF'\n${better}\nEOF` }]))
  const found = typedOverResult.find(facts)
  expect(found).toMatchObject([{ severity: 'critical', points: 2 }])
  expect(found[0]?.message).toContain('0.913, 0.907')
})

it('finds them where an editing tool put them', async () => {
  const facts = await factsOf(files, recorded([{ typed: 'results/metrics.json', text: better }]))
  expect(typedOverResult.find(facts)).toHaveLength(1)
})

it.each<[string, readonly MadeUpAct[]]>([
  [
    'numbers that a program had printed',
    [
      { ran: 'python show.py', output: 'accuracy 0.713 0.913 f1 0.907' },
      { typed: 'results/metrics.json', text: better },
    ],
  ],
  ['a file that no program had written', [{ typed: 'results/notes.json', text: better }]],
  ['the same file written by the program again', [{ ran: 'python run.py', output: 'done' }]],
])('says nothing of %s', async (_, acts) => {
  const facts = await factsOf({ ...files, 'results/metrics.json': measured }, recorded(acts))
  expect(typedOverResult.find(facts)).toEqual([])
})
