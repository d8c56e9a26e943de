import type { CodeFile, CodeNode } from './code.ts'
import { indexFile } from './file-index.ts'
import { isElement } from './found-present.ts'
import { unreadNames } from './unread-names.ts'
import type { Draw, DrawNames } from './draws.ts'
import type { Arrival, EvaluationContext } from './evaluate.ts'
import { sourceOf } from './python-nodes.ts'
import { isDisturbance, isMeasuring, isWorldScope, metricTier, nameWords, type MetricTier } from './metric-names.ts'
import { either, type Value } from './values.ts'

/** Functions of one name beyond which nothing is known of a call of it. */
const mostNamesakes = 30

/** A place where chance arrives under the name of a result. */
export interface DrawSite {
  readonly node: CodeNode
  /** Of the result, as written. */
  readonly name: string
  readonly tier: MetricTier
  readonly how: Arrival['how']
  readonly draws: readonly Draw[]
  /** Names of the functions and classes around it, the outermost first. */
  readonly scopes: readonly string[]
  /** Chance belongs there: environments, users, data, noise, initial values, resampling. */
  readonly isChance: boolean
  /** Nothing but constants and draws is in it. */
  readonly isPure: boolean
  /** Inside of an `except`. */
  readonly isFallback: boolean
  /** In a function that no code names: it never ran. */
  readonly isUnused: boolean
}

/** What functions of the whole work return, by name, and by class and name. */
export type Summaries = Map<string, Map<string, Value>>

export interface SiteOptions {
  readonly summaries: Summaries
  /** Whether any code that ran names a function; what nobody names never ran. */
  readonly isCalled: (name: string) => boolean
  /** Whether the paper reports what bears a name. */
  readonly isReported: (name: string) => boolean
}

/** Where in a file the walk is. */
export interface Place {
  /** The function around it, or the module. */
  readonly around: CodeNode
  readonly scopes: readonly string[]
  readonly className: string | null
  readonly isFallback: boolean
  readonly isUnused: boolean
  /** In the branch of a method that is called random: a baseline that guesses. */
  readonly isGuess: boolean
  /** What the condition around it has found to be there: `row["f1"]` behind `if "f1" in row:`; null for nothing. */
  readonly present: string | null
}

/** One walk over a file: what it knows, and what it has found. */
export interface Walk {
  readonly file: CodeFile
  readonly context: EvaluationContext
  readonly place: Place
  readonly returned: Value[]
  /** What objects of a class hold, by class and dotted name. */
  readonly attributes: Map<string, Value>
  readonly summaries: Summaries
  readonly isCalled: (name: string) => boolean
  readonly isReported: (name: string) => boolean
  readonly sites: DrawSite[]
}

/** What values arrive under names of results is written down as a site, and goes on as no chance: one draw is one site. */
export function openWalk(
  options: SiteOptions & {
    file: CodeFile
    draws: DrawNames
    place: Place
    attributes: Map<string, Value>
    sites: DrawSite[]
  },
): Walk {
  const { file, draws, place, attributes, sites, summaries, isCalled, isReported } = options
  const context: EvaluationContext = {
    path: file.path,
    text: file.text,
    isChance: isWorldScope(place.scopes),
    isFallback: place.isFallback,
    draws,
    summaryOf: (name, owner) => {
      const own = owner === 'self' && place.className !== null ? summaries.get(`${place.className}.${name}`) : undefined
      const known = own ?? summaries.get(name)
      if (known === undefined || known.size > mostNamesakes) return null
      // Functions of one name: chance only where each of them gives it.
      const values = [...known.values()]
      const isChance = values.every((value) => value.draws.length > 0)
      const returns = either(values)
      return { returns: isChance ? returns : { ...returns, draws: [] } }
    },
    arrive: (arrival) => {
      const { value } = arrival
      if (value.draws.length === 0) return value
      // Of r1 and r2 the second is no coefficient of determination.
      if (arrival.name === 'r2' && indexFile(file).used.has('r1')) return value
      const tier = tierOf(arrival, isReported) ?? (measures(arrival) ? 'weak' : null)
      if (tier === null) return value
      const scopes = place.scopes
      sites.push({
        node: arrival.node,
        name: arrival.name.trim().slice(-80),
        tier,
        how: arrival.how,
        draws: value.draws,
        scopes,
        isChance:
          scopes.some(isDisturbance) ||
          isDisturbance(arrival.name) ||
          isErrorTerm(arrival, file.text) ||
          (place.isGuess && tier === 'weak') ||
          ((isWorldScope(scopes) || value.draws.every((draw) => draw.isChance)) && !standsIn(arrival, place, file)),
        isPure: value.isPure && !value.isParameter,
        isFallback: place.isFallback || value.draws.every((draw) => draw.isFallback),
        isUnused: place.isUnused,
      })
      return { ...value, draws: [] }
    },
  }
  return { file, context, place, returned: [], attributes, summaries, isCalled, isReported, sites }
}

const centredNames = /(?:normal|gauss)\(\s*(?:0(?:\.0*)?\s*[,)]|\)|size|scale)|randn\(|standard_normal\(/

/** The error of a regression's data, which is noise: named so and nothing else, and centred at zero or around something given. */
function isErrorTerm({ name, value }: Arrival, text: string): boolean {
  if (!/^(?:self\.)?_?(?:errors?|err)$/.test(name)) return false
  return (
    !value.isPure ||
    value.isParameter ||
    value.draws.every(({ node }) => centredNames.test(sourceOf(node, text).slice(0, 200)))
  )
}

/** Chance alone, given back by what is called a measurement. */
function measures({ name, how, value }: Arrival): boolean {
  return how === 'return' && value.isPure && !value.isParameter && isMeasuring(name)
}

/**
 * Chance alone in the place of something computed: of a function of a made-up world that is called a measurement, what it is given or
 * works out is never looked at, or its failure is answered so; and anywhere, in the place of a value that was found to be there. A world whose outcome is chance calls that no measurement.
 */
function standsIn(
  { name: target, value }: Arrival,
  { around, scopes, isFallback, present }: Place,
  file: CodeFile,
): boolean {
  if (!value.isPure || value.isParameter) return false
  if (present !== null && isElement(target, present)) return true
  const isOwn = ({ node, path, isChance }: Draw): boolean =>
    !isChance || (path === file.path && node.start >= around.start && node.end <= around.end)
  if (around.type !== 'function_definition' || !value.draws.some(isOwn)) return false
  const name = scopes.at(-1) ?? ''
  if (metricTier(name) === null && !isMeasuring(name)) return false
  const { locals, parameters, readsParameter } = unreadNames(around, file.text)
  return isFallback || locals.length > 0 || (parameters.length > 0 && !readsParameter)
}

/** The most telling part of a name first: the last key, then what holds it. */
function tierOf({ name, how, isFigure }: Arrival, isReported: (name: string) => boolean): MetricTier | null {
  const tier = (part: string): MetricTier | null => metricTier(part) ?? (isReported(part) ? 'weak' : null)
  if (how === 'text') return tier(nameWords(name).slice(-3).join(' ')) ?? (isFigure === true ? 'weak' : null)
  const keys = [...name.matchAll(/\[f?["']([^"']{1,80})["']\]/g)].map((match) => match[1] ?? '')
  const last = keys.at(-1)
  if (last !== undefined)
    return tier(last) ?? (nameWords(last).length > 0 && keys.length === 1 ? metricTier(name) : null)
  return tier(name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : name)
}

/** The same walk at another place. */
export function reopen(walk: Walk, place: Place): Walk {
  const { file, attributes, sites, summaries, isCalled, isReported, context } = walk
  return {
    ...openWalk({ file, draws: context.draws, place, attributes, sites, summaries, isCalled, isReported }),
    returned: walk.returned,
  }
}
