import type { CodeFile, CodeNode } from './code.ts'
import { indexFile } from './file-index.ts'
import { argumentsOf, dottedName, fieldOf, sourceOf } from './python-nodes.ts'

/** Functions of generators whose value is chance alone. */
const drawingNames = new Set(
  (
    'random rand randn uniform normal gauss randint integers random_integers beta betavariate normalvariate lognormvariate lognormal triangular exponential expovariate gamma gammavariate poisson ' +
    'binomial standard_normal random_sample ranf standard_t laplace logistic truncnorm weibull rvs randbelow getrandbits vonmisesvariate paretovariate'
  ).split(' '),
)
const tensorDraws = new Set('rand randn randint normal uniform rand_like randn_like'.split(' '))
/** What makes a generator object. */
const generatorNames = new Set('default_rng RandomState Random SystemRandom Generator'.split(' '))

/** Names under which a file knows generators and their functions. */
export interface DrawNames {
  /** Modules and objects whose methods draw: `random`, `np.random`, `rng`, `self.rng`. */
  readonly generators: ReadonlySet<string>
  /** Functions that draw by their bare name: `from random import uniform`. */
  readonly functions: ReadonlySet<string>
  readonly tensors: ReadonlySet<string>
}

/** A call whose value is chance: `array` where it asks for many values at once. */
export interface DrawCall {
  readonly node: CodeNode
  readonly isArray: boolean
}

export interface Draw extends DrawCall {
  /** Of the file it stands in. */
  readonly path: string
  /** It stands where chance belongs: in an environment, a simulated user, a data set. */
  readonly isChance: boolean
  /** Inside of an `except`. */
  readonly isFallback: boolean
}

/** Which names draw in a file, from its imports and assignments. */
export function drawNames(file: Pick<CodeFile, 'tree' | 'text'>): DrawNames {
  const { text } = file
  const { imports, assignments } = indexFile(file)
  const generators = new Set<string>(['random', 'np.random', 'numpy.random', 'tf.random', 'jax.random', 'secrets'])
  const functions = new Set<string>()
  const tensors = new Set<string>(['torch'])
  for (const node of imports) {
    const module = fieldOf(node, 'module_name')
    const from = module === null ? null : sourceOf(module, text)
    for (const child of node.children) {
      if (child.field === 'module_name') continue
      const name = child.type === 'aliased_import' ? fieldOf(child, 'name') : child
      const alias = child.type === 'aliased_import' ? fieldOf(child, 'alias') : child
      if (name === null || alias === null) continue
      const imported = from === null ? sourceOf(name, text) : `${from}.${sourceOf(name, text)}`
      const called = sourceOf(alias, text)
      if (imported === 'random' || imported === 'numpy.random') generators.add(called)
      else if (imported === 'numpy') generators.add(`${called}.random`)
      else if (imported === 'torch') tensors.add(called)
      else if ((from === 'random' || from === 'numpy.random') && drawingNames.has(sourceOf(name, text)))
        functions.add(called)
    }
  }
  for (const node of assignments) {
    const left = dottedName(fieldOf(node, 'left'), text)
    const right = fieldOf(node, 'right')
    if (left === '' || right === null) continue
    if (right.type === 'call') {
      const made = dottedName(fieldOf(right, 'function'), text)
      const maker = made.slice(made.lastIndexOf('.') + 1)
      if (generatorNames.has(maker)) generators.add(left)
      else if (maker === 'partial') {
        const drawn = dottedName(argumentsOf(right, text)[0]?.value ?? null, text)
        const at = drawn.lastIndexOf('.')
        if (at > 0 && generators.has(drawn.slice(0, at)) && drawingNames.has(drawn.slice(at + 1))) functions.add(left)
      }
      continue
    }
    // A generator or one of its functions under another name: `draw = random.uniform`.
    const source = dottedName(right, text)
    const dot = source.lastIndexOf('.')
    if (generators.has(source)) generators.add(left)
    else if (dot > 0 && generators.has(source.slice(0, dot)) && drawingNames.has(source.slice(dot + 1)))
      functions.add(left)
  }
  return { generators, functions, tensors }
}

/** The draw that a call is; null for every other call, among them choices among data, shuffles and seeds. */
export function drawOf(call: CodeNode, options: { readonly text: string; readonly names: DrawNames }): DrawCall | null {
  const { text, names } = options
  const callee = fieldOf(call, 'function')
  const called = dottedName(callee, text)
  const args = argumentsOf(call, text)
  const dot = called.lastIndexOf('.')
  const method = called.slice(dot + 1)
  const owner = dot > 0 ? called.slice(0, dot) : ''
  if (owner === '' && !names.functions.has(called)) {
    // A generator made on the spot: `np.random.default_rng(0).uniform()`, `stats.norm(0, 1).rvs()`.
    const object = callee?.type === 'attribute' ? fieldOf(callee, 'object') : null
    const name = callee?.type === 'attribute' ? fieldOf(callee, 'attribute') : null
    if (object?.type !== 'call' || name === null || !drawingNames.has(sourceOf(name, text))) return null
    const maker = dottedName(fieldOf(object, 'function'), text)
    const isMaker = generatorNames.has(maker.slice(maker.lastIndexOf('.') + 1)) || sourceOf(name, text) === 'rvs'
    return isMaker ? shaped(call, args, text) : null
  }
  if (names.tensors.has(owner)) {
    if (!tensorDraws.has(method) || method.endsWith('_like')) return null
    const sizes = args.filter((arg) => arg.name === '' || arg.name === 'size')
    const [first] = sizes
    if (sizes.length > 1 && method !== 'randint' && method !== 'normal') return null
    const isOne = first === undefined || ['1', '(1,)', '()', '[1]', '[]'].includes(sourceOf(first.value, text))
    return { node: call, isArray: !isOne && method !== 'randint' && method !== 'normal' }
  }
  if (
    names.functions.has(called) ||
    (names.generators.has(owner) && drawingNames.has(method)) ||
    (method === 'rvs' && owner !== '')
  )
    return shaped(call, args, text)
  if (names.generators.has(owner) && method === 'choice' && args[0] !== undefined) {
    const numbers = args[0].value
    const isNumeric =
      ['list', 'tuple'].includes(numbers.type) &&
      numbers.children.length > 0 &&
      numbers.children.every((child) => child.type === 'float')
    return isNumeric ? { node: call, isArray: false } : null
  }
  return null
}

/** Two and more dimensions are data, and no draw of a result; one is a series. */
function shaped(call: CodeNode, args: readonly { name: string; value: CodeNode }[], text: string): DrawCall | null {
  const callee = dottedName(fieldOf(call, 'function'), text)
  const method = callee.slice(callee.lastIndexOf('.') + 1)
  const size = args.find((arg) => arg.name === 'size' || arg.name === 'shape')?.value
  if (size !== undefined) {
    if (size.type === 'tuple' || size.type === 'list')
      return size.children.length > 1 ? null : { node: call, isArray: true }
    return { node: call, isArray: sourceOf(size, text) !== '1' && sourceOf(size, text) !== 'None' }
  }
  const positional = args.filter((arg) => arg.name === '')
  if (
    method === 'rand' ||
    method === 'randn' ||
    method === 'random_sample' ||
    method === 'random' ||
    method === 'standard_normal'
  ) {
    const [first] = positional
    if (
      positional.length > 1 ||
      ((first?.value.type === 'tuple' || first?.value.type === 'list') && first.value.children.length > 1)
    )
      return null
    return { node: call, isArray: positional.length === 1 }
  }
  if (takesSize(method, positional.length)) {
    const third = positional.at(-1)?.value
    if (third !== undefined && (third.type === 'tuple' || third.type === 'list') && third.children.length > 1)
      return null
    return { node: call, isArray: true }
  }
  return { node: call, isArray: false }
}

/** Whether the last of so many arguments is how many values are asked for. */
function takesSize(method: string, positional: number): boolean {
  if (['exponential', 'poisson', 'standard_t'].includes(method)) return positional >= 2
  return (
    [
      'normal',
      'uniform',
      'beta',
      'gamma',
      'integers',
      'randint',
      'binomial',
      'lognormal',
      'laplace',
      'logistic',
    ].includes(method) && positional >= 3
  )
}
