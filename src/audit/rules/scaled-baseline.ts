import {
  codeName,
  codePlaces,
  doubtOf,
  executionOf,
  saysResultsAreMadeUp,
  soften,
  softenPoints,
} from '../code/code-finding.ts'
import { runFiles, type RunFile } from '../code/code-sites.ts'
import type { CodeNode } from '../code/code.ts'
import { indexFile } from '../code/file-index.ts'
import { metricTier, nameWords } from '../code/metric-names.ts'
import { descendants, fieldOf, sourceOf } from '../code/python-nodes.ts'
import type { Rule } from './rule.ts'

const baselineWords = new Set('baseline baselines base vanilla standard naive original'.split(' '))
/** Names under which a work presents its own method. */
const ownWords = new Set('ours our proposed improved enhanced adaptive method model'.split(' '))
/** Factors of units and halves say nothing about a result. */
const unitFactors = new Set([0, 1, 2, 0.5, 10, 60, 100, 1000, 3600, 1024])

/** A system's result made from another's. */
export const scaledBaseline: Rule = {
  id: 'scaled-baseline',
  title: "A result is another system's, or its own, times a constant",
  part: 'code',
  catches:
    "In code that ran: a result that is computed as a baseline's result times, plus or minus a constant (`ours = baseline_accuracy * 1.15`), and one that is changed by a constant where a name says so (`if method == 'ours': accuracy *= 1.06`).",
  misses: 'Factors that are kept in variables, and baselines whose name does not say so.',
  falsePositives: 'Goals and thresholds derived from a baseline under the name of a result.',
  find(facts) {
    const disclosed = saysResultsAreMadeUp(facts)
    return runFiles(facts.code).flatMap((run) => {
      const found = [
        ...indexFile(run.file).assignments.filter((node) => isScaled(node, run)),
        ...favoured(run),
      ].toSorted((a, b) => a.start - b.start)
      const [first] = found
      if (first === undefined) return []
      return [
        {
          severity: soften('major', run.file),
          disclosed,
          message: `${codeName(run)} makes a result from another one by a constant in ${found.length} ${found.length === 1 ? 'place' : 'places'}: ${sourceOf(first, run.file.text).slice(0, 100)}${doubtOf(run.file)}`,
          evidence: codePlaces(
            run,
            found.map(({ line }) => line),
          ),
          ...executionOf(run.file),
          points: softenPoints(0.5 * Math.min(4, found.length), run.file),
        },
      ]
    })
  },
}

function isScaled(node: CodeNode, { file: { text } }: RunFile): boolean {
  const left = fieldOf(node, 'left')
  let right = fieldOf(node, 'right')
  while (right?.type === 'parenthesized_expression') right = right.children[0] ?? null
  if (left === null || right?.type !== 'binary_operator') return false
  const target = sourceOf(left, text).slice(0, 200)
  const targetWords = nameWords(target)
  if (
    targetWords.some((word) => baselineWords.has(word)) ||
    (metricTier(target) === null && !targetWords.some((word) => ownWords.has(word)))
  )
    return false
  if (/threshold|target|goal|min|max|bound|weight|loss_?scale/i.test(target)) return false
  const operands = [fieldOf(right, 'left'), fieldOf(right, 'right')]
  const factor = operands.find((operand) => operand?.type === 'float' || operand?.type === 'integer')
  const source = operands.find((operand) => operand !== factor)
  if (!factor || !source || !['identifier', 'attribute', 'subscript'].includes(source.type)) return false
  if (unitFactors.has(Number(sourceOf(factor, text)))) return false
  const from = sourceOf(source, text).slice(0, 200)
  if (!nameWords(from).some((word) => baselineWords.has(word))) return false
  return metricTier(from) !== null || metricTier(target) !== null
}

/** Not what a name of a method may decide on: units, parts of the data, losses that are weighed, and what a made-up world costs. */
const honestBranch = /train|val|test|eval|split|percent|pct|unit|mode|phase|stage|metric|loss|scale|device|dtype|env/i
const honestTarget = /loss|reward|time|latency|cost|weight|lr|rate\b|threshold|memory|noise|penalty|budget/i

/** Results that are changed by a constant in the branch of one name. */
function favoured({ file }: RunFile): CodeNode[] {
  const { text } = file
  const found: CodeNode[] = []
  for (const node of descendants(file.tree)) {
    if (node.type !== 'if_statement' && node.type !== 'elif_clause') continue
    const condition = fieldOf(node, 'condition')
    const body = fieldOf(node, 'consequence')
    if (condition === null || body === null || !isOfName(condition, text)) continue
    for (const line of body.children) {
      const statement = line.type === 'expression_statement' ? line.children[0] : line
      if (statement !== undefined && changesResult(statement, text)) found.push(statement)
    }
  }
  return found
}

/** `method == "ours"`. */
function isOfName(condition: CodeNode, text: string): boolean {
  if (condition.type !== 'comparison_operator' || condition.children.length !== 2) return false
  const [left, right] = condition.children
  if (left === undefined || right?.type !== 'string') return false
  if (!['identifier', 'attribute', 'subscript'].includes(left.type)) return false
  if (text.slice(left.end, right.start).trim() !== '==') return false
  return !honestBranch.test(sourceOf(condition, text).slice(0, 300))
}

/** `accuracy *= 1.06`, `accuracy = accuracy + 0.02`, and the same of several at once. */
function changesResult(node: CodeNode, text: string): boolean {
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  if (left === null || right === null) return false
  if (node.type === 'augmented_assignment') {
    const operator = text.slice(left.end, right.start).trim()
    return /^[*+-]=$/.test(operator) && isResult(left, text) && isFactor(right, text)
  }
  if (node.type !== 'assignment') return false
  if (left.type === 'pattern_list' && right.type === 'expression_list')
    return left.children.some((one, place) => isChangedBy(one, right.children[place], text))
  return isChangedBy(left, right, text)
}

function isChangedBy(target: CodeNode, value: CodeNode | undefined, text: string): boolean {
  if (value?.type !== 'binary_operator' || !isResult(target, text)) return false
  const [left, right] = [fieldOf(value, 'left'), fieldOf(value, 'right')]
  if (left === null || right === null || !/^[*+-]$/.test(text.slice(left.end, right.start).trim())) return false
  const name = sourceOf(target, text)
  return (
    (sourceOf(left, text) === name && isFactor(right, text)) || (sourceOf(right, text) === name && isFactor(left, text))
  )
}

function isResult(node: CodeNode, text: string): boolean {
  const name = sourceOf(node, text).slice(0, 200)
  return metricTier(name) === 'strong' && !honestTarget.test(name)
}

function isFactor(node: CodeNode, text: string): boolean {
  return node.type === 'float' && !unitFactors.has(Number(sourceOf(node, text)))
}
