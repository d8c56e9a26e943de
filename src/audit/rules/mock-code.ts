import {
  codeName,
  codePlaces,
  doubtOf,
  executionOf,
  saysResultsAreMadeUp,
  soften,
  softenPoints,
} from '../code/code-finding.ts'
import { callsOf, drawSitesOf, literalSitesOf, runFiles, type RunFile } from '../code/code-sites.ts'
import type { CodeNode } from '../code/code.ts'
import type { DrawSite } from '../code/draw-walk.ts'
import { indexFile } from '../code/file-index.ts'
import type { LiteralSite } from '../code/literal-site.ts'
import { nameWords } from '../code/metric-names.ts'
import { descendants, fieldOf, sourceOf } from '../code/python-nodes.ts'
import { pointsOnce } from './points-once.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fakeWords = new Set(
  'mock mocked fake faked fabricate fabricated fabricates dummy placeholder hypothetical bogus plausible madeup'.split(
    ' ',
  ),
)
const simulatedWords = new Set('simulate simulated simulates simulating'.split(' '))
const resultWords = new Set(
  'result results metric metrics score scores experiment experiments evaluation evaluations training performance accuracy latency loss losses benchmark benchmarks measurement measurements finetuning'.split(
    ' ',
  ),
)
/** Says in words that results are none; what is denied or deferred does not count. */
const saysFake =
  /\b(?:mock|fake|fabricated|dummy|placeholder|hypothetical|made[- ]up|plausible|realistic[- ]looking)\s+(?:\w+\s+){0,2}(?:results?|metrics?|scores?|accurac(?:y|ies)|performance|numbers|losses)\b|\bsimulat(?:ed|e|ing)\s+(?:\w+\s+){0,1}(?:results|metrics|scores|accuracy|performance|training (?:and|run|results|losses?|curves?|progress))\b/i
const denies = /\b(?:no|not|never|without|avoid|instead of|rather than|remove[sd]?|replaces?|isn't|aren't)\b/i
/** Constants that make the outcome of a function with a telling name look like results. */
const fewestConstants = 3
/** Constants under names of results, where only a comment tells. */
const fewestNamed = 2

/** Code that calls its own results made up. */
export const mockCode: Rule = {
  id: 'mock-code',
  title: 'Code that ran calls its results mock or simulated',
  part: 'code',
  catches:
    'Functions of code that ran whose name says mock, fake, placeholder or simulated results, and comments and texts inside of functions that say so, where the function holds draws or constants that such results are made of.',
  misses: 'Code that makes results up under an honest name.',
  falsePositives:
    'Simulation studies that call what they measure simulated results, and stand-ins for tests that ran but fed no result.',
  find(facts) {
    const disclosed = saysResultsAreMadeUp(facts)
    const draws = drawSitesOf(facts)
    const literals = literalSitesOf(facts)
    const isCalled = callsOf(facts.code)
    const findings = runFiles(facts.code).flatMap((run) =>
      toFindings(run, {
        draws: draws.get(run.file) ?? [],
        literals: literals.get(run.file) ?? [],
        isCalled,
        disclosed,
      }),
    )
    return pointsOnce(findings)
  },
}

interface Said {
  readonly line: number
  readonly words: string
  /** `mock` says it all; `simulated` may be meant honestly, and a comment may be about something else. */
  readonly how: 'mock name' | 'simulated name' | 'words'
}

function toFindings(
  run: RunFile,
  options: {
    draws: readonly DrawSite[]
    literals: readonly LiteralSite[]
    isCalled: (name: string) => boolean
    disclosed: boolean
  },
): RuleFinding[] {
  const { draws, literals, isCalled, disclosed } = options
  const said: (Said & { readonly isMaking: boolean })[] = []
  for (const node of indexFile(run.file).functions) {
    const name = fieldOf(node, 'name')
    const called = name === null ? '' : sourceOf(name, run.file.text)
    if (called.startsWith('test') || !isCalled(called)) continue
    const words = saidBy(node, { called, run })
    if (words === null) continue
    const hasDraws = draws.some((site) => !site.isChance && site.node.start >= node.start && site.node.end <= node.end)
    said.push({ ...words, isMaking: hasDraws || hasConstants(words.how, node, literals) })
  }
  const making = said.filter(({ isMaking }) => isMaking)
  const shown = making.length > 0 ? making : said
  const [first] = shown
  if (first === undefined) return []
  return [
    {
      severity: soften(making.length > 0 ? 'major' : 'minor', run.file),
      disclosed,
      message: `${codeName(run)} calls what it gives back made up: ${first.words} (line ${first.line})${doubtOf(run.file)}`,
      evidence: codePlaces(
        run,
        shown.map(({ line }) => line),
      ),
      ...executionOf(run.file),
      points: making.length > 0 ? softenPoints(1, run.file) : 0,
    },
  ]
}

/** What a function's name or words say of its results; null where neither says anything. */
function saidBy(node: CodeNode, { called, run: { file } }: { called: string; run: RunFile }): Said | null {
  const words = nameWords(called)
  const isPlain = words.some((word) => fakeWords.has(word))
  if ((isPlain || words.some((word) => simulatedWords.has(word))) && words.some((word) => resultWords.has(word))) {
    return { line: node.line, words: called, how: isPlain ? 'mock name' : 'simulated name' }
  }
  const last = Math.min(file.lines.length, node.line + 400)
  for (let line = node.line; line <= last; line++) {
    const text = (file.lines[line - 1] ?? '').slice(0, 400)
    if (!/["'#]|^\s*[A-Z]/.test(text) || denies.test(text)) continue
    const match = saysFake.exec(text)
    if (match !== null) return isWithin(node, line, file.text) ? { line, words: match[0], how: 'words' } : null
  }
  return null
}

function isWithin(node: CodeNode, line: number, text: string): boolean {
  let lines = node.line
  for (let at = text.indexOf('\n', node.start); at !== -1 && at < node.end; at = text.indexOf('\n', at + 1)) lines++
  return line <= lines
}

function hasConstants(how: Said['how'], node: CodeNode, literals: readonly LiteralSite[]): boolean {
  switch (how) {
    case 'mock name': {
      let count = 0
      for (const one of descendants(node)) if (one.type === 'float') count++
      return count >= fewestConstants
    }
    case 'simulated name':
    case 'words':
      return (
        literals.filter(
          (site) =>
            site.tier !== null &&
            !site.isSetting &&
            site.text.includes('.') &&
            site.node.start >= node.start &&
            site.node.end <= node.end,
        ).length >= fewestNamed
      )
  }
}
