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
import { fieldOf, sourceOf } from '../code/python-nodes.ts'
import type { Rule } from './rule.ts'

const baselineWords = new Set('baseline baselines base vanilla standard naive original'.split(' '))
/** Names under which a work presents its own method. */
const ownWords = new Set('ours our proposed improved enhanced adaptive method model'.split(' '))
/** Factors of units and halves say nothing about a result. */
const unitFactors = new Set([0, 1, 2, 0.5, 10, 60, 100, 1000, 3600, 1024])

/** A system's result made from another's. */
export const scaledBaseline: Rule = {
  id: 'scaled-baseline',
  title: "A result is another system's, times a constant",
  part: 'code',
  catches:
    "In code that ran: a result that is computed as a baseline's result times, plus or minus a constant (`ours = baseline_accuracy * 1.15`).",
  misses: 'Factors that are kept in variables, and baselines whose name does not say so.',
  falsePositives: 'Goals and thresholds derived from a baseline under the name of a result.',
  find(facts) {
    const disclosed = saysResultsAreMadeUp(facts)
    return runFiles(facts.code).flatMap((run) => {
      const found = indexFile(run.file).assignments.filter((node) => isScaled(node, run))
      const [first] = found
      if (first === undefined) return []
      return [
        {
          severity: soften('major', run.file),
          disclosed,
          message: `${codeName(run)} makes a result from a baseline's in ${found.length} ${found.length === 1 ? 'place' : 'places'}: ${sourceOf(first, run.file.text).slice(0, 100)}${doubtOf(run.file)}`,
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
