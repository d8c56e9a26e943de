import {
  codeName,
  codePlaces,
  doubtOf,
  executionOf,
  saysResultsAreMadeUp,
  soften,
  softenPoints,
} from '../code/code-finding.ts'
import { constantSitesOf, literalSitesOf, runFiles, type RunFile } from '../code/code-sites.ts'
import type { ConstantSite } from '../code/constant-sites.ts'
import { indexFile } from '../code/file-index.ts'
import { openLinks, type LinkedLiteral } from '../code/link-literals.ts'
import type { LiteralSite } from '../code/literal-site.ts'
import { looksMeasured, tellingDigits } from '../code/literal-value.ts'
import type { Severity } from '../../schema/audit.ts'
import type { Rule, RuleFinding } from './rule.ts'

const pointsOfLiteral = 0.6
const mostCounted = 4
/** Linked literals with two digits meet a claim by accident more often; two of them weigh as one. */
const fewestLinked = 2
/** Share of a function's telling literals that the paper states, from which on the function makes the paper's numbers. */
const leastShare = 0.3

/** Results that are constants in the code. */
export const literalResult: Rule = {
  id: 'literal-result',
  title: 'A result is a constant in the code',
  part: 'code',
  catches:
    'In code that ran: constants under names of results, in plots, rows of tables and printed lines that the paper states as its results, two and more in a function, unless a process printed them before they were typed; and a variable, entry or return value with the name of a measure that is set to one constant that looks measured, or to any fraction where its inputs are left unread, its like is computed beside it or in the next record of its list, it replaces what was found to be there, or the function that computed it lies idle.',
  misses:
    'Constants that arithmetic turns into results, round constants that stand alone, and those behind names that say nothing.',
  falsePositives:
    'Published values of other work that are set beside the measured ones without a word of where they come from; values of an earlier session copied into a plotting script.',
  find(facts) {
    const sites = literalSitesOf(facts)
    const constants = constantSitesOf(facts)
    const link = openLinks(facts)
    const disclosed = saysResultsAreMadeUp(facts)
    return runFiles(facts.code).flatMap((run) => {
      const found = (sites.get(run.file) ?? []).filter(
        (site) => !site.isFallback && !site.isUnused && !site.isReference && !site.isSetting,
      )
      const linked = statedByPaper(link(run, found.filter(mayBeResult)), found.filter(mayBeResult))
      const lines = new Set(linked.map(({ site }) => site.line))
      const inPlace = (constants.get(run.file) ?? []).filter((site) => !site.isFallback && !lines.has(site.line))
      const known = new Set(inPlace.map(({ line }) => line))
      const alone = found
        .filter((site) => !lines.has(site.line) && !known.has(site.line) && isAssignedConstant(site, run))
        .map((site) => ({ line: site.line, name: site.names.at(-1) ?? '', text: site.text }))
      // Without a record, constants by themselves may be copies of what was measured; those in the place of a computation are not.
      const isSure = run.file.execution !== 'unknown'
      return [
        ...toLinked(run, linked, disclosed),
        ...toAlone(run, isSure ? [...inPlace, ...alone] : inPlace, { severity: 'major', disclosed }),
        ...toAlone(run, isSure ? [] : alone, { severity: 'minor', disclosed }),
      ]
    })
  },
}

function mayBeResult(site: LiteralSite): boolean {
  return (site.tier !== null || site.kind === 'plot' || site.kind === 'row') && tellingDigits(site.text) >= 2
}

/** Of the functions whose literals reach the paper often enough to be no accident. */
function statedByPaper(linked: readonly LinkedLiteral[], all: readonly LiteralSite[]): LinkedLiteral[] {
  const scopeOf = (site: LiteralSite): string => site.scopes.join('.')
  return linked.filter(({ site }) => {
    const scope = scopeOf(site)
    const here = linked.filter((one) => scopeOf(one.site) === scope)
    const values = new Map(here.map((one) => [one.site.value, tellingDigits(one.site.text) >= 3 ? 1 : 0.5]))
    const weight = [...values.values()].reduce((sum, one) => sum + one, 0)
    const telling = new Set(all.filter((one) => scopeOf(one) === scope).map((one) => one.value)).size
    return weight >= fewestLinked && values.size / telling >= leastShare
  })
}

function toLinked(run: RunFile, linked: readonly LinkedLiteral[], disclosed: boolean): RuleFinding[] {
  if (linked.length === 0) return []
  const values = [...new Set(linked.map(({ site }) => site.text))]
  const claims = [...new Set(linked.flatMap((one) => one.claims.map(({ id }) => id)))].toSorted((a, b) => a - b)
  return [
    {
      // A script that plots what was measured looks the same when no record shows which came first.
      severity:
        run.file.execution === 'unknown' ? 'minor' : soften(values.length >= 4 ? 'critical' : 'major', run.file),
      disclosed,
      claims: run.file.execution === 'unknown' ? [] : claims,
      message: `${codeName(run)} holds ${values.length} of the paper's results as constants: ${values.slice(0, 6).join(', ')}; first in line ${linked[0]?.site.line ?? 1}${doubtOf(run.file)}`,
      evidence: codePlaces(
        run,
        linked.map(({ site }) => site.line),
      ),
      ...executionOf(run.file),
      points: softenPoints(pointsOfLiteral * Math.min(mostCounted, values.length), run.file),
    },
  ]
}

/** `accuracy = 0.873` where the name is used further on, `{"accuracy": 0.873}`, and `return 0.873` from what bears a measure's name. */
function isAssignedConstant(site: LiteralSite, { file }: RunFile): boolean {
  const name = site.names.at(-1) ?? ''
  if (!site.isAlone || site.tier === null || (site.kind !== 'value' && site.kind !== 'return')) return false
  if (!looksMeasured(site.text, site.value) || (site.tier === 'weak' && site.isBranch && tellingDigits(site.text) < 3))
    return false
  if (site.tier === 'weak' && site.isListed) return false
  if (site.names.some((one) => /^[A-Z][A-Z\d_]*$/.test(one)) || /best|baseline|base_|initial/i.test(name)) return false
  return (
    !/^[A-Za-z_]\w*$/.test(name) || site.kind === 'return' || site.names.length > 1 || indexFile(file).used.has(name)
  )
}

function toAlone(
  run: RunFile,
  sites: readonly Pick<ConstantSite, 'line' | 'name' | 'text'>[],
  { severity, disclosed }: { readonly severity: Severity; readonly disclosed: boolean },
): RuleFinding[] {
  const [first] = sites
  if (first === undefined) return []
  const what = sites.slice(0, 4).map((site) => `${site.name} = ${site.text}`)
  return [
    {
      severity: soften(severity, run.file),
      disclosed,
      message: `${codeName(run)} sets ${sites.length === 1 ? 'a result' : `${sites.length} results`} to a constant: ${what.join(', ')}; first in line ${first.line}${doubtOf(run.file)}`,
      evidence: codePlaces(
        run,
        sites.map((site) => site.line),
      ),
      ...executionOf(run.file),
      points: softenPoints(pointsOfLiteral * Math.min(mostCounted, sites.length), run.file),
    },
  ]
}
