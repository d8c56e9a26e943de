/**
 * Words and turns that passages to a reviewer are made of, as parts of patterns for folded lower-case text (`fold-text.ts`).
 */

/** Whoever may be reading: people, and models. */
export const reviewer =
  '(?:(?:peer[- ]?)?re-?viewers?|referees?|judges?|graders?|raters?|markers?|assessors?|evaluators?|area chairs?|(?:large )?language models?|llms?|ai (?:models?|systems?|assistants?)|assistants?|chatbots?)'
/** Words for reviewers alone. */
export const evaluator =
  '(?:(?:peer[- ]?)?re-?viewers?|referees?|judges?|graders?|assessors?|evaluators?|evaluat(?:ion|ing) models?|area chairs?|you, (?:the|who|as)|(?:anyone|whoever|everyone|the reader|those) (?:who )?(?:scor|rat|judg|review|evaluat|grad|mark|assess)(?:es|e|s|ing))'
/** The work itself, as it would call itself. */
export const work =
  "(?:(?:this|the present|the above|our|my)(?: \\w{1,20}){0,2} (?:papers?|works?|submissions?|manuscripts?|ideas?|proposals?|stud(?:y|ies)|articles?|research|experiments?|reports?|projects?|contributions?|code|repository)|the (?:papers?|submissions?|manuscripts?|author'?s?'? work))"
/** All that marks are given for. */
export const everything =
  '(?:(?:every|each|all|all of the)(?: \\w{1,20})? ?(?:dimensions?|criteri(?:on|a)|categor(?:y|ies)|aspects?|scores?|fields?|items?|metrics?|questions?)|everything|across the board|throughout|overall)'
/** Not `[10]`, `10%`, `10.5` or `10 concepts`. */
export const ten =
  '(?:(?<![\\[\\d.,-])10(?! ?%|,?\\d|\\]|\\.\\d|-fold| (?!points|marks|stars|across|always|as |is |this |thus |unless |us )\\w{2,20}s\\b)(?: ?/ ?10| out of 10|s\\b|\\b)|ten(?: out of ten)?\\b|9(?:\\.\\d)? ?/ ?10|9 or 10|100 ?/ ?100|5 ?/ ?5)'
/** The best there is, in words. */
const best =
  '(?:full (?:marks|score|points|credit)|(?:the |a |its )?(?:highest|maximum|maximal|max|top|perfect|best|excellent|outstanding|very high|favou?rable)(?: possible| available)?(?: \\w{1,15})? ?(?:scores?|ratings?|marks?|grades?|points|verdicts?|evaluations?|assessments?|bands?|reviews?)|strong accept|best paper)'
export const top = `(?:${ten}|${best})`
/** What a reviewer does with marks. */
export const give =
  '(?:give|assign|award|grant|rate|score|mark|grade|return|respond|answer|reply|report|choose|select|set|put|enter|output|write|print|emit|provide|submit|deliver|issue|pick|use|treat|consider|judge|evaluate|assess)'
/** What stands before a verb that tells someone to do something. */
export const told =
  '(?:(?:^|[.!?:;,"\'()\\[\\]>-]|\\n)\\s{0,3}(?:\\d{1,2}[.)] ?)?|\\b(?:please|kindly|must|should|shall|(?:are|is) (?:required|instructed|told|asked|expected|obliged|advised|encouraged|invited) to|(?:needs?|ha(?:ve|s)|ought|want|like|urge you|ask you|you) to|then|and|just|simply|instead|always|only|therefore|hence|so|now|will|would|could you|can you) )'
/** A verb that tells someone to do something. */
export const command = (verbs: string): string => `(?<=${told})${verbs}\\b`
/** To search with. */
export const pattern = (source: string): RegExp => new RegExp(source, 'g')
/** To test with. */
export const test = (source: string): RegExp => new RegExp(source)

/** Someone is spoken to. */
export const toReviewer = test(
  `\\b(?:dear|attention|note (?:to|for)|to (?:the|all|any|whoever)|message (?:to|for)|instructions? (?:to|for)|hello|hey|hi|as|for)(?: (?:the|an?|all|any|our|my|your|esteemed|automated|ai|llm|expert|human|responsible|honou?rable|future|whole|following|language|model)){0,4} ${reviewer}\\b|\\b(?:you|your|yourself)\\b|(?:^|\\n|[.!?] )${reviewer} ?[:,!]|\\b(?:reviewers|referees|judges|graders|evaluators) ?:|\\b${reviewer} (?:must|should|shall|are|is|ha(?:ve|s) to|need|will|please)\\b`,
)
/** Words that only reviews of such work have. */
export const reviewing =
  /\b(?:scor(?:e|es|ing)|ratings?|rubrics?|marks?|grad(?:e|es|ing)|review(?:s|er|ers|ing)?|judge(?:s|ment)?|evaluat(?:e|or|ors|ion|ing)|accept(?:ance)?|referees?|paper|submission|manuscript)\b/

export const toReviewerOr = test(`${toReviewer.source}|${work}|\\b${evaluator}\\b`)
export const toWork = test(
  `${work}|${everything}|\\b(?:for|in|on|as|mark) (?:soundness|novelty|clarity|significance|feasibility|consistency|completeness|insightfulness)\\b|\\b(?:give|assign|award|grant) (?:it|us|me)\\b|\\b(?:rate|score|mark|grade) (?:it|us)\\b`,
)
export const toTop = test(`\\b${top}`)
