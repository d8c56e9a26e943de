import { filePlace } from '../evidence/place.ts'
import type { AuditFacts } from '../facts.ts'
import { anySays } from '../method/code-words.ts'
import { thingFinder } from '../method/lexicon.ts'
import { significanceTests } from '../method/measures.ts'
import { methodSentences } from '../method/method-text.ts'
import { type WorkRecord, workRecord } from '../method/work-record.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Any test at all, by library, by function or by hand. */
const anyTest =
  /scipy|statsmodels|pingouin|\bstats\b|t_?test|ttest|p_?val|pvalue|wilcoxon|mann_?whitney|anova|f_oneway|kruskal|mcnemar|chi2|bootstrap|permutation|significan|confidence_?interval|\bnorm\.(?:cdf|sf)|\bt\.(?:cdf|sf)|erf\(|rpy2/i
const pValue =
  /(?<![\w.^_-])(?:p\s{0,2}(?:\$\s?)?(?:<|≤|\\lt|\\le\b|\\leq\b)\s{0,2}(?:\$\s?)?(?:0?\.\d|1e-|10\^)|p\s{0,2}=\s{0,2}(?:0?\.0\d|\d(?:\.\d+)?\s?(?:e-|\\times))|p[- ]values?\b[^.;]{0,20}(?:0?\.\d|1e-|10\^))/i
const significance = /\bstatistically (?:significant|insignificant)\b|\bsignificance test/i
const otherP = /\b(?:dropout|nucleus|probabilit|mask)/i
const denied = /\b(?:not|no|without|lack|limited|absence|did not|cannot|future|would|should|whether)\b/i

/** Tests of significance that the paper reports, and that nothing of the work computes. */
export const missingStatistics: Rule = {
  id: 'missing-statistics',
  title: 'A test of significance that nothing of the work computes',
  part: 'none',
  catches:
    'P values and tests of significance by name that the paper reports, where no code that ran names any test, any p value, any resampling or a library for them, and no output or data file does.',
  misses: 'Tests that the code names, whatever it does with them.',
  falsePositives: 'Tests that were done by hand or with a program outside of the work.',
  find(facts) {
    const record = workRecord(facts)
    if (!record.hasCode || anySays(record.run, anyTest)) return []
    return [...pValues(facts, record), ...namedTests(facts, record)]
  },
}

function pValues(facts: AuditFacts, record: WorkRecord): RuleFinding[] {
  if (['pvalue', 'pval', 'ttest', 'wilcoxon', 'anova', 'bootstrap', 'significan'].some((word) => record.names(word)))
    return []
  return facts.subject.documents.flatMap((document): RuleFinding[] => {
    const { path, text } = document
    const said = methodSentences(document).filter(
      (sentence) => isPValue(sentence.text) || (significance.test(sentence.text) && !denied.test(sentence.text)),
    )
    const [first] = said
    if (first === undefined) return []
    const hasValue = said.some((sentence) => isPValue(sentence.text))
    const claims = facts.claims.filter(
      ({ path: one, start, number }) =>
        one === path &&
        number.value <= 1 &&
        /\bp(?:[- ]?values?)?[\s$]{0,3}(?:<|>|=|≤|≥|\\leq?|of)[\s$]{0,3}$/i.test(
          text.slice(Math.max(0, start - 20), start),
        ),
    )
    return [
      {
        severity: hasValue && record.isComplete ? 'major' : hasValue ? 'minor' : 'note',
        claims: hasValue ? claims.map(({ id }) => id) : [],
        message: `${path} reports ${hasValue ? 'p values' : 'statistical significance'} (line ${first.line}), and nothing of the work computes a test`,
        evidence: said.slice(0, 3).map((sentence) => filePlace(path, { line: sentence.line, quote: sentence.text })),
      },
    ]
  })
}

function isPValue(sentence: string): boolean {
  return pValue.test(sentence.slice(0, 2_000)) && !otherP.test(sentence)
}

function namedTests(facts: AuditFacts, record: WorkRecord): RuleFinding[] {
  const find = thingFinder(significanceTests())
  return facts.subject.documents.flatMap((document): RuleFinding[] => {
    for (const { text, line } of methodSentences(document)) {
      if (denied.test(text)) continue
      const missing = find(text).filter(({ shown }) => !shown.some((alias) => record.names(alias)))
      if (missing.length === 0) continue
      return [
        {
          severity: record.isComplete ? 'major' : 'minor',
          message: `${document.path} reports ${missing.map(({ name }) => name).join(', ')} (line ${line}), and nothing of the work names a test of significance`,
          evidence: [filePlace(document.path, { line, quote: text })],
        },
      ]
    }
    return []
  })
}
