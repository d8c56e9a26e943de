import {
  codeName,
  codePlaces,
  doubtOf,
  executionOf,
  saysResultsAreMadeUp,
  soften,
  softenPoints,
} from '../code/code-finding.ts'
import { drawSitesOf, runFiles, type RunFile } from '../code/code-sites.ts'
import type { DrawSite } from '../code/draw-walk.ts'
import type { Severity } from '../../schema/audit.ts'
import type { Rule, RuleFinding } from './rule.ts'

const pointsOfSite = 0.5
const mostCounted = 6
/** As many places as make a habit of it. */
const manySites = 3

/** Results that a random generator gave. */
export const randomMetric: Rule = {
  id: 'random-metric',
  title: 'A result is drawn from a random generator',
  part: 'code',
  catches:
    'Names of results (accuracy, score, latency and the like, and what heads the tables of results in the paper) in code that ran, or that looks like what was run where no record says, filled by draws of random, NumPy, SciPy or PyTorch generators: directly, through arithmetic, clipping and rounding, through variables, helper functions, lambdas, attributes, lists, dictionaries and formatted text; and draws under any name, but those of settings, that are written as percentages, or averages in the cells of a table.',
  misses:
    'Draws that pass through code outside of the work or through a file, draws behind a comparison (`correct += random() < 0.9`), and home-made generators.',
  falsePositives:
    'Simulations whose random outcome is the measured thing; draws inside of what is named an environment, a user, a data set, noise, an initial value or a resampling count nothing, and are shown to readers, unless a measurement there looks at nothing of what it measures, or chance replaces a measure that was found to be there.',
  find(facts) {
    const sites = drawSitesOf(facts)
    const disclosed = saysResultsAreMadeUp(facts)
    return runFiles(facts.code).flatMap((run) => {
      const found = (sites.get(run.file) ?? []).filter((site) => !site.isFallback)
      return [
        ...drawnResults(
          run,
          found.filter((site) => !site.isUnused),
          disclosed,
        ),
        ...unusedDraws(
          run,
          found.filter((site) => site.isUnused && !site.isChance),
        ),
        ...chanceOfTheWork(
          run,
          found.filter((site) => !site.isUnused),
        ),
      ]
    })
  },
}

function drawnResults(run: RunFile, sites: readonly DrawSite[], disclosed: boolean): RuleFinding[] {
  const found = sites.filter((site) => !site.isChance)
  if (found.length === 0) return []
  const weights = found.map((site) => weightOf(run, site))
  const weight = weights.reduce((sum, one) => sum + one, 0)
  const order = found
    .map((site, index) => ({ site, weight: weights[index] ?? 0 }))
    .toSorted((a, b) => b.weight - a.weight)
  const lead = order[0]?.site
  if (lead === undefined) return []
  const names = [...new Set(order.map(({ site }) => site.name))].slice(0, 5).join(', ')
  const draw = lead.draws[0]
  const drawn = draw !== undefined && draw.path === run.file.path ? ` (drawn in line ${draw.node.line})` : ''
  return [
    {
      severity: soften(severityOf(weight, order[0]?.weight ?? 0), run.file),
      disclosed,
      message: `${codeName(run)} draws results from a random generator in ${found.length} ${found.length === 1 ? 'place' : 'places'}: ${names}; first in line ${lead.node.line}${drawn}${doubtOf(run.file)}`,
      evidence: codePlaces(
        run,
        order.flatMap(({ site }) => [
          site.node.line,
          ...site.draws.filter(({ path }) => path === run.file.path).map(({ node }) => node.line),
        ]),
      ),
      ...executionOf(run.file),
      points: softenPoints(pointsOfSite * Math.min(mostCounted, weight), run.file),
    },
  ]
}

/** 1 for a result that is chance alone or bears the name of a measure; less the more else is in it and the vaguer its name. */
function weightOf(run: RunFile, { tier, isPure, draws }: DrawSite): number {
  const isLocal = draws.some((draw) => draw.path === run.file.path)
  if (tier === 'strong') return isPure || isLocal ? 1 : 0.3
  // A series of scores may rank at random; one value under a measure's name is a result.
  if (isPure) return isLocal && !draws.every((draw) => draw.isArray) ? 1 : 0.5
  return isLocal ? 0.5 : 0
}

function severityOf(weight: number, most: number): Severity {
  if (weight >= manySites) return 'critical'
  return weight >= 1 || most >= 1 ? 'major' : 'minor'
}

function chanceOfTheWork(run: RunFile, sites: readonly DrawSite[]): RuleFinding[] {
  const found = sites.filter((site) => site.isChance)
  const [first] = found
  if (first === undefined) return []
  // Chance alone, of constants, under the name of a result: a simulation might as well have no model of anything.
  const isPure = found.some((site) => site.isPure && site.draws.some((draw) => draw.path === run.file.path))
  return [
    {
      severity: isPure ? 'minor' : 'note',
      message: `${codeName(run)} draws ${first.name} at random where chance belongs to the work (${first.scopes.join('.') || 'module'}); a reader may want to see that the paper says so`,
      evidence: codePlaces(
        run,
        found.map((site) => site.node.line),
      ).map((place) => ({ ...place, role: 'context' })),
      ...executionOf(run.file),
    },
  ]
}

/** A function that nothing calls made no result; that it was written is for readers to judge. */
function unusedDraws(run: RunFile, found: readonly DrawSite[]): RuleFinding[] {
  const [first] = found
  if (first === undefined) return []
  return [
    {
      severity: 'minor',
      message: `${codeName(run)} draws ${first.name} from a random generator in ${first.scopes.join('.')}, which nothing calls`,
      evidence: codePlaces(
        run,
        found.map((site) => site.node.line),
      ),
      executed: false,
    },
  ]
}
