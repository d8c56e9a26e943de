import type { AuditSubject } from '../../audit/subject/subject.ts'
import { type PythonLine, readPythonLines } from './python-lines.ts'

/** A line of code that ran, which computes a metric the paper names. */
export interface MetricSite {
  readonly path: string
  /** From 1. */
  readonly line: number
  /** The line as it stands, without what ends it. */
  readonly text: string
  readonly indent: string
  /** `accuracy = `, `results['f1'] = ` or `return `: what the value goes to. */
  readonly target: string
  /** The expression that computes it. */
  readonly value: string
  /** What stands behind the expression: a comma of an entry, else nothing. */
  readonly rest: string
  /** An entry of a dictionary, which no statement can take the place of. */
  readonly isEntry: boolean
}

/** Metrics as code names them, with how a paper would. Whole parts of a name only: `acc` in `final_acc`, and not in `access`. */
const metricWords: Readonly<Record<string, RegExp>> = {
  accuracy: /accurac/i,
  acc: /accurac/i,
  f1: /\bF[_-]?1\b/i,
  precision: /precision/i,
  recall: /recall/i,
  auc: /\bAUC|AUROC/i,
  auroc: /AUROC|AUC/i,
  roc: /AUROC|ROC/i,
  bleu: /bleu/i,
  rouge: /rouge/i,
  score: /score/i,
  reward: /reward/i,
  rate: /rate/i,
  error: /error/i,
  mse: /MSE|squared error/i,
  rmse: /RMSE/i,
  mae: /MAE|absolute error/i,
  ece: /ECE|calibration/i,
  similarity: /similarity/i,
  perplexity: /perplexit/i,
  loss: /loss/i,
  correlation: /correlation/i,
  eval: /./,
  evaluate: /./,
  alignment: /alignment/i,
}

const assignment = /^(\s+)((?:self\.)?[A-Za-z_]\w{0,40}(?:\[(?:'\w{1,40}'|"\w{1,40}"|\w{1,40})\])?) = (\S.{3,160})$/
const returned = /^(\s+)return (\S.{3,160})$/
const entry = /^(\s+)(['"][\w@ -]{1,40}['"]): (\S.{3,160}?)(,?)$/
const definition = /^(\s*)(?:async )?def (\w{1,60})\(/

/** What computes one number: a ratio, a mean, or a measure by its name; never a list, a model or a path. */
const scalar =
  /(?:^float\((?!['"])|\.mean\(|\.item\(\)|^np\.mean\(|^mean\(|^round\(|_score\(|^(?:\w{1,40}\.){0,3}(?:compute|calculate|calc|evaluate)_\w+\(|^[\w.()[\]'"]{1,60} \/ [\w.()[\]'"]{1,60}|^sum\(.{1,80}\/)/

/** Lists, dictionaries, text and tables, and what is chosen by a key: the best of several, not its measure. */
const isNoScalar = /^(?:[[{]|f?['"])|\blambda\b|\.(?:groupby|reset_index)\(/

/** Of a simulated world, what it answers to an action: a part of its reward is no measure the paper reports. */
const isWorldStep = /^(?:_?step|reset|transition|_?(?:get_|compute_|calculate_)?rewards?)$/

/**
 * Lines of scripts that ran, and of what they import, that compute a metric the paper names; found by text, not by the audit's own parser.
 * Where no record tells of commands, every Python file may have run. Only lines that stand once in their file.
 */
export function findMetricSites(subject: AuditSubject): MetricSite[] {
  const paper = subject.documents[0]?.text ?? ''
  const named = Object.entries(metricWords).flatMap(([word, inPaper]) => (inPaper.test(paper) ? [word] : []))
  const metrics = new Set([...named, ...columnWords(paper)])
  const executed = executedPython(subject)
  const isNamed = namedIn(executed)
  return executed.flatMap((file) => sitesOf(file, metrics, isNamed))
}

/** Whether code that ran names a function anywhere but in its own head: one that nobody calls computes nothing. */
function namedIn(files: readonly { readonly text: string }[]): (name: string) => boolean {
  const names = new Set(
    files.flatMap(({ text }) =>
      text.split('\n').flatMap((line) => line.replace(/^(\s*(?:async )?def )\w+/, '$1').match(/[A-Za-z_]\w*/g) ?? []),
    ),
  )
  return (name) => names.has(name) || name.startsWith('__')
}

/** Words of table heads that name no measure. */
const isNoMeasure =
  /^(?:the|and|of|per|with|method|model|dataset|data|task|name|type|description|value|metric|setting|baseline|mean|std|avg|average|total|change|relative|improvement|agent|final|train|training|test|condition|lower|upper|bound|interval|level|count|number)s?$/

/** Words that head the paper's tables, in lower case and the singular. */
function columnWords(paper: string): string[] {
  const lines = paper.split('\n')
  return lines.flatMap((line, index) =>
    line.startsWith('|') && /^\|[\s:|-]+$/.test(lines[index + 1] ?? '')
      ? (line.toLowerCase().match(/[a-z][a-z0-9]{2,20}/g) ?? []).filter((word) => !isNoMeasure.test(word)).map(singular)
      : [],
  )
}

const singular = (word: string): string => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word)

function sitesOf(
  { path, text }: { path: string; text: string },
  metrics: ReadonlySet<string>,
  isNamed: (name: string) => boolean,
): MetricSite[] {
  const lines = readPythonLines(text)
  const times = new Map<string, number>()
  for (const { text: line } of lines) times.set(line.trim(), (times.get(line.trim()) ?? 0) + 1)
  const around: { name: string; indent: number }[] = []
  let inClass = false
  return lines.flatMap((line): MetricSite[] => {
    const [, space = '', name] = definition.exec(line.text) ?? []
    if ((line.isWhole || name !== undefined) && line.text.trim() !== '') {
      const indent = line.text.search(/\S/)
      while ((around.at(-1)?.indent ?? -1) >= indent) around.pop()
    }
    if (name !== undefined) around.push({ name, indent: space.length })
    if (/^class\b/.test(line.text)) inClass = true
    else if (/^[A-Za-z_@]/.test(line.text)) inClass = false
    const inFunction = around.at(-1)?.name ?? ''
    if (inFunction !== '' && (!isNamed(inFunction) || (inClass && isWorldStep.test(inFunction)))) return []
    if (times.get(line.text.trim()) !== 1 || line.text.includes('#')) return []
    const parts = partsOf(line, inFunction)
    if (
      parts === null ||
      !isMetric(parts.name, metrics) ||
      !scalar.test(parts.value) ||
      isNoScalar.test(parts.value) ||
      !isOneExpression(parts.value)
    )
      return []
    return [{ path, line: line.line, text: line.text, ...parts.site, value: parts.value }]
  })
}

interface Parts {
  readonly name: string
  readonly value: string
  readonly site: Pick<MetricSite, 'indent' | 'target' | 'rest' | 'isEntry'>
}

function partsOf({ text, isWhole, isInBrackets }: PythonLine, inFunction: string): Parts | null {
  if (isInBrackets) {
    const [, indent = '', name = '', value, rest = ''] = entry.exec(text) ?? []
    return value === undefined ? null : { name, value, site: { indent, target: `${name}: `, rest, isEntry: true } }
  }
  if (!isWhole) return null
  const [, indent = '', name = '', value] = assignment.exec(text) ?? []
  if (value !== undefined) return { name, value, site: { indent, target: `${name} = `, rest: '', isEntry: false } }
  const [, returnIndent = '', returnValue] = returned.exec(text) ?? []
  if (returnValue === undefined) return null
  const site = { indent: returnIndent, target: 'return ', rest: '', isEntry: false }
  return { name: inFunction, value: returnValue, site }
}

/** One expression: as many brackets open as close, and no comma stands outside of them. */
function isOneExpression(text: string): boolean {
  let depth = 0
  for (const char of text) {
    if ('([{'.includes(char)) depth += 1
    else if (')]}'.includes(char)) depth -= 1
    if (depth < 0 || (depth === 0 && char === ',')) return false
  }
  return depth === 0
}

/** Names of lists, functions and settings are no metrics, and neither is what training itself needs. */
const isNoMetric =
  /(?:scores|losses|rates|accuracies|errors|_fn|_func|_path|_file|_dir|_name|_type|_list|learning_rate|lr)$/i

function isMetric(name: string, metrics: ReadonlySet<string>): boolean {
  const parts = name.toLowerCase().split(/[^a-z0-9]+|_/)
  return (
    !isNoMetric.test(name) &&
    parts.some((part) => metrics.has(singular(part)) || metrics.has(part.replace(/(?<=[a-z]{3})\d$/, '')))
  )
}

/** What runners say of a command that they stopped: how far it came is not known. */
const isStopped = /^(?:error: )?command timed out\b/i

/** Python files that a successful command names, and those they import by name. */
function executedPython(subject: AuditSubject): { path: string; text: string }[] {
  const python = subject.files.filter(({ path }) => path.endsWith('.py') && !/(?:^|\/)test_[^/]*$/.test(path))
  const shell = subject.files.filter(({ path }) => path.endsWith('.sh'))
  const commands = subject.events.flatMap((event) => {
    if (event.type !== 'command-executed' || (event.exitCode ?? 0) !== 0) return []
    if (event.output.includes('Traceback (most recent') || isStopped.test(event.output)) return []
    return [
      event.command,
      ...shell.filter(({ path }) => event.command.includes(fileName(path))).map(({ text }) => text),
    ]
  })
  const ran = subject.events.some(({ type }) => type === 'command-executed')
    ? python.filter(({ path }) => commands.some((command) => runs(command, fileName(path))))
    : python
  const reached = new Set(ran)
  // a set goes on through what is added to it on the way
  for (const file of reached)
    for (const other of python) if (imports(file.text, moduleName(other.path))) reached.add(other)
  return [...reached].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const moduleName = (path: string): string => fileName(path).slice(0, -'.py'.length)
const runs = (command: string, file: string): boolean =>
  command.split(/\n|&&|;|\|/).some((part) => /\bpython[\d.]*\b/.test(part) && part.split(/[\s/'"]+/).includes(file))
const imports = (text: string, module: string): boolean =>
  /^\w+$/.test(module) &&
  new RegExp(`^[ \\t]{0,40}(?:import|from)[ \\t][\\w. ,\\t]{0,200}\\b${module}\\b`, 'm').test(text)
