import {
  codeName,
  codePlaces,
  doubtOf,
  executionOf,
  saysResultsAreMadeUp,
  soften,
  softenPoints,
} from '../code/code-finding.ts'
import { constantSitesOf, drawSitesOf, literalSitesOf, runFiles } from '../code/code-sites.ts'
import type { DrawSite } from '../code/draw-walk.ts'
import { looksMeasured } from '../code/literal-value.ts'
import type { Rule } from './rule.ts'

/** `result` may hold anything, data among it. */
const isVague = ({ name, how }: DrawSite): boolean => how === 'assignment' && /^results?$/.test(name)

/** What stands in for a result when computing it fails. */
export const drawOnFailure: Rule = {
  id: 'draw-on-failure',
  title: 'A failure is answered with an invented result',
  part: 'code',
  catches:
    'Inside of `except`, in code that ran: results drawn from a random generator, there or under the name they bear later, or set to a constant that looks measured (0.847, not 0, 1, 0.5 or nan; under the name of a measure any other fraction).',
  misses:
    'Fallbacks in an `if`, in default values, and in other functions that the `except` calls with no draw of their own.',
  falsePositives:
    'A fallback that never came to pass, since a record rarely shows which branch ran; a documented default that happens to look measured.',
  find(facts) {
    const draws = drawSitesOf(facts)
    const literals = literalSitesOf(facts)
    const constants = constantSitesOf(facts)
    const disclosed = saysResultsAreMadeUp(facts)
    return runFiles(facts.code).flatMap((run) => {
      const drawn = (draws.get(run.file) ?? []).filter(
        (site) => site.isFallback && !site.isChance && !site.isUnused && !isVague(site),
      )
      const constant = (literals.get(run.file) ?? []).filter(
        (site) =>
          site.isFallback &&
          !site.isUnused &&
          !site.isSetting &&
          !site.isReference &&
          site.tier !== null &&
          (site.kind === 'value' || site.kind === 'return') &&
          looksMeasured(site.text, site.value),
      )
      const lines = new Set(constant.map(({ line }) => line))
      const others = (constants.get(run.file) ?? []).filter(({ isFallback, line }) => isFallback && !lines.has(line))
      const found = [
        ...drawn.map(({ node, name }) => ({ line: node.line, what: `${name} by a draw` })),
        ...constant.map(({ line, names, text }) => ({ line, what: `${names.at(-1) ?? ''} by ${text}` })),
        ...others.map(({ line, name, text }) => ({ line, what: `${name} by ${text}` })),
      ]
      const [first] = found
      if (first === undefined) return []
      return [
        {
          severity: soften('major', run.file),
          disclosed,
          message: `${codeName(run)} answers a failure with an invented result in ${found.length} ${found.length === 1 ? 'place' : 'places'}: line ${first.line} replaces ${first.what}${doubtOf(run.file)}`,
          evidence: codePlaces(
            run,
            found.map(({ line }) => line),
          ),
          ...executionOf(run.file),
          points: softenPoints(0.5 * Math.min(6, found.length), run.file),
        },
      ]
    })
  },
}
