import type { CodeNode } from './code.ts'
import { drawOf, type DrawNames } from './draws.ts'
import { isAveragedName, isSettingName } from './metric-names.ts'
import { argumentsOf, calleeName, dottedName, fieldOf, sourceOf, stringValue } from './python-nodes.ts'
import { combine, either, noValue, opaqueValue, tuple, unknownValue, type Names, type Value } from './values.ts'

/** What a function of the work gives back. */
export interface Summary {
  readonly returns: Value
}

/** Where a value arrives: under a name that a reader takes for what it says. */
export interface Arrival {
  readonly node: CodeNode
  /** As written: `results["accuracy"]`, the word before an interpolation, a function's name. */
  readonly name: string
  readonly value: Value
  readonly how: 'assignment' | 'key' | 'argument' | 'append' | 'text' | 'return'
  /** Of a text: written as results are, with decimals as a percentage or into the cell of a table. */
  readonly isFigure?: boolean
}

export interface EvaluationContext {
  readonly path: string
  readonly text: string
  /** Whether chance belongs to the function that is evaluated. */
  readonly isChance: boolean
  /** Whether it stands inside of an `except`. */
  readonly isFallback: boolean
  readonly draws: DrawNames
  /** Of a function of the work, called bare or as a method of `owner`; null for every other function. */
  summaryOf(name: string, owner: string): Summary | null
  /** Told of every value that comes to stand under a name; gives back what goes on from there. */
  arrive(arrival: Arrival): Value
}

/** Functions through which chance stays chance. */
const arithmeticNodes = new Set(
  (
    'min max round float int abs sum mean average clip clamp sorted list tuple array asarray maximum minimum median std sqrt exp log log10 log2 tanh sigmoid pow power fabs floor ceil ' +
    'cumsum sort full fmean str format Decimal enumerate zip reversed dict nanmean linspace multiply add subtract divide dot prod fsum'
  ).split(' '),
)
/** Methods that give what their object holds. */
const objectMethods = new Set(
  'item tolist copy mean sum min max clip round astype squeeze numpy cpu float double std abs values items get pop flatten ravel detach clamp reshape cumsum sort'.split(
    ' ',
  ),
)
const addingMethods = new Set(['append', 'extend', 'insert', 'add', 'update', 'setdefault'])
/** Words of a text before an interpolation that may name it. */
const labelCharacters = 60

/** What an expression holds, with what arrives under names inside of it reported on the way. */
export function evaluate(node: CodeNode | null, names: Names, context: EvaluationContext): Value {
  if (node === null) return noValue
  const { text } = context
  const all = (nodes: readonly CodeNode[]): Value[] => nodes.map((child) => evaluate(child, names, context))
  switch (node.type) {
    case 'identifier':
      return names.get(sourceOf(node, text))
    case 'attribute': {
      const dotted = dottedName(node, text)
      if (dotted !== '') return names.get(dotted)
      evaluate(fieldOf(node, 'object'), names, context)
      return unknownValue
    }
    case 'subscript':
      return evaluateSubscript(node, names, context)
    case 'call':
      return evaluateCall(node, names, context)
    case 'binary_operator':
    case 'unary_operator':
      return combine(all(node.children))
    case 'boolean_operator':
    case 'parenthesized_expression':
    case 'list':
    case 'set':
    case 'list_splat':
    case 'dictionary_splat':
    case 'await':
    case 'yield':
      return either(all(node.children.filter((child) => child.type !== 'comment')))
    case 'expression_list':
    case 'tuple':
      return tuple(all(node.children.filter((child) => child.type !== 'comment')))
    case 'conditional_expression': {
      const [then, condition, otherwise] = node.children
      evaluate(condition ?? null, names, context)
      return either([evaluate(then ?? null, names, context), evaluate(otherwise ?? null, names, context)])
    }
    case 'named_expression': {
      const name = fieldOf(node, 'name')
      const value = evaluate(fieldOf(node, 'value'), names, context)
      if (name === null) return value
      const kept = context.arrive({ node, name: sourceOf(name, text), value, how: 'assignment' })
      names.set(sourceOf(name, text), kept)
      return kept
    }
    case 'dictionary':
      return either(
        node.children.map((pair) => {
          const key = fieldOf(pair, 'key')
          const value = evaluate(fieldOf(pair, 'value') ?? pair.children[0] ?? null, names, context)
          if (key === null) return value
          return key.type === 'string'
            ? context.arrive({ node: pair, name: stringValue(key, text), value, how: 'key' })
            : value
        }),
      )
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension': {
      const inner = names.branch()
      for (const clause of node.children.slice(1)) {
        if (clause.type !== 'for_in_clause') continue
        bindLoop(fieldOf(clause, 'left'), evaluate(fieldOf(clause, 'right'), inner, context), { names: inner, text })
      }
      const body = node.children[0]
      return body?.type === 'pair'
        ? evaluate(fieldOf(body, 'value'), inner, context)
        : evaluate(body ?? null, inner, context)
    }
    case 'concatenated_string':
      return either(all(node.children))
    case 'string':
      return evaluateText(node, names, context)
    case 'lambda':
      evaluate(fieldOf(node, 'body'), names.branch(), context)
      return noValue
    case 'comparison_operator':
    case 'not_operator':
      all(node.children)
      return noValue
    default:
      return noValue
  }
}

/** Gives the variables of a loop what the elements hold. */
export function bindLoop(target: CodeNode | null, value: Value, options: { names: Names; text: string }): void {
  if (target === null) return
  if (target.type === 'identifier')
    options.names.set(sourceOf(target, options.text), { ...value, isElement: value.isElement || value.isParameter })
  else for (const child of target.children) bindLoop(child, value, options)
}

/** Key under which an element of a container is known: `results["accuracy"]`; null where the key is no literal text. */
export function elementName(node: CodeNode, text: string): string | null {
  const base = dottedName(fieldOf(node, 'value'), text)
  const key = fieldOf(node, 'subscript')
  return base === '' || key?.type !== 'string' ? null : `${base}["${stringValue(key, text)}"]`
}

function evaluateSubscript(node: CodeNode, names: Names, context: EvaluationContext): Value {
  const element = elementName(node, context.text)
  if (element !== null) {
    const known = names.get(element)
    if (known !== unknownValue) return known
  }
  return evaluate(fieldOf(node, 'value'), names, context)
}

function evaluateText(node: CodeNode, names: Names, context: EvaluationContext): Value {
  const values: Value[] = []
  let from = node.start
  for (const child of node.children) {
    if (child.type !== 'interpolation') continue
    const value = evaluate(fieldOf(child, 'expression') ?? child.children[0] ?? null, names, context)
    const label = context.text.slice(Math.max(from, child.start - labelCharacters), child.start)
    values.push(
      value.draws.length > 0
        ? context.arrive({
            node: child,
            name: lastLabel(label),
            value,
            how: 'text',
            isFigure: isFigure(child, context),
          })
        : value,
    )
    from = child.end
  }
  return either(values)
}

/**
 * `{share:.1f}%` of anything but a setting, and `| {avg_before:.3f} |` of an average or of what is made up on the spot: the rows of a search
 * tell its settings as well.
 */
function isFigure(hole: CodeNode, { text }: EvaluationContext): boolean {
  const expression = fieldOf(hole, 'expression') ?? hole.children[0]
  const format = hole.children.find((child) => child.type === 'format_specifier')
  if (expression === undefined || format === undefined) return false
  if (!/^:[<>^]?\d{0,3}\.\d[f%]$/.test(sourceOf(format, text))) return false
  const name = expression.type === 'identifier' ? sourceOf(expression, text) : ''
  if (isSettingName(sourceOf(expression, text).slice(0, 200))) return false
  if (text[hole.end] === '%' || text[hole.end - 2] === '%') return true
  const isCell =
    /\| ?$/.test(text.slice(hole.start - 2, hole.start)) && /^ ?\|/.test(text.slice(hole.end, hole.end + 2))
  return isCell && (expression.type === 'call' || isAveragedName(name))
}

/** What stands last before a value in a text: of `loss 0.3, accuracy: ` the accuracy. */
function lastLabel(text: string): string {
  const part = text.slice(text.search(/[^,;|\n]{0,60}$/))
  return part.trim() === '' ? text : part
}

function evaluateCall(node: CodeNode, names: Names, context: EvaluationContext): Value {
  const { text } = context
  const draw = drawOf(node, { text, names: context.draws })
  if (draw !== null) {
    // A draw around a measured or given value is not chance alone, and what is drawn for its arguments is in it.
    const around = combine(argumentsOf(node, text).map(({ value }) => evaluate(value, names, context)))
    return {
      ...noValue,
      isPure: around.isPure,
      isParameter: around.isParameter,
      draws: [
        ...around.draws,
        { ...draw, path: context.path, isChance: context.isChance, isFallback: context.isFallback },
      ],
    }
  }
  const called = calleeName(node, text)
  const callee = fieldOf(node, 'function')
  const object = callee?.type === 'attribute' ? fieldOf(callee, 'object') : null
  const owner = evaluate(object, names, context)
  const args = argumentsOf(node, text).map(({ name, value }) => {
    const held = evaluate(value, names, context)
    return name === '' || held.draws.length === 0
      ? held
      : context.arrive({ node: value, name, value: held, how: 'argument' })
  })
  if (object !== null && addingMethods.has(called))
    return addTo(object, { node, called, value: either(args), names, context })
  if (object !== null && objectMethods.has(called) && owner !== unknownValue) return combine([owner, ...args])
  const ownerName = dottedName(object, text)
  // An object made on the spot: `Judge().score()`.
  const isMade = object?.type === 'call' && /^[A-Z]/.test(calleeName(object, text))
  const summary = object === null || ownerName !== '' || isMade ? context.summaryOf(called, ownerName) : null
  if (summary !== null) {
    const returns = { ...summary.returns, isParameter: false }
    if (!summary.returns.isParameter) return returns
    // A model and data, predictions and labels, gone through one by one: chance that is held against something is measured, and not drawn.
    const isMeasured = summary.returns.isElement && args.filter(isGiven).length > 1
    return combine(isMeasured ? [returns, opaqueValue] : [returns, ...args])
  }
  if (arithmeticNodes.has(called)) return combine([...args, ...(called === 'format' ? [owner] : [])])
  return opaqueValue
}

/** More than a constant. */
function isGiven({ draws, isPure, isParameter }: Value): boolean {
  return draws.length > 0 || !isPure || isParameter
}

function addTo(
  object: CodeNode,
  {
    node,
    called,
    value,
    names,
    context,
  }: { node: CodeNode; called: string; value: Value; names: Names; context: EvaluationContext },
): Value {
  const name =
    object.type === 'subscript'
      ? (elementName(object, context.text) ?? dottedName(fieldOf(object, 'value'), context.text))
      : dottedName(object, context.text)
  if (name === '' || value.draws.length === 0) return noValue
  const kept =
    called === 'add' && object.type === 'call'
      ? value
      : context.arrive({ node, name: sourceOf(object, context.text), value, how: 'append' })
  names.set(name, either([names.get(name), kept]))
  return noValue
}
