import { disclosesResults } from '../disclosure/find-disclosure.ts'
import { indexPrinted } from '../execution/printed-before.ts'
import { stepPlace } from '../evidence/place.ts'
import { pointsOnce } from './points-once.ts'
import { resultNumbers } from '../execution/result-numbers.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestNumbers = 3
const dataEnding = /\.(?:json|jsonl|ndjson|csv|tsv|npy|npz|pkl)$/i
const writesFile = /dump|write|save|to_csv|to_json|to_markdown|['"][wa]b?\+?['"]|\.(?:json|csv|tsv)\b/i

/** Results that come from the command line itself: `python -c`, a heredoc or echo whose literals are the numbers. */
export const inlineResult: Rule = {
  id: 'inline-result',
  title: 'Results written by a command that holds them as literals',
  part: 'execution',
  catches:
    'Commands whose inline code writes a file and holds at least three literal numbers with metric names that no program had printed before, and echo or heredocs of such numbers into data files.',
  misses: 'Literals in script files (see literal-result), and inline code that prints them without writing them.',
  falsePositives: 'Inline code with thresholds or constants named like metrics that also writes a file.',
  find({ subject, session, pool }) {
    const left = new Set(subject.files.map(({ path }) => path))
    const printed = indexPrinted(pool)
    const disclosed = disclosesResults(subject)
    const findings: RuleFinding[] = []
    for (const step of session.steps) {
      if (step.kind !== 'command' || step.succeeded === false) continue
      const texts = [
        ...step.inlineCode.filter((code) => writesFile.test(code)),
        ...step.typed
          .filter(({ path }) => path !== null && dataEnding.test(path) && !left.has(path))
          .map(({ text }) => text),
      ]
      const numbers = texts.flatMap(resultNumbers).filter(({ number }) => !printed(number, step.step))
      if (numbers.length < fewestNumbers) continue
      findings.push({
        severity: 'critical',
        disclosed,
        message: `The command of step ${step.step} writes results that stand in it as literals: ${numbers.length} numbers that no program had printed before, ${numbers
          .slice(0, 3)
          .map(({ number }) => number.text)
          .join(', ')} among them`,
        evidence: numbers.slice(0, 3).map(({ quote }) => stepPlace(step.step, quote)),
        executed: true,
        points: 2,
      })
    }
    return pointsOnce(findings)
  },
}
