import type { AuditFacts } from '../facts.ts'
import { isSettingName, nameWords } from './metric-names.ts'

/** Heads of tables that name no measure. */
const genericNames = new Set(
  (
    'metric metrics measure method methods model models dataset datasets data task tasks setting settings baseline baselines system systems mean average final total best overall value values ' +
    'change relative difference condition group category type name description test train training size length number count time rate random seed user users agent agents with without parameter parameters ' +
    'standard deviation interval lower upper ours proposed domain scenario level stage phase step steps round rounds episode episodes epoch epochs run runs sample samples'
  ).split(' '),
)
const shortestName = 4
/** A paper with more words in the heads of its tables reports nothing in particular. */
const mostWords = 300

const known = new WeakMap<AuditFacts, (name: string) => boolean>()

/** Whether code names what the paper's tables of results report: `adaptability_now` under a column "Avg. Adaptability". Settings never do. */
export function reportedNames(facts: AuditFacts): (name: string) => boolean {
  let isReported = known.get(facts)
  if (isReported === undefined) {
    const words = new Set<string>()
    for (const claim of facts.claims) {
      if (claim.role !== 'result' || !claim.informative || claim.where.kind !== 'cell') continue
      const { table, columnLabel, rowLabel } = claim.where
      const tables = facts.documents.find(({ path }) => path === claim.path)?.tables
      const head = tables?.[table]?.headers[0] ?? ''
      const label = /metric|measure/i.test(head) ? rowLabel : columnLabel
      for (const word of nameWords(label)) {
        if (word.length >= shortestName && !genericNames.has(word) && words.size < mostWords) words.add(word)
      }
    }
    const asked = new Map<string, boolean>()
    isReported = (name) => {
      let answer = asked.get(name)
      if (answer === undefined) {
        answer = !isSettingName(name) && nameWords(name).some((word) => isAmong(word, words))
        asked.set(name, answer)
      }
      return answer
    }
    known.set(facts, isReported)
  }
  return isReported
}

/** A word, or one that it shortens or that shortens it: `prob` for `probability`. */
function isAmong(word: string, words: ReadonlySet<string>): boolean {
  if (word.length < shortestName || genericNames.has(word)) return false
  if (words.has(word)) return true
  for (const other of words) if (other.startsWith(word) || word.startsWith(other)) return true
  return false
}
