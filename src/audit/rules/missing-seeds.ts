import { fieldOf, sourceOf } from '../code/python-nodes.ts'
import { codePlaces } from '../code/code-finding.ts'
import { indexFile } from '../code/file-index.ts'
import { filePlace } from '../evidence/place.ts'
import type { EvidencePlace } from '../../schema/audit.ts'
import type { AuditFacts } from '../facts.ts'
import { anySays } from '../method/code-words.ts'
import { type MethodSentence, methodSentences } from '../method/method-text.ts'
import { type WorkRecord, workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const numberWords = 'one two three four five six seven eight nine ten'.split(' ')
const repeated =
  /\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten) (?:independent |different |random |separate |distinct |training |experimental |repeated ){0,3}(?:seeds|(?:runs|trials|repetitions|replicates|repeats)\b(?! (?:of|per)\b))|\b(?:repeated|ran|run|averaged)\b[^.;]{0,40}\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten) times\b/i
/** Anything that could do it more than once. */
const repeats =
  /\bfor\s{1,4}\w{0,30}(?:seed|run|trial|rep|repeat|replic|experiment_id|exp_id|sim)\w{0,30}(?:\s{0,4},\s{0,4}\w{1,40})?\s{1,4}in\b|\b(?:\w{0,20}_)?(?:seeds|runs|trials|reps|repeats|replications|repetitions|replicates)\s{0,2}[=:)\],]|\bseeds\b|(?:num|n|number_of)_?(?:seeds?|runs?|trials?|reps?|repeats?|repetitions?|replicat\w{0,8}|simulations?|bootstrap)\b|\brepeats?\b|\brepetitions?\b|\bn_(?:init|repeats)\b|RepeatedKFold|cross_val|KFold/i

/** Repetitions that the paper tells of, and that nothing of the work does. */
export const missingSeeds: Rule = {
  id: 'missing-seeds',
  title: 'Repetitions over seeds that nothing of the work did',
  part: 'none',
  catches:
    'Papers that say results are over several seeds, runs or trials, where no code that ran repeats anything over seeds, runs or trials, no command gives a second seed, and no script ran as often; and a different number of seeds in the only list of them.',
  misses: 'Loops over seeds that the code has and never enters, and their number where it comes from elsewhere.',
  falsePositives: 'Repetitions by a loop under an unusual name, and by hand outside of the session.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode || !record.isComplete) return []
    const can =
      anySays(record.run, repeats) ||
      facts.subject.files.some(({ path, text }) => path.endsWith('.sh') && /\bfor\b|seed/i.test(text))
    const lists = can ? seedLists(record) : []
    const [list] = lists
    const mostRuns = repeatedRuns(facts)
    return facts.subject.documents.flatMap((document): RuleFinding[] => {
      const said = claimOf(document)
      if (said === null || mostRuns >= said.count) return []
      const counts = new RegExp(String.raw`\brange\(\s*${said.count}\s*\)`)
      if (!can && anySays(record.run, counts)) return []
      if (!can) return [describe(said, 'and nothing of the work repeats anything over seeds or runs', [])]
      if (list === undefined || lists.length > 1 || list.count === said.count || !/seeds/i.test(said.sentence.text))
        return []
      return [describe(said, `and the only list of seeds in code that ran has ${list.count}`, [list.place])]
    })
  },
}

interface Said {
  readonly sentence: MethodSentence
  readonly count: number
}

/** What a document says, where all of it agrees. */
function claimOf(document: AuditFacts['subject']['documents'][number]): Said | null {
  const said = methodSentences(document).flatMap((sentence): Said[] => {
    const match = repeated.exec(sentence.text.slice(0, 2_000))
    const word = (match?.[1] ?? match?.[2] ?? '').toLowerCase()
    const count = numberWords.includes(word) ? numberWords.indexOf(word) + 1 : Number(word)
    const own =
      /\b(?:we|all|each|every|results?|averag\w+|mean|report\w*|experiments?|over|across|with|using|seeds)\b/i.test(
        sentence.text,
      )
    return match !== null && own && count >= 2 ? [{ sentence, count }] : []
  })
  const [first] = said
  return first !== undefined && said.every(({ count }) => count === first.count) ? first : null
}

/** How often one script ran, at most; several commands may each stand for a seed. */
function repeatedRuns({ session }: AuditFacts): number {
  const runs = new Map<string, number>()
  for (const step of session.steps) {
    if (step.kind !== 'command') continue
    if (step.scripts.length > 0 && /\bfor\b.{0,200}\bdo\b/s.test(step.command.slice(0, 5_000)))
      return Number.POSITIVE_INFINITY
    for (const script of step.scripts) runs.set(script, (runs.get(script) ?? 0) + 1)
  }
  return [...runs.values()].reduce((most, count) => Math.max(most, count), 0)
}

function seedLists({ run }: WorkRecord): { count: number; place: EvidencePlace }[] {
  return run.flatMap((one) =>
    indexFile(one.file).assignments.flatMap((node) => {
      const target = fieldOf(node, 'left')
      const value = fieldOf(node, 'right')
      if (target === null || value === null || !/seeds$/i.test(sourceOf(target, one.file.text).slice(0, 60))) return []
      const [place] = codePlaces(one, [node.line])
      if (value.type !== 'list' && value.type !== 'tuple') return []
      return place === undefined
        ? []
        : [
            {
              count: value.children.filter(({ type }) => type !== 'comment').length,
              place: { ...place, role: 'contradicts' as const },
            },
          ]
    }),
  )
}

function describe(
  { sentence: { path, line, text }, count }: Said,
  why: string,
  places: readonly EvidencePlace[],
): RuleFinding {
  return {
    severity: 'major',
    message: `${path} tells of ${count} seeds or runs (line ${line}), ${why}`,
    evidence: [filePlace(path, { line, quote: text }), ...places],
  }
}
