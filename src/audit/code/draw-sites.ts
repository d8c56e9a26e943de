import type { CodeFile, CodeNode } from './code.ts'
import { drawNames, type Draw, type DrawNames } from './draws.ts'
import { bindLoop, elementName, evaluate, type Arrival, type EvaluationContext } from './evaluate.ts'
import { isMainBlock } from './main-block.ts'
import { isChanceScope, metricTier, nameWords, type MetricTier } from './metric-names.ts'
import { dottedName, fieldOf, sourceOf, stringValue } from './python-nodes.ts'
import { combine, either, NOTHING, openNames, PARAMETER, type Names, type Value } from './values.ts'

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
}

/** What functions of the whole work return, by name, and by class and name. */
export type Summaries = Map<string, Map<string, Value>>

interface Place {
  readonly scopes: readonly string[]
  readonly className: string | null
  readonly isFallback: boolean
}

interface Walk {
  readonly file: CodeFile
  readonly context: EvaluationContext
  readonly place: Place
  readonly returned: Value[]
  /** What objects of a class hold, by class and dotted name. */
  readonly attributes: Map<string, Value>
  readonly summaries: Summaries
  readonly isCalled: (name: string) => boolean
  readonly sites: DrawSite[]
}

export interface SiteOptions {
  readonly summaries: Summaries
  /** Whether any code that ran names a function; what nobody names never ran. */
  readonly isCalled: (name: string) => boolean
}

/** Walks a file in the order of its text. Fills in what its functions return, so that callers walked later know; call it twice for callers before. */
export function findDrawSites(file: CodeFile, options: SiteOptions): DrawSite[] {
  const draws = drawNames(file)
  const attributes = new Map<string, Value>()
  let sites: DrawSite[] = []
  // The first round learns what objects hold and functions return; the second knows.
  for (let round = 0; round < 2; round++) {
    sites = []
    const place: Place = { scopes: [], className: null, isFallback: false }
    const walk = openWalk({ file, draws, place, attributes, sites, ...options })
    walkBlock(file.tree, openNames(), walk)
  }
  const seen = new Set<CodeNode>()
  return sites.filter((site) => !seen.has(site.node) && seen.add(site.node))
}

function openWalk(options: SiteOptions & { file: CodeFile; draws: DrawNames; place: Place; attributes: Map<string, Value>; sites: DrawSite[] }): Walk {
  const { file, draws, place, attributes, sites, summaries, isCalled } = options
  const context: EvaluationContext = {
    path: file.path,
    text: file.text,
    isChance: isChanceScope(place.scopes),
    draws,
    summaryOf: (name, owner) => {
      const own = owner === 'self' && place.className !== null ? summaries.get(`${place.className}.${name}`) : undefined
      const known = own ?? summaries.get(name)
      if (known === undefined) return null
      // Functions of one name: chance only where each of them gives it.
      const values = [...known.values()]
      const isChance = values.every((value) => value.draws.length > 0)
      const returns = either(values)
      return { returns: isChance ? returns : { ...returns, draws: [] } }
    },
    arrive: (arrival) => {
      const { value } = arrival
      if (value.draws.length === 0) return value
      const tier = tierOf(arrival)
      if (tier === null) return value
      const scopes = place.scopes
      sites.push({
        node: arrival.node,
        name: arrival.name.trim().slice(-80),
        tier,
        how: arrival.how,
        draws: value.draws,
        scopes,
        isChance: isChanceScope([...scopes, arrival.name]) || value.draws.every((draw) => draw.isChance),
        isPure: value.isPure,
        isFallback: place.isFallback,
      })
      return { ...value, draws: [] }
    },
  }
  return { file, context, place, returned: [], attributes, summaries, isCalled, sites }
}

/** The most telling part of a name first: the last key, then what holds it. */
function tierOf({ name, how }: Arrival): MetricTier | null {
  if (how === 'text') return metricTier(nameWords(name).slice(-3).join(' '))
  const keys = [...name.matchAll(/\[f?["']([^"']{1,80})["']\]/g)].map((match) => match[1] ?? '')
  const last = keys.at(-1)
  if (last !== undefined) return metricTier(last) ?? (nameWords(last).length > 0 && keys.length === 1 ? metricTier(name) : null)
  return metricTier(name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : name)
}

function walkBlock(node: CodeNode, names: Names, walk: Walk): void {
  for (const child of node.children) walkStatement(child, names, walk)
}

function walkStatement(node: CodeNode, names: Names, walk: Walk): void {
  const { context, file } = walk
  const { text } = file
  switch (node.type) {
    case 'comment':
      return
    case 'function_definition':
      walkFunction(node, names, walk)
      return
    case 'class_definition': {
      const name = fieldOf(node, 'name')
      const className = name === null ? null : sourceOf(name, text)
      const place: Place = { ...walk.place, className, scopes: className === null ? walk.place.scopes : [...walk.place.scopes, className] }
      const body = fieldOf(node, 'body')
      if (body !== null) walkBlock(body, openNames(names), reopen(walk, place))
      return
    }
    case 'assignment':
      assign(node, names, walk)
      return
    case 'augmented_assignment': {
      const left = fieldOf(node, 'left')
      const value = combine([evaluate(left, names, context), evaluate(fieldOf(node, 'right'), names, context)])
      if (left !== null) bind(left, { node, value, names, walk })
      return
    }
    case 'return_statement': {
      const value = either(node.children.map((child) => evaluate(child, names, context)))
      const name = walk.place.scopes.at(-1) ?? ''
      walk.returned.push(context.arrive({ node, name, value, how: 'return' }))
      return
    }
    case 'if_statement': {
      if (isMainBlock(node, text) && !['entry', 'started', 'unknown'].includes(file.execution)) return
      evaluate(fieldOf(node, 'condition'), names, context)
      const blocks = node.children.filter((child) => child.field === 'consequence' || child.field === 'alternative')
      branches(blocks, { isComplete: blocks.some((block) => block.type === 'else_clause'), names, walk })
      return
    }
    case 'elif_clause':
      evaluate(fieldOf(node, 'condition'), names, context)
      walkBlock(fieldOf(node, 'consequence') ?? { ...node, children: [] }, names, walk)
      return
    case 'for_statement':
      bindLoop(fieldOf(node, 'left'), evaluate(fieldOf(node, 'right'), names, context), { names, text })
      branches(
        node.children.filter((child) => child.field === 'body' || child.field === 'alternative'),
        { isComplete: false, names, walk },
      )
      return
    case 'while_statement':
      evaluate(fieldOf(node, 'condition'), names, context)
      branches(
        node.children.filter((child) => child.field === 'body' || child.field === 'alternative'),
        { isComplete: false, names, walk },
      )
      return
    case 'try_statement': {
      const body = fieldOf(node, 'body')
      const handlers = node.children.filter((child) => child.type === 'except_clause' || child.type === 'except_group_clause')
      const main = names.branch()
      if (body !== null) walkBlock(body, main, walk)
      const outcomes = [main]
      for (const handler of handlers) {
        const branch = names.branch()
        walkBlock(handler, branch, reopen(walk, { ...walk.place, isFallback: true }))
        outcomes.push(branch)
      }
      names.join(outcomes, true)
      for (const child of node.children) {
        if (child !== body && !handlers.includes(child)) walkBlock(child, names, walk)
      }
      return
    }
    case 'block':
    case 'module':
    case 'else_clause':
    case 'finally_clause':
    case 'decorated_definition':
    case 'expression_statement':
    case 'with_statement':
    case 'match_statement':
    case 'case_clause':
      walkBlock(node, names, walk)
      return
    case 'with_clause':
    case 'with_item':
      walkBlock(node, names, walk)
      return
    default:
      evaluate(node, names, context)
  }
}

function reopen(walk: Walk, place: Place): Walk {
  const { file, attributes, sites, summaries, isCalled, context } = walk
  return { ...openWalk({ file, draws: context.draws, place, attributes, sites, summaries, isCalled }), returned: walk.returned }
}

function branches(blocks: readonly CodeNode[], { isComplete, names, walk }: { isComplete: boolean; names: Names; walk: Walk }): void {
  const outcomes = blocks.map((block) => {
    const branch = names.branch()
    walkStatement(block, branch, walk)
    return branch
  })
  names.join(outcomes, isComplete)
}

function walkFunction(node: CodeNode, outer: Names, walk: Walk): void {
  const { text } = walk.file
  const nameNode = fieldOf(node, 'name')
  const name = nameNode === null ? '' : sourceOf(nameNode, text)
  if (name.startsWith('test_') || !walk.isCalled(name)) return
  const { className } = walk.place
  const inner: Walk = { ...reopen(walk, { ...walk.place, isFallback: false, scopes: [...walk.place.scopes, name] }), returned: [] }
  const names = openNames(outer)
  if (className !== null) {
    const prefix = `${className}:`
    for (const [key, value] of walk.attributes) if (key.startsWith(prefix)) names.set(key.slice(prefix.length), value)
  }
  for (const parameter of fieldOf(node, 'parameters')?.children ?? []) {
    const called = parameter.type === 'identifier' ? parameter : (fieldOf(parameter, 'name') ?? parameter.children[0])
    if (called?.type === 'identifier') names.set(sourceOf(called, text), PARAMETER)
  }
  const body = fieldOf(node, 'body')
  if (body !== null) walkBlock(body, names, inner)
  if (className !== null) {
    for (const [key, value] of names.own) {
      if (key.startsWith('self.') && value.draws.length > 0) walk.attributes.set(`${className}:${key}`, value)
    }
  }
  const returns = inner.returned.length === 0 ? NOTHING : either(inner.returned)
  const definition = `${walk.file.path}:${node.start}`
  for (const key of className === null ? [name] : [name, `${className}.${name}`]) {
    const known = walk.summaries.get(key) ?? new Map<string, Value>()
    walk.summaries.set(key, known.set(definition, returns))
  }
}

function assign(node: CodeNode, names: Names, walk: Walk): void {
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  if (left === null || right === null) return
  if (right.type === 'assignment') {
    assign(right, names, walk)
    const inner = fieldOf(right, 'left')
    bind(left, { node, value: evaluate(inner, names, walk.context), names, walk })
    return
  }
  if (right.type === 'dictionary' && left.type === 'identifier') {
    // What stands under a key is known by that key, and does not make the whole container chance.
    for (const pair of right.children) {
      const key = fieldOf(pair, 'key')
      if (key?.type !== 'string') continue
      names.set(`${sourceOf(left, walk.file.text)}["${stringValue(key, walk.file.text)}"]`, evaluate(fieldOf(pair, 'value'), names, silent(walk.context)))
    }
  }
  const value = evaluate(right, names, walk.context)
  const isKeyed = right.type === 'dictionary' && right.children.length > 0 && right.children.every((pair) => fieldOf(pair, 'key')?.type === 'string')
  if (!isKeyed || value.draws.length === 0) bind(left, { node, value, names, walk })
  else {
    walk.context.arrive({ node, name: sourceOf(left, walk.file.text), value, how: 'assignment' })
    bind(left, { node, value: { ...value, draws: [] }, names, walk })
  }
}

function silent(context: EvaluationContext): EvaluationContext {
  return { ...context, arrive: ({ value }) => value }
}

function bind(target: CodeNode, options: { node: CodeNode; value: Value; names: Names; walk: Walk }): void {
  const { node, value, names, walk } = options
  const { text } = walk.file
  switch (target.type) {
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
      for (const [place, child] of target.children.entries()) {
        const part = value.parts?.length === target.children.length ? value.parts[place] : undefined
        bind(child, { ...options, node: child, value: part ?? value })
      }
      return
    case 'identifier':
    case 'attribute': {
      const kept = walk.context.arrive({ node, name: sourceOf(target, text), value, how: 'assignment' })
      const name = dottedName(target, text)
      if (name !== '') names.set(name, kept)
      return
    }
    case 'subscript': {
      const kept = walk.context.arrive({ node, name: sourceOf(target, text).slice(0, 300), value, how: 'assignment' })
      const element = elementName(target, text)
      const base = dottedName(fieldOf(target, 'value'), text)
      if (element !== null) names.set(element, kept)
      else if (base !== '' && kept.draws.length > 0) names.set(base, either([names.get(base), kept]))
      return
    }
    default:
      return
  }
}
