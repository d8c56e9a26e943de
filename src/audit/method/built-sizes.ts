import { listAt } from '../../base/list-at.ts'
import type { EvidencePlace } from '../../schema/audit.ts'
import { codePlaces } from '../code/code-finding.ts'
import type { RunFile } from '../code/code-sites.ts'
import type { CodeNode } from '../code/code.ts'
import { argumentsOf, calleeName, fieldOf, sourceOf } from '../code/python-nodes.ts'
import type { AuditFacts } from '../facts.ts'
import { codeSettings } from './code-settings.ts'
import { layerCalls, type LayerCall, type LayerSize } from './layer-calls.ts'
import { numberReader, type NumberReader } from './number-names.ts'
import { type ArchitectureSize, architectureSizes } from './stated-architecture.ts'
import { workRecord } from './work-record.ts'

/** What code that ran gives a size of a network. */
export interface BuiltSize {
  /** Null where it cannot be told without running the code. */
  readonly value: number | null
  /** What a paper may call the same: a perceptron of three layers has two hidden ones, and an input. */
  readonly near: readonly number[]
  /** It can agree with a paper, and not contradict it. */
  readonly isOutside: boolean
  readonly place: EvidencePlace
}

/** Layers that stand one by one in one function or in one sequence. */
interface Scope {
  readonly layers: Map<LayerCall, { count: number; line: number }>
}

type Add = (size: ArchitectureSize, built: Omit<BuiltSize, 'place'>, line: number) => void

/** Sizes of networks in code that ran: by name, and by the calls that build layers, one by one or in loops. */
export function builtSizes(facts: AuditFacts): ReadonlyMap<ArchitectureSize, readonly BuiltSize[]> {
  const record = workRecord(facts)
  const built = new Map<ArchitectureSize, BuiltSize[]>()
  const named = codeSettings(facts, record)
  for (const size of architectureSizes)
    for (const { value, place } of named.get(size) ?? [])
      listAt(built, size).push({ value, near: [], isOutside: false, place })
  const read = numberReader(facts)
  for (const run of record.run) {
    const add: Add = (size, one, line) => {
      const [place] = codePlaces(run, [line])
      if (place !== undefined) listAt(built, size).push({ ...one, place: { ...place, role: 'contradicts' } })
    }
    readFile(run, { read, add })
  }
  return built
}

function readFile(run: RunFile, { read, add }: { read: NumberReader; add: Add }): void {
  const { text, tree } = run.file
  const visit = (node: CodeNode, scopes: readonly Scope[], loop: CodeNode | null): void => {
    let inside = scopes
    let repeated = loop
    let own: Scope | null = null
    switch (node.type) {
      case 'function_definition':
        own = { layers: new Map() }
        inside = [own]
        repeated = null
        break
      case 'for_statement':
      case 'list_comprehension':
      case 'generator_expression':
        repeated = node
        break
      case 'call': {
        const name = calleeName(node, text)
        if (name === 'Sequential' || name === 'ModuleList') {
          own = { layers: new Map() }
          inside = [...scopes, own]
        }
        readCall(node, { name, text, scopes: inside, loop: repeated, read, add })
        break
      }
      default:
    }
    for (const child of node.children) visit(child, inside, repeated)
    if (own !== null) addLayers(own, add)
  }
  const whole: Scope = { layers: new Map() }
  visit(tree, [whole], null)
  addLayers(whole, add)
}

/** As many as stand there; with the input, or without the output, papers count one more or less. */
function addLayers({ layers }: Scope, add: Add): void {
  for (const { count, line } of layers.values())
    add('layers', { value: count, near: [count - 1, count + 1], isOutside: false }, line)
}

function readCall(
  node: CodeNode,
  options: {
    name: string
    text: string
    scopes: readonly Scope[]
    loop: CodeNode | null
    read: NumberReader
    add: Add
  },
): void {
  const { name, text, scopes, loop, read, add } = options
  if (/^MLP(?:Classifier|Regressor)$/.test(name)) {
    readPerceptron(node, { text, read, add })
    return
  }
  const call = layerCalls.find(({ pattern }) => pattern.test(name))
  if (call === undefined) {
    if (loop !== null && /(?:Block|Layer|Cell|Expert|Attention)$/.test(name)) addRepeated(loop, { text, read, add })
    return
  }
  const given = argumentsOf(node, text)
  if (given.some(({ value }) => value.type === 'list_splat' || value.type === 'dictionary_splat')) {
    for (const { size } of call.sizes) add(size, { value: null, near: [], isOutside: false }, node.line)
    return
  }
  for (const size of call.sizes) readSize(size, { given, node, text, read, add })
  if (!call.isLayer && !name.endsWith('Layer')) return
  if (loop !== null) addRepeated(loop, { text, read, add })
  else if (call.isLayer && !statesLayers(call, given)) {
    for (const { layers } of scopes) {
      const known = layers.get(call)
      if (known === undefined) layers.set(call, { count: 1, line: node.line })
      else known.count += 1
    }
  }
}

type Given = readonly { readonly name: string; readonly value: CodeNode }[]

/** A recurrent layer that says how many it is counts for as many, and not for one. */
function statesLayers({ sizes }: LayerCall, given: Given): boolean {
  const layers = sizes.find(({ size }) => size === 'layers')
  return layers !== undefined && argumentOf(layers, given) !== undefined
}

function argumentOf({ keywords, place }: LayerSize, given: Given): CodeNode | undefined {
  const named = given.find(({ name }) => keywords.includes(name))
  if (named !== undefined) return named.value
  return given.filter(({ name }) => name === '')[place]?.value
}

function readSize(
  layer: LayerSize,
  options: { given: Given; node: CodeNode; text: string; read: NumberReader; add: Add },
): void {
  const { size, otherwise, isOutside } = layer
  const { given, node, text, read, add } = options
  const value = argumentOf(layer, given)
  if (value === undefined) {
    if (otherwise !== null)
      add(size, { value: otherwise, near: [], isOutside: size === 'layers' || isOutside }, node.line)
    return
  }
  const values = read(value, text)
  if (values === null) {
    // The data's own width is nobody's choice; any other unknown one may be the paper's.
    if (!isOutside) add(size, { value: null, near: [], isOutside: false }, node.line)
    return
  }
  for (const one of values) add(size, { value: one, near: [], isOutside }, node.line)
}

/** Layers that a loop makes: as often as it runs, give or take the first and the last, which stand outside of it. */
function addRepeated(loop: CodeNode, { text, read, add }: { text: string; read: NumberReader; add: Add }): void {
  const clause = loop.type === 'for_statement' ? loop : loop.children.find(({ type }) => type === 'for_in_clause')
  const over = clause === undefined ? null : fieldOf(clause, 'right')
  const range = over?.type === 'call' && calleeName(over, text) === 'range' ? argumentsOf(over, text) : []
  const values = range.length === 1 && range[0] !== undefined ? read(range[0].value, text) : null
  if (values === null) {
    add('layers', { value: null, near: [], isOutside: false }, loop.line)
    return
  }
  for (const value of values.filter((one) => one > 0))
    add('layers', { value, near: [value - 1, value + 1, value + 2], isOutside: false }, loop.line)
}

/** scikit-learn's: `hidden_layer_sizes=(64, 32)`; one of 100 where nothing is said. */
function readPerceptron(node: CodeNode, { text, read, add }: { text: string; read: NumberReader; add: Add }): void {
  const given = argumentsOf(node, text)
  const value =
    given.find(({ name }) => name === 'hidden_layer_sizes')?.value ?? given.find(({ name }) => name === '')?.value
  const widths = perceptronWidths(value ?? null, { text, read })
  const { length } = widths ?? []
  const layers = widths === null ? null : length
  add('layers', { value: layers, near: [length + 1, length + 2], isOutside: false }, node.line)
  for (const width of widths ?? [null]) add('hidden size', { value: width, near: [], isOutside: false }, node.line)
}

function perceptronWidths(
  value: CodeNode | null,
  { text, read }: { text: string; read: NumberReader },
): (number | null)[] | null {
  if (value === null) return [100]
  if (value.type === 'integer') return [Number(sourceOf(value, text))]
  if (value.type !== 'tuple' && value.type !== 'list') return null
  return value.children.map((child) => {
    const values = read(child, text)
    return values?.length === 1 ? (values[0] ?? null) : null
  })
}
