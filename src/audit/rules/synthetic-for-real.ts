import { codePlaces } from '../code/code-finding.ts'
import type { CodeNode } from '../code/code.ts'
import { indexFile } from '../code/file-index.ts'
import type { RunFile } from '../code/code-sites.ts'
import { fieldOf, sourceOf } from '../code/python-nodes.ts'
import { findDisclosures } from '../disclosure/find-disclosure.ts'
import { stepPlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import type { AuditFacts } from '../facts.ts'
import { claimsData } from '../method/claimed-data.ts'
import { anySays, loadsData } from '../method/code-words.ts'
import { datasets } from '../method/datasets.ts'
import { type Thing, thingFinder } from '../method/lexicon.ts'
import { type MethodSentence, methodSentences, sentencePlace } from '../method/method-text.ts'
import { squash } from '../method/squash.ts'
import { workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

const draws =
  /\b(?:np\.random|numpy\.random|random|rng|torch)\.(?:rand\w*|normal|uniform|gauss|choice|sample|beta|integers)\(|\bmake_(?:classification|regression|blobs|moons)\(/
/** An output that says it: `Failed to load X, using synthetic data instead`. */
const fellBack =
  /\b(?:using|creat(?:ing|ed)|generat(?:ing|ed)|fall(?:ing)? ?back(?: to| on)?|switching to|loading|loaded|with)\b[^.\n]{0,40}\b(?:synthetic|dummy|mock|fake|simulated|placeholder|artificial|toy)\b[^.\n]{0,40}\b(?:data|datasets?|examples?|samples?|questions?|corpus|problems?|documents?)\b/i
const madeData = /\b(?:synthetic|dummy|mock|fake|simulated|placeholder|artificial|toy)\b/i
const longestOutput = 300_000
const longestLine = 1_000
const shortestAlias = 4

interface Claimed {
  readonly thing: Thing
  readonly sentence: MethodSentence
}

/** Public data in the paper, made-up data in what ran. */
export const syntheticForReal: Rule = {
  id: 'synthetic-for-real',
  title: 'Public data in the paper, made-up data in the code that ran',
  part: 'code',
  catches:
    "Papers that say they used a public dataset, where no code that ran to its end reads any data; where the loader that bears the dataset's name draws its data; or where an output says that synthetic data took the place of what could not be loaded. Whether the paper says so itself is told.",
  misses: 'Made-up data that are written to a file and read again, and loaders that fail in silence.',
  falsePositives: 'Work that uses public and synthetic data side by side, and names the public ones alone.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode || record.completed.length === 0) return []
    const claimed = facts.subject.documents.flatMap((document) => claimedData(document))
    const [first] = claimed
    if (first === undefined) return []
    const disclosed = findDisclosures(facts).some(({ about }) => about !== 'people')
    const silent = record.isComplete && !anySays(record.completed, loadsData) ? nothingRead(first) : []
    const found =
      silent.length > 0 ? silent : [...fallbacks(claimed, facts), ...drawnLoaders(claimed, record.completed)]
    return pointsOnce(
      found.map((finding) => ({
        ...finding,
        severity: record.isComplete ? (disclosed ? 'minor' : finding.severity) : 'minor',
        disclosed,
        points: record.isComplete && !disclosed && finding.severity === 'major' ? 1 : 0,
      })),
    )
  },
}

function claimedData(document: AuditFacts['subject']['documents'][number]): Claimed[] {
  const find = thingFinder(datasets())
  return methodSentences(document).flatMap((sentence) =>
    claimsData(sentence.text) ? find(sentence.text).map((thing) => ({ thing, sentence })) : [],
  )
}

function nothingRead(claimed: Claimed): RuleFinding[] {
  return [
    {
      severity: 'major',
      message: `The paper says that it used ${claimed.thing.name} (line ${claimed.sentence.line} of ${claimed.sentence.path}), and no code that ran to its end reads any data`,
      evidence: [sentencePlace(claimed.sentence)],
      executed: true,
    },
  ]
}

/** What outputs of the session and logs say of data that took the place of others; only what also names a claimed dataset is grave. */
function fallbacks(claimed: readonly Claimed[], { session }: AuditFacts): RuleFinding[] {
  for (const step of session.steps) {
    if (step.kind !== 'command' || !step.runs || step.shows.length > 0 || step.succeeded === false) continue
    const lines = step.output.slice(0, longestOutput).split('\n')
    for (const [index, line] of lines.entries()) {
      if (line.length > longestLine || !fellBack.test(line)) continue
      const around = squash(
        lines
          .slice(Math.max(0, index - 2), index + 1)
          .join(' ')
          .slice(0, 3_000),
      )
      const named = claimed.find(({ thing }) => thing.said.some((alias) => around.includes(squash(alias))))
      if (named === undefined) continue
      return [
        {
          severity: 'major',
          message: `The paper says that it used ${named.thing.name} (line ${named.sentence.line} of ${named.sentence.path}), and step ${step.step} says that made-up data took its place`,
          evidence: [
            sentencePlace(named.sentence),
            stepPlace(step.step, line, { line: index + 1, role: 'contradicts' }),
          ],
          executed: true,
        },
      ]
    }
  }
  return []
}

/** Functions that bear a dataset's name and draw its data, where no other function of what ran that bears it reads any. */
function drawnLoaders(claimed: readonly Claimed[], run: readonly RunFile[]): RuleFinding[] {
  const seen = new Set<Thing>()
  return claimed.flatMap((one): RuleFinding[] => {
    if (seen.has(one.thing)) return []
    seen.add(one.thing)
    const aliases = one.thing.said.map((alias) => squash(alias)).filter((alias) => alias.length >= shortestAlias)
    const loaders = run.flatMap((file) =>
      indexFile(file.file)
        .functions.filter((node) => aliases.some((alias) => squash(nameOf(node, file)).includes(alias)))
        .map((node) => ({ file, node, source: sourceOf(node, file.file.text) })),
    )
    const drawing = loaders.filter(({ source }) => draws.test(source) && madeData.test(source))
    const [first] = drawing
    if (first === undefined || loaders.some(({ source }) => loadsData.test(source))) return []
    return [
      {
        severity: 'major',
        message: `The paper says that it used ${one.thing.name} (line ${one.sentence.line} of ${one.sentence.path}), and ${nameOf(first.node, first.file)} of ${first.file.file.path} draws its data and reads none`,
        evidence: [
          sentencePlace(one.sentence),
          ...codePlaces(first.file, [first.node.line]).map((place) => ({ ...place, role: 'contradicts' as const })),
        ],
        executed: true,
      },
    ]
  })
}

function nameOf(node: CodeNode, { file }: RunFile): string {
  const name = fieldOf(node, 'name')
  return name === null ? '' : sourceOf(name, file.text)
}
