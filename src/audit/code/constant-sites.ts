import type { CodeFile, CodeNode } from './code.ts'
import { indexFile } from './file-index.ts'
import { isElement } from './found-present.ts'
import { describe } from './literal-site.ts'
import { tellingDigits } from './literal-value.ts'
import { isDisturbance, isMeasuring, isSettingName, isWorldScope, metricTier, nameWords } from './metric-names.ts'
import { calleeName, sourceOf } from './python-nodes.ts'
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
const noResult = /best|initial|prev|last_|default|chance|random|target/i
const allCapitals = /^[A-Z][A-Z\d_]*$/
/** What others published is set beside measured results; what the code runs itself is measured. */
const baselineWords = /^base/
/** Neither measured nor chosen: where counting starts and ends, and a coin's side. */
const trivialValues = new Set([0, 1, 100])

/** Beyond so many a file holds data. */
const mostCandidates = 500
/** What is written more often is a running value. */
const mostWrites = 50
/** Neighbours of a constant that are looked at. */
const mostBeside = 50

type WritesByKey = ReadonlyMap<string, readonly Write[]>

/** Constants in the place of results, apart from those that only look like ones (`findLiteralSites` tells them). */
export function findConstantSites(file: CodeFile, options: ConstantOptions): ConstantSite[] {
  const { text } = file
  const scopes = findScopes(file)
  const givesConstant = constantFunctions(scopes)
  return scopes.flatMap((scope) => {
    const called = scope.names.at(-1) ?? ''
    const isFunction = scope.node.type === 'function_definition'
    if (isFunction && (called.startsWith('test_') || called === '__init__')) return []
    if (isFunction && !options.isCalled(called) && !indexFile(file).hooks.has(scope.node)) return []
    if (scope.names.some(isDisturbance)) return []
    const byKey = Map.groupBy(scope.writes, ({ key }) => key)
    const writes = scope.writes.map((write) => resolve(write, { byKey, givesConstant, text, options }))
    const constants = writes
      .filter((write) => isCandidate(write, { scope, file, byKey, options }))
      .slice(0, mostCandidates)
    if (constants.length === 0) return []
    const isMeasure = isFunction && (metricTier(called) !== null || isMeasuring(called) || options.isReported(called))
    const isWorld = isWorldScope(scope.names) && !isMeasure
    const unread = unreadNames(scope.node, text)
    const reads = reportedReads(scope.node, { text, isResult: (name) => tierOf(name, options) !== null })
    const byBlock = Map.groupBy(
      scope.writes.filter((write) => write.isComputed),
      ({ block }) => block,
    )
    const entries = Map.groupBy(
      scope.writes.filter(({ kind }) => kind === 'entry'),
      ({ name }) => name,
    )
    return constants.flatMap((write): ConstantSite[] => {
      const { value, name, isFallback } = write
      const site = { node: value, line: value.line, name, text: write.constant ?? '', isFallback }
      const isOtherwiseComputed =
        (byKey.get(write.key) ?? []).some((other) => other.isComputed && !other.isFallback) ||
        (write.kind === 'entry' && isWorkedOutElsewhere(write, { byKey, entries, text }))
      if (isFallback) {
        const isSure = metricTier(name) === 'strong' || (isOtherwiseComputed && tellingDigits(site.text) >= 2)
        return !isWorld && isSure && !isHalf(write) ? [site] : []
      }
      const isCutOff = write.isDirect || write.kind !== 'return'
      const inputs = isMeasure
        ? [...unread.locals, ...unread.parameters]
        : unread.locals
            .slice(0, mostBeside)
            .filter((local) => isAkin(local, name) || (metricTier(name) === 'strong' && isCounted(local)))
      if (write.present !== null && isElement(write.key, write.present) && !isHalf(write)) return [site]
      if (isCutOff && inputs.length > 0 && (!isHalf(write) || isMeasure)) return [site]
      if (isWorld || write.kind === 'return' || isHalf(write)) return []
      if (write.kind === 'name' && !reads.has(name)) return []
      if (isOtherwiseComputed || options.idleFunctions.some((idle) => isMadeBy(name, idle))) return [site]
      const beside = (byBlock.get(write.block) ?? []).slice(0, mostBeside)
      return isAmongMeasured(write, { scope, beside, options }) ? [site] : []
    })
  })
}

/** Whether another record of the same list has something worked out under the same key; weights of a measure stand under its name too. */
function isWorkedOutElsewhere(
  write: Write,
  { byKey, entries, text }: { byKey: WritesByKey; entries: WritesByKey; text: string },
): boolean {
  const isWorkedOut = ({ value, isComputed }: Write): boolean =>
    isComputed ||
    (value.type === 'identifier' && (byKey.get(sourceOf(value, text)) ?? []).some((named) => named.isComputed))
  const list = listOf(write.block, text)
  if (list === null) return false
  const others = (entries.get(write.name) ?? []).slice(0, mostBeside)
  return others.some(
    (other) =>
      other.value !== write.value && !other.isFallback && isWorkedOut(other) && listOf(other.block, text) === list,
  )
}

/** The list that a record is appended to where it stands: `rows` of `rows.append({…})`. */
function listOf({ start }: CodeNode, text: string): string | null {
  return /([\w.]{1,60})\.append\(\s{0,20}$/.exec(text.slice(Math.max(0, start - 100), start))?.[1] ?? null
}

/** Functions that give back one constant and nothing else. */
function constantFunctions(scopes: readonly Scope[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>()
  for (const { node, names, writes } of scopes) {
    const [only, ...others] = writes
    if (node.type === 'function_definition' && only?.kind === 'return' && only.constant !== null && others.length === 0)
      given.set(names.at(-1) ?? '', only.constant)
  }
  return given
}

/** With the constant that a value's own name, or the function it calls, stands for: one that is no result or setting by its name. */
function resolve(
  write: Write,
  {
    byKey,
    givesConstant,
    text,
    options,
  }: {
    byKey: ReadonlyMap<string, readonly Write[]>
    givesConstant: ReadonlyMap<string, string>
    text: string
    options: ConstantOptions
  },
): Write {
  const { value } = write
  if (write.constant !== null || (value.type !== 'identifier' && value.type !== 'call')) return write
  const name = value.type === 'call' ? calleeName(value, text) : sourceOf(value, text)
  const known = byKey.get(name)
  const constant = value.type === 'call' ? givesConstant.get(name) : known?.length === 1 ? known[0]?.constant : null
  if (constant === undefined || constant === null) return write
  const isPlain =
    tierOf(name, options) === null && !isSettingName(name) && !noResult.test(name) && !allCapitals.test(name)
  return isPlain ? { ...write, constant } : write
}

function tierOf(name: string, { isReported }: ConstantOptions): 'strong' | 'weak' | null {
  return metricTier(name) ?? (isReported(name) ? 'weak' : null)
}

const isHalf = ({ constant }: Write): boolean => Math.abs(Number(constant)) === 0.5

/** One fraction, written once, under a name that stands for a result and for no setting. */
function isCandidate(
  write: Write,
  {
    scope,
    file,
    byKey,
    options,
  }: { scope: Scope; file: CodeFile; byKey: ReadonlyMap<string, readonly Write[]>; options: ConstantOptions },
): boolean {
  const { constant, name } = write
  if (constant === null || !constant.includes('.') || /e/i.test(constant) || constant.length > 20) return false
  if (trivialValues.has(Math.abs(Number(constant))) || tellingDigits(constant) === 0) return false
  if (noResult.test(name) || allCapitals.test(name) || isSettingName(name)) return false
  const called = scope.names.at(-1) ?? ''
  const tier = write.kind === 'return' && isMeasuring(called) ? 'weak' : tierOf(name, options)
  if (tier === null) return false
  if (!write.isFallback && write.kind !== 'return' && !isAllThereIs(write, byKey.get(write.key) ?? [])) return false
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

/** Written once, apart from what counting starts with; or in a branch, with digits enough to be measured, where the other branch computes it. */
function isAllThereIs(write: Write, all: readonly Write[]): boolean {
  if (all.length > mostWrites) return false
  const others = all.filter((other) => other.value !== write.value && !other.isTrivial)
  if (others.length === 0) return true
  const isEnough = !write.isDirect && tellingDigits(write.constant ?? '') >= 3
  return isEnough && others.every((other) => other.isComputed && !other.isDirect)
}

/**
 * Beside results that are computed: in the same dictionary, under keys of the same name, in the same block; or in a loop or a branch that
 * works something out.
 */
function isAmongMeasured(
  write: Write,
  { scope, beside, options }: { scope: Scope; beside: readonly Write[]; options: ConstantOptions },
): boolean {
  const isBaseline = (name: string): boolean => nameWords(name).some((word) => baselineWords.test(word))
  if (isBaseline(write.name))
    return scope.writes.slice(0, 1_000).some((other) => other.isComputed && isBaseline(other.name))
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

/** What rates are made of. */
const countedWords = new Set('correct hits matches tp fp fn tn total predictions preds labels truths'.split(' '))
const isCounted = (local: string): boolean => nameWords(local).some((word) => countedWords.has(word))

/** Whether two names share a word: `satisfaction_scores` and `user_satisfaction`, `corr` and `correction_score`. */
function isAkin(one: string, other: string): boolean {
  const words = nameWords(other).filter((word) => word.length >= 4)
  return nameWords(one).some(
    (word) => word.length >= 4 && words.some((own) => own.startsWith(word) || word.startsWith(own)),
  )
}
