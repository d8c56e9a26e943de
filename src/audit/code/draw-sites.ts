import type { CodeFile, CodeNode } from './code.ts'
import { assign, bind } from './bind-target.ts'
import { openWalk, reopen, type DrawSite, type Place, type SiteOptions, type Walk } from './draw-walk.ts'
import { drawNames } from './draws.ts'
import { bindLoop, evaluate } from './evaluate.ts'
import { indexFile } from './file-index.ts'
import { foundPresent } from './found-present.ts'
import { isMainBlock } from './main-block.ts'
import { fieldOf, sourceOf } from './python-nodes.ts'
import { combine, either, noValue, openNames, parameterValue, type Names, type Value } from './values.ts'

/** Walks a file in the order of its text. Fills in what its functions return, so that callers walked later know; call it twice for callers before. */
export function findDrawSites(file: CodeFile, options: SiteOptions): DrawSite[] {
  const draws = drawNames(file)
  const attributes = new Map<string, Value>()
  let sites: DrawSite[] = []
  // The first round learns what objects hold and functions return; the second knows.
  for (let round = 0; round < 2; round++) {
    sites = []
    const place: Place = {
      around: file.tree,
      scopes: [],
      className: null,
      isFallback: false,
      isUnused: false,
      isGuess: false,
      present: null,
    }
    const walk = openWalk({ file, draws, place, attributes, sites, ...options })
    walkBlock(file.tree, openNames(), walk)
  }
  const seen = new Set<CodeNode>()
  return sites.filter((site) => !seen.has(site.node) && seen.add(site.node))
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
    case 'class_definition':
      walkClass(node, names, walk)
      return
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
    case 'if_statement':
      walkIf(node, names, walk)
      return
    case 'elif_clause':
      evaluate(fieldOf(node, 'condition'), names, context)
      walkBlock(fieldOf(node, 'consequence') ?? { ...node, children: [] }, names, consequenceOf(node, walk))
      return
    case 'for_statement':
      bindLoop(fieldOf(node, 'left'), evaluate(fieldOf(node, 'right'), names, context), { names, text })
      walkLoop(node, names, walk)
      return
    case 'while_statement':
      evaluate(fieldOf(node, 'condition'), names, context)
      walkLoop(node, names, walk)
      return
    case 'try_statement':
      walkTry(node, names, walk)
      return
    case 'block':
    case 'module':
    case 'else_clause':
    case 'finally_clause':
    case 'decorated_definition':
    case 'expression_statement':
    case 'with_statement':
    case 'match_statement':
    case 'case_clause':
    case 'with_clause':
    case 'with_item':
      walkBlock(node, names, walk)
      return
    default:
      evaluate(node, names, context)
  }
}

function walkClass(node: CodeNode, names: Names, walk: Walk): void {
  const name = fieldOf(node, 'name')
  const className = name === null ? null : sourceOf(name, walk.file.text)
  const scopes = className === null ? walk.place.scopes : [...walk.place.scopes, className]
  const body = fieldOf(node, 'body')
  if (body !== null) walkBlock(body, openNames(names), reopen(walk, { ...walk.place, className, scopes }))
}

function walkIf(node: CodeNode, names: Names, walk: Walk): void {
  const { context, file } = walk
  if (isMainBlock(node, file.text) && !['entry', 'started', 'unknown'].includes(file.execution)) return
  evaluate(fieldOf(node, 'condition'), names, context)
  const blocks = node.children.filter((child) => child.field === 'consequence' || child.field === 'alternative')
  const [then, ...others] = blocks
  const outcomes = [
    ...(then === undefined ? [] : outcomesOf([then], names, consequenceOf(node, walk))),
    ...outcomesOf(others, names, walk),
  ]
  names.join(
    outcomes,
    blocks.some((block) => block.type === 'else_clause'),
  )
}

/** A loop may not run at all. */
function walkLoop(node: CodeNode, names: Names, walk: Walk): void {
  const blocks = node.children.filter((child) => child.field === 'body' || child.field === 'alternative')
  names.join(outcomesOf(blocks, names, walk), false)
}

function walkTry(node: CodeNode, names: Names, walk: Walk): void {
  const body = fieldOf(node, 'body')
  const handlers = node.children.filter(
    (child) => child.type === 'except_clause' || child.type === 'except_group_clause',
  )
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
}

/** How what follows a condition is walked: knowing what the condition says of it. */
function consequenceOf(node: CodeNode, walk: Walk): Walk {
  const { place, file } = walk
  const isGuessed = isGuess(node, file.text)
  const present = foundPresent(node, file.text)
  if (!isGuessed && present === null) return walk
  return reopen(walk, { ...place, isGuess: place.isGuess || isGuessed, present: present ?? place.present })
}

/** `method == "random"`: what follows is meant to guess. */
function isGuess(node: CodeNode, text: string): boolean {
  const condition = fieldOf(node, 'condition')
  return condition !== null && /["'][^"']{0,40}random[^"']{0,40}["']/i.test(sourceOf(condition, text).slice(0, 300))
}

/** What each of several blocks leaves behind, when it runs. */
function outcomesOf(blocks: readonly CodeNode[], names: Names, walk: Walk): Names[] {
  return blocks.map((block) => {
    const branch = names.branch()
    walkStatement(block, branch, walk)
    return branch
  })
}

function walkFunction(node: CodeNode, outer: Names, walk: Walk): void {
  const { text } = walk.file
  const nameNode = fieldOf(node, 'name')
  const name = nameNode === null ? '' : sourceOf(nameNode, text)
  if (name.startsWith('test_')) return
  const isUnused = walk.place.isUnused || !(walk.isCalled(name) || indexFile(walk.file).hooks.has(node))
  const { className } = walk.place
  const inner: Walk = {
    ...reopen(walk, {
      ...walk.place,
      around: node,
      isFallback: false,
      isUnused,
      present: null,
      scopes: [...walk.place.scopes, name],
    }),
    returned: [],
  }
  const names = openNames(outer)
  if (className !== null) {
    const prefix = `${className}:`
    for (const [key, value] of walk.attributes) if (key.startsWith(prefix)) names.set(key.slice(prefix.length), value)
  }
  for (const parameter of fieldOf(node, 'parameters')?.children ?? []) {
    const called = parameter.type === 'identifier' ? parameter : (fieldOf(parameter, 'name') ?? parameter.children[0])
    if (called?.type === 'identifier') names.set(sourceOf(called, text), parameterValue)
  }
  const body = fieldOf(node, 'body')
  if (body !== null) walkBlock(body, names, inner)
  if (className !== null) {
    for (const [key, value] of names.own) {
      if (key.startsWith('self.') && value.draws.length > 0) walk.attributes.set(`${className}:${key}`, value)
    }
  }
  const returns = inner.returned.length === 0 ? noValue : either(inner.returned)
  const definition = `${walk.file.path}:${node.start}`
  for (const key of className === null ? [name] : [name, `${className}.${name}`]) {
    const known = walk.summaries.get(key) ?? new Map<string, Value>()
    walk.summaries.set(key, known.set(definition, returns))
  }
}
