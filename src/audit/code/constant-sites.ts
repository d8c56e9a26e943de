import type { CodeFile, CodeNode } from './code.ts'
import { indexFile } from './file-index.ts'
import { describe } from './literal-site.ts'
import { tellingDigits } from './literal-value.ts'
import { isDisturbance, isMeasuring, isSettingName, isWorldScope, metricTier, nameWords } from './metric-names.ts'
import { sourceOf } from './python-nodes.ts'
import { reportedReads } from './reported-reads.ts'
import { findScopes, type Scope, type Write } from './scope-writes.ts'
import { unreadNames } from './unread-names.ts'

/** A constant under the name of a result, where the code around shows that it was computed, or that its like is. */
export interface ConstantSite {
  readonly node: CodeNode
  readonly line: number
  /** Of the result, as written. */
  readonly name: string
  readonly text: string
  /** Inside of an `except`, where the place alone says enough. */
  readonly isFallback: boolean
}

export interface ConstantOptions {
  readonly isCalled: (name: string) => boolean
  /** Whether the paper reports what bears a name. */
  readonly isReported: (name: string) => boolean
  /** Functions of the work that nothing calls. */
  readonly idleFunctions: readonly string[]
}

/** Starting points, goals and sides of a comparison. */
const NO_RESULT = /best|initial|prev|last_|default|chance|random|target/i
const ALL_CAPITALS = /^[A-Z][A-Z\d_]*$/
/** What others published is set beside measured results; what the code runs itself is measured. */
const BASELINE = /^base/
/** Neither measured nor chosen: where counting starts and ends, and a coin's side. */
const TRIVIAL = new Set([0, 1, 100])

/** @throws never; a file without such constants gives none */
export function findConstantSites(file: CodeFile, options: ConstantOptions): ConstantSite[] {
  const { text } = file
  return findScopes(file).flatMap((scope) => {
    const called = scope.names.at(-1) ?? ''
    const isFunction = scope.node.type === 'function_definition'
    if (isFunction && (called.startsWith('test_') || called === '__init__')) return []
    if (isFunction && !options.isCalled(called) && !indexFile(file).hooks.has(scope.node)) return []
    if (scope.names.some(isDisturbance)) return []
    const constants = scope.writes.filter((write) => isCandidate(write, { scope, file, options }))
    if (constants.length === 0) return []
    const isMeasure = isFunction && (metricTier(called) !== null || isMeasuring(called) || options.isReported(called))
    const isWorld = isWorldScope(scope.names) && !isMeasure
    const unread = unreadNames(scope.node, text)
    const reads = reportedReads(scope.node, { text, isResult: (name) => tierOf(name, options) !== null })
    return constants.flatMap((write): ConstantSite[] => {
      const site = {
        node: write.value,
        line: write.value.line,
        name: write.name,
        text: write.constant ?? '',
        isFallback: write.isFallback,
      }
      if (write.isFallback) return !isWorld && metricTier(write.name) === 'strong' && !isHalf(write) ? [site] : []
      const isCutOff = write.isDirect || write.kind !== 'return'
      const inputs = isMeasure
        ? [...unread.locals, ...unread.parameters]
        : unread.locals.filter((name) => isAkin(name, write.name))
      const isUnreadInput = isCutOff && inputs.length > 0 && (!isHalf(write) || isMeasure)
      if (isUnreadInput) return [site]
      if (isWorld || write.kind === 'return' || isHalf(write)) return []
      if (write.kind === 'name' && !reads.has(write.name)) return []
      const isLeftIdle = options.idleFunctions.some((idle) => isMadeBy(write.name, idle))
      return isLeftIdle || isAmongMeasured(write, scope, options) ? [site] : []
    })
  })
}

function tierOf(name: string, { isReported }: ConstantOptions): 'strong' | 'weak' | null {
  return metricTier(name) ?? (isReported(name) ? 'weak' : null)
}

const isHalf = ({ constant }: Write): boolean => Math.abs(Number(constant)) === 0.5

/** One fraction, written once, under a name that stands for a result and for no setting. */
function isCandidate(
  write: Write,
  { scope, file, options }: { scope: Scope; file: CodeFile; options: ConstantOptions },
): boolean {
  const { constant, name } = write
  if (constant === null || !constant.includes('.') || /e/i.test(constant) || constant.length > 20) return false
  if (TRIVIAL.has(Math.abs(Number(constant))) || tellingDigits(constant) === 0) return false
  if (NO_RESULT.test(name) || ALL_CAPITALS.test(name) || isSettingName(name)) return false
  const called = scope.names.at(-1) ?? ''
  const tier = write.kind === 'return' && isMeasuring(called) ? 'weak' : tierOf(name, options)
  if (tier === null) return false
  const others = scope.writes.filter((other) => other !== write && other.key === write.key)
  if (!write.isFallback && write.kind !== 'return' && others.some((other) => !other.isTrivial)) return false
  const { isReference, isSetting } = describe(
    {
      // A chance is mostly set, but the paper may report one.
      names: [...write.under, options.isReported(name) ? name.replaceAll(/_?(?:probs?|rates)\b/gi, '') : name],
      kind: write.kind === 'return' ? 'return' : 'value',
      isKept: true,
      isAlone: true,
      isListed: false,
      isFallback: write.isFallback,
      isUnused: false,
      isBranch: !write.isDirect,
      // Whether its scope is a made-up world is asked elsewhere.
      scopes: [],
    },
    write.value.line,
    file,
  )
  return !isReference && !isSetting && sourceOf(write.value, file.text).length <= 60
}

/**
 * Beside results that are computed: in the same dictionary, under keys of the same name, in the same block; or in a loop or a branch that
 * works something out.
 */
function isAmongMeasured(write: Write, scope: Scope, options: ConstantOptions): boolean {
  const beside = scope.writes.filter((other) => other !== write && other.block === write.block && other.isComputed)
  const isBaseline = (name: string): boolean => nameWords(name).some((word) => BASELINE.test(word))
  if (isBaseline(write.name)) return scope.writes.some((other) => other.isComputed && isBaseline(other.name))
  if (beside.some((other) => tierOf(withoutVague(other.name), options) !== null)) return true
  if (write.kind !== 'name' || write.isDirect || scope.node.type === 'module') return false
  return beside.some((other) => other.isCall && isAkin(other.name, write.name))
}

/** `results` and `metrics` may hold anything. */
const withoutVague = (name: string): string =>
  nameWords(name)
    .filter((word) => !/^(?:results?|metrics?|performance)$/.test(word))
    .join('_')

/** Whether a function is called as what would compute a name: `compute_alignment_error` for `alignment_error`. */
function isMadeBy(name: string, idle: string): boolean {
  const words = nameWords(name)
  const own = nameWords(idle)
  return own.length > words.length && words.length >= 2 && words.every((word) => own.includes(word))
}

/** Whether two names share a word: `satisfaction_scores` and `user_satisfaction`, `corr` and `correction_score`. */
function isAkin(one: string, other: string): boolean {
  const words = nameWords(other).filter((word) => word.length >= 4)
  return nameWords(one).some(
    (word) => word.length >= 4 && words.some((own) => own.startsWith(word) || word.startsWith(own)),
  )
}
