import { placeOfSentence, type Sentence, sentencesOf } from './paper/prose.ts'
import { pValue, type TestStatistic } from './paper/test-distributions.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** P-values against the statistics they come from. */
export const pValueArithmetic: Rule = {
  id: 'p-value-arithmetic',
  title: 'A p-value that its test statistic denies',
  part: 'none',
  catches:
    'A p-value given with its t, F, χ², z or r and degrees of freedom that no rounding of the statistic gives, with one side or two; major where it changes what is called significant at 0.05.',
  misses: 'P-values without statistic or degrees of freedom, and those in tables.',
  falsePositives: 'Corrections (Welch, Bonferroni) that the sentence does not name.',
  find: (facts) => sentencesOf(facts).flatMap(inSentence),
}

const longest = 2_000
const number = String.raw`[-−]?\d{0,4}\.?\d{1,6}`
const space = String.raw`[\s$]{0,3}`
const statisticPattern = new RegExp(
  String.raw`(?<![\w\\])(t|F|z|Z|r|χ²|χ2|χ\^2|\\chi\^2|\\chi\^\{2\}|X2|chi2)${space}(?:[({_]${space}(\d{1,6}(?:\.\d{1,3})?)(?:,${space}(?:N${space}=${space})?(\d{1,6}(?:\.\d{1,3})?))?${space}[)}])?${space}=${space}(${number})[^.;=<>]{0,30}?[\s,;$]p${space}([=<>])${space}(\d?\.\d{1,8}(?:e-?\d{1,2})?)`,
  'g',
)
const corrected = /welch|bonferroni|holm|adjust|correct|fdr|permutation|bootstrap|wilcoxon|mann/i

function inSentence(sentence: Sentence): RuleFinding[] {
  const text = sentence.text.slice(0, longest)
  if (corrected.test(text)) return []
  return [...text.matchAll(statisticPattern)].flatMap((match): RuleFinding[] => {
    const [, name = '', first, second, statistic = '', relation = '=', stated = ''] = match
    const test = readTest(name, first, second)
    const possible = test === null ? null : possibleP(test, statistic.replace('−', '-'))
    if (possible === null) return []
    const claimed = Number(stated)
    const step = 10 ** -(stated.split('e')[0]?.split('.')[1]?.length ?? 0)
    const fits = [1, 0.5].some((side) =>
      isMet({ low: possible.low * side, high: possible.high * side }, { relation, claimed, step }),
    )
    if (fits) return []
    const crosses = relation !== '>' && (claimed <= 0.05 ? possible.low / 2 > 0.05 : possible.high < 0.05)
    const message = `${match[0].replace(/\s+/g, ' ').trim()}: the statistic gives p = ${possible.middle.toPrecision(3)}.`
    const claims = sentence.claims.filter((claim) => claim.number.value === claimed).map(({ id }) => id)
    return [
      { severity: crosses ? 'major' : 'minor', claims, message, evidence: [placeOfSentence(sentence, 'contradicts')] },
    ]
  })
}

function readTest(name: string, first: string | undefined, second: string | undefined): TestStatistic | null {
  if (/^z$/i.test(name)) return first === undefined ? { kind: 'z' } : null
  if (first === undefined) return null
  const degrees = Number(first)
  if (name === 'F') return second === undefined ? null : { kind: 'F', degrees, within: Number(second) }
  if (name === 't' || name === 'r') return second === undefined ? { kind: name, degrees } : null
  return { kind: 'chi2', degrees }
}

function possibleP(test: TestStatistic, statistic: string): { low: number; middle: number; high: number } | null {
  const value = Math.abs(Number(statistic))
  const half = 0.5 * 10 ** -(statistic.split('.')[1]?.length ?? 0)
  const [middle, high, low] = [value, Math.max(0, value - half), value + half].map((at) => pValue(test, at))
  return middle == null || high == null || low == null ? null : { low, middle, high }
}

function isMet(
  possible: { readonly low: number; readonly high: number },
  stated: { readonly relation: string; readonly claimed: number; readonly step: number },
): boolean {
  const { relation, claimed, step } = stated
  if (relation === '<') return possible.low < claimed
  if (relation === '>') return possible.high > claimed
  return possible.low <= claimed + step && possible.high >= claimed - step
}
