import { sha256 } from '../../base/hash.ts'
import { filePlace } from '../evidence/place.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule, RuleFinding } from './rule.ts'

const evidenceEnding = /\.(?:log|out|err|txt|json|jsonl|csv|tsv|md|py|ya?ml)$/i
const mostFindings = 10

/** Our own record keeps the hash of every file that a command wrote; a file that has another now was changed by somebody else. */
export const alteredAfterSession: Rule = {
  id: 'altered-after-session',
  title: 'A file that is not what the record says was written',
  part: 'execution',
  catches:
    'Results, logs and code of a run that this program recorded itself, whose content does not hash to what was recorded last.',
  misses: 'Files too large to be hashed between commands, files that are not text, and every foreign record.',
  falsePositives: 'Files that somebody tidied after the run for good reasons.',
  find(facts) {
    if (facts.subject.record !== 'recorded') return []
    const findings: RuleFinding[] = []
    const written = lastWritten(facts)
    for (const { path, text } of facts.subject.files) {
      const record = written.get(path)
      if (record === undefined || record === null || !evidenceEnding.test(path) || text.includes('\uFFFD')) continue
      if (sha256(text) === record.sha256) continue
      findings.push({
        severity: 'major',
        message: `${path} was changed after the session: the record of step ${record.step} has another content of ${record.bytes ?? 'unknown'} bytes`,
        evidence: [filePlace(path, { line: null, quote: text.slice(0, 200) })],
        points: findings.length === 0 ? 2 : 0,
      })
    }
    return findings.slice(0, mostFindings)
  },
}

/** By path; null where the last word on it gives no hash. */
function lastWritten({
  subject,
}: AuditFacts): Map<string, { step: number; bytes: number | null; sha256: string } | null> {
  const written = new Map<string, { step: number; bytes: number | null; sha256: string } | null>()
  for (const event of subject.events) {
    if (event.type !== 'file-written') continue
    const { path, step, bytes, sha256: hash } = event
    written.set(path, hash === null ? null : { step, bytes, sha256: hash })
  }
  return written
}
