import { listAt } from '../../base/list-at.ts'
import type { EvidencePlace } from '../../schema/audit.ts'
import { codePlaces } from '../code/code-finding.ts'
import type { RunFile } from '../code/code-sites.ts'
import type { CodeNode } from '../code/code.ts'
import { argumentsOf, calleeName, descendants, fieldOf, sourceOf, stringValue } from '../code/python-nodes.ts'
import { filePlace, stepPlace } from '../evidence/place.ts'
import type { AuditFacts } from '../facts.ts'
import { settings } from './setting-names.ts'
import { squash } from './squash.ts'
import type { WorkRecord } from './work-record.ts'

/** A value that code, a configuration or a command gives to a setting. */
export interface SettingValue {
  /** Null where it is computed, and cannot be told without running the code. */
  readonly value: number | null
  readonly place: EvidencePlace
  /** A default that the command line may replace. */
  readonly isDefault: boolean
}

const settingOf = new Map(settings.flatMap(({ name, code }) => code.map((alias) => [alias, name] as const)))
const configuration = /\.(?:json|ya?ml|toml|cfg|ini|gin)$/i
const configurationName = /(?:^|\/)[^/]*(?:config|args|params|settings?|hyper|options)[^/]*$/i
const longestConfiguration = 200_000

/** What a name in code is told of under; null where its value is of no interest. */
type KeyOf = (name: string) => string | null

/** Values of the known settings in code that ran, its configuration and its commands, by setting. */
export function codeSettings(facts: AuditFacts, record: WorkRecord): ReadonlyMap<string, readonly SettingValue[]> {
  return namedValues(facts, { record, keyOf: (name) => settingOf.get(squash(name)) ?? null })
}

/** Values that code that ran, its configuration and its commands give to names, by the key of the name. */
export function namedValues(
  facts: AuditFacts,
  { record, keyOf }: { record: WorkRecord; keyOf: KeyOf },
): ReadonlyMap<string, readonly SettingValue[]> {
  const values = new Map<string, SettingValue[]>()
  const add = (name: string, value: SettingValue): void => {
    const key = keyOf(name)
    if (key !== null) listAt(values, key).push(value)
  }
  for (const run of record.run) readCode(run, { add, keyOf })
  for (const { path, text } of facts.subject.files) {
    if (!configuration.test(path) || !configurationName.test(path) || text.length > longestConfiguration) continue
    for (const [index, line] of text.split('\n').entries()) {
      const match =
        /^[\s{,-]{0,40}["']?([\w-]{1,40})["']?\s{0,4}[:=]\s{0,4}["']?([\d.eE+-]{1,20})["']?\s{0,4},?\s*(?:#.*)?$/.exec(
          line.slice(0, 400),
        )
      if (match === null) continue
      add(match[1] ?? '', {
        value: numberOf(match[2] ?? ''),
        place: filePlace(path, { line: index + 1, quote: line, role: 'contradicts' }),
        isDefault: false,
      })
    }
  }
  const flags = commandFlags(facts, keyOf)
  for (const [setting, given] of flags) {
    const inCode = values.get(setting) ?? []
    values.set(setting, [...inCode.filter(({ isDefault }) => !isDefault), ...given])
  }
  return values
}

function readCode(
  run: RunFile,
  { add, keyOf }: { add: (name: string, value: SettingValue) => void; keyOf: KeyOf },
): void {
  const { text } = run.file
  const give = (name: string, node: CodeNode, isDefault = false): void => {
    if (keyOf(name) === null) return
    const value = valueOf(node, text)
    if (value === 'elsewhere') return
    const [place] = codePlaces(run, [node.line])
    if (place !== undefined) add(name, { value, place: { ...place, role: 'contradicts' }, isDefault })
  }
  for (const node of descendants(run.file.tree)) readNode(node, { text, give })
}

function readNode(
  node: CodeNode,
  { text, give }: { text: string; give: (name: string, node: CodeNode, isDefault?: boolean) => void },
): void {
  switch (node.type) {
    case 'assignment':
    case 'keyword_argument':
    case 'default_parameter':
    case 'typed_default_parameter': {
      const target = fieldOf(node, 'left') ?? fieldOf(node, 'name')
      const value = fieldOf(node, 'right') ?? fieldOf(node, 'value')
      if (target !== null && value !== null) give(lastName(target, text), value)
      return
    }
    case 'pair': {
      const key = fieldOf(node, 'key')
      const value = fieldOf(node, 'value')
      if (key?.type === 'string' && value !== null) give(stringValue(key, text), value)
      return
    }
    case 'for_statement': {
      const target = fieldOf(node, 'left')
      const range = fieldOf(node, 'right')
      if (target === null || range === null) return
      const call = range.type === 'call' && calleeName(range, text) === 'range' ? range : null
      const [only, ...others] = call === null ? [] : argumentsOf(call, text)
      if (only === undefined || others.length > 0) return
      give(`${lastName(target, text)}s`, only.value)
      return
    }
    case 'call': {
      if (calleeName(node, text) !== 'add_argument') return
      const given = argumentsOf(node, text)
      const flag = given.find(({ name, value }) => name === '' && value.type === 'string')
      const value = given.find(({ name }) => name === 'default')
      if (flag !== undefined && value !== undefined)
        give(stringValue(flag.value, text).replace(/^-+/, ''), value.value, true)
      return
    }
    default:
      return
  }
}

/** The last word of a name or the key of a subscript; empty where there is none. */
export function lastName(node: CodeNode, text: string): string {
  if (node.type === 'attribute') return lastName(fieldOf(node, 'attribute') ?? node, text)
  if (node.type === 'subscript') {
    const key = fieldOf(node, 'subscript')
    return key?.type === 'string' ? stringValue(key, text) : ''
  }
  const source = sourceOf(node, text)
  return source.length <= 60 ? source : ''
}

/** `elsewhere` where it only hands on what another place gives. */
function valueOf(node: CodeNode, text: string): number | null | 'elsewhere' {
  switch (node.type) {
    case 'integer':
    case 'float':
    case 'unary_operator':
      return numberOf(sourceOf(node, text))
    case 'identifier':
    case 'attribute':
    case 'subscript':
    case 'none':
    case 'true':
    case 'false':
      return 'elsewhere'
    case 'call': {
      const last = argumentsOf(node, text).at(-1)?.value
      const name = calleeName(node, text)
      if (name === 'get' && last !== undefined) return valueOf(last, text)
      if ((name === 'int' || name === 'float') && last !== undefined) return valueOf(last, text)
      return null
    }
    default:
      return null
  }
}

function numberOf(source: string): number | null {
  const value = Number(source.replaceAll('_', ''))
  return source.trim() === '' || !Number.isFinite(value) ? null : value
}

/** Values on command lines, where every command that ran a script and went well gives the setting; otherwise the default counts too. */
function commandFlags({ session, subject }: AuditFacts, keyOf: KeyOf): Map<string, SettingValue[]> {
  const lines: { text: string; place: (quote: string) => EvidencePlace }[] = []
  for (const step of session.steps) {
    if (step.kind !== 'command' || step.scripts.length === 0 || step.succeeded === false) continue
    lines.push({
      text: step.command.slice(0, 5_000),
      place: (quote) => stepPlace(step.step, quote, { role: 'contradicts' }),
    })
  }
  for (const { path, text } of subject.files) {
    if (!/\.(?:sh|bash)$|(?:^|\/)Makefile$/.test(path)) continue
    const joined = text.slice(0, longestConfiguration).replaceAll(/\\\r?\n/g, ' ')
    for (const line of joined.split('\n'))
      if (/\bpython[\d.]*\s/.test(line))
        lines.push({ text: line, place: (quote) => filePlace(path, { line: null, quote, role: 'contradicts' }) })
  }
  const flags = new Map<string, SettingValue[]>()
  const withFlag = new Map<string, number>()
  for (const { text, place } of lines) {
    const seen = new Set<string>()
    for (const [quote, name = '', value = ''] of text.matchAll(/--([A-Za-z][\w-]{0,40})[ =]([^\s;&|]{1,30})/g)) {
      const setting = keyOf(name)
      if (setting === null) continue
      seen.add(setting)
      flags.set(setting, [
        ...(flags.get(setting) ?? []),
        { value: numberOf(value), place: place(quote), isDefault: false },
      ])
    }
    for (const setting of seen) withFlag.set(setting, (withFlag.get(setting) ?? 0) + 1)
  }
  for (const [setting, given] of flags)
    if (withFlag.get(setting) !== lines.length && given[0] !== undefined)
      flags.set(setting, [...given, { ...given[0], value: null }])
  return flags
}
