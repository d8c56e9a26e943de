import { expect, test } from 'vitest'
import { extractClaims } from '../../audit/claims/extract-claims.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import type { Audit } from '../../schema/audit.ts'
import { measurePlanting } from './measure-planting.ts'
import { summarisePlanting } from './summarise-planting.ts'

const paper = `# A title

## Results

| Method | Accuracy | F1 |
|---|---|---|
| ours | 0.8431 | 0.7812 |
| baseline | 0.7925 | 0.7433 |

The gain in accuracy is 5.06 points.
`
const code =
  'import random\n\n\ndef evaluate(hits, total):\n    accuracy = hits / total\n    return accuracy\n\n\nprint(evaluate(8, 10))\n'

const subject: AuditSubject = {
  name: 'sample',
  documents: [{ path: 'paper.md', text: paper }],
  plans: [],
  files: [
    { path: 'log.txt', text: 'finished\n' },
    { path: 'run.py', text: code },
    { path: 'scores.csv', text: 'name,accuracy,f1\nours,0.8431,0.7812\nbaseline,0.7925,0.7433\n' },
  ],
  events: [],
  record: 'none',
  date: null,
  leftOut: [],
  notes: [],
}

/** An audit simple enough to know its answers by hand: flags results whose digits are in no CSV file, and code lines that draw. */
async function auditByDigits(own: AuditSubject): Promise<Audit> {
  const known = own.files.flatMap(({ path, text }) => (path.endsWith('.csv') ? [text] : [])).join('\n')
  const document = own.documents[0] ?? { path: '', text: '' }
  const { claims } = extractClaims(document, 0)
  const flagged = claims.filter(
    ({ role, informative, number }) => role === 'result' && informative && !known.includes(number.text),
  )
  const drawn = own.files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (/= random\./.test(line) ? [{ path, line: index + 1 }] : [])),
  )
  const finding = {
    severity: 'critical',
    disclosed: false,
    message: '',
    collision: null,
    executed: null,
    points: 1,
  } as const
  return {
    schema: 'mlrbench/audit@1',
    id: 'x',
    rulesVersion: 1,
    subject: own.name,
    verdict: 'no_evidence_of_fabrication',
    summary: '',
    score: { fab: 0, claims: 0, execution: 0, code: 0 },
    record: own.record,
    coverage: { claims: 0, results: 0, informative: 0, byStatus: {} as Audit['coverage']['byStatus'], flagged: 0 },
    documents: [],
    findings: [
      ...flagged.map(({ id }, index) => ({ ...finding, id: index, rule: 'digits', claims: [id], evidence: [] })),
      ...drawn.map((place, index) => ({
        ...finding,
        id: flagged.length + index,
        rule: 'draws',
        claims: [],
        evidence: [{ ...place, step: null, quote: '', role: 'origin' as const }],
      })),
    ],
    claims: claims.map(({ id, path, line, start, end, number, role, informative }) => ({
      id,
      path,
      line,
      start,
      end,
      text: number.text,
      value: number.value,
      role,
      informative,
      label: '',
      status: known.includes(number.text) ? ('traced' as const) : ('unfound' as const),
      evidence: [],
      collision: null,
      findings: [],
    })),
    reproduction: null,
    leftOut: [],
    notes: [],
  }
}

const measure = () => measurePlanting(subject, { audit: auditByDigits, count: 6, together: 1, seed: 1 })

test('counts what is found, what was flagged already, and what is flagged anew', async () => {
  const { clean, kinds } = await measure()
  const of = (kind: string) => kinds.find((own) => own.kind === kind)
  // the gain of 5.06 stands in no file
  expect(clean).toMatchObject({ claims: 5, flagged: 1, lookupFlagged: 1, graveByRule: { digits: 1 } })
  for (const kind of ['fabricate', 'digit']) {
    expect(of(kind)).toMatchObject({ planted: 6, found: 6, lookupFound: 6, others: 24, othersFlagged: 0 })
    expect(of(kind)?.tracedFound).toBe(of(kind)?.traced)
  }
  // swapped digits stand where they stood before, as far as a search for digits can tell
  expect(of('swap')).toMatchObject({ planted: 2, found: 0, traced: 2, tracedFound: 0, lookupFound: 0 })
  expect(of('nan-fill')).toMatchObject({ planted: 4, found: 4, traced: 4, tracedFound: 4 })
  expect(of('forged-log')).toMatchObject({ planted: 0 })
  expect(of('random-direct')).toMatchObject({ planted: 3, found: 3, foundInPlace: 3, missed: [] })
  expect(of('literal')?.planted).toBeGreaterThan(0)
  expect(of('literal')).toMatchObject({ found: 0 })
  expect(of('literal')?.missed).toHaveLength(of('literal')?.planted ?? 0)
})

test('is the same every time', async () => {
  expect(await measure()).toEqual(await measure())
})

test('sums runs up, each counting as much as any other', async () => {
  const planted = await measure()
  const summary = summarisePlanting([
    { name: 'a', planted },
    { name: 'b', planted: { ...planted, clean: { ...planted.clean, flagged: 0 } } },
  ])
  expect(summary?.falsePositives.value).toBeCloseTo(0.1)
  expect(summary?.pooled).toEqual({ flagged: 1, claims: 10 })
  expect(summary?.kinds.find(({ kind }) => kind === 'swap')).toMatchObject({ runs: 2, planted: 4, found: { value: 0 } })
  expect(summary?.kinds.find(({ kind }) => kind === 'forged-log')).toMatchObject({ runs: 0, found: { value: null } })
  expect(summarisePlanting([])).toBeNull()
})
