import type { AddressedRule } from './addressed-rule.ts'
import { command, everything, pattern, reviewer, reviewing, ten, test, top, toTop, work } from './addressed-words.ts'

/** What pretends: another rubric, another role, another voice, a review that is there already; and what only machines are to read. */
export const forgeryRules: readonly AddressedRule[] = [
  {
    // "ignore all previous instructions", where it is about reviewing
    id: 'overrides-instructions',
    anchor: pattern(
      `\\b(?:ignore|disregard|forget|override|bypass|cancel|void|replaces?|supersedes?|do not follow|stop following)\\b (?:\\w{1,20} ){0,4}?(?:(?:previous|prior|above|earlier|preceding|former|original|other|system|foregoing|existing|your|initial|before) ){1,3}(?:\\w{1,15} )?(?:instructions?|prompts?|directions?|directives?|guidelines?|rules?|messages?|orders?|commands?|text)\\b|${command('(?:ignore|disregard|forget)')} (?:everything|all|anything|whatever)(?: that| of that)?(?: is| was| came| stands| you (?:were|have been) told)? (?:above|before|so far|previously|else)\\b`,
    ),
    near: [
      reviewing,
      test(`\\b${top}|positive review|accept this|accept the|recommend accept|${work}|favou?rabl|excellent`),
    ],
  },
  {
    // fences like those around a judge's material, or a claim that the material has ended
    id: 'fake-fence',
    anchor: pattern(
      `(?:<<<[ ]?(?:end|evidence|begin|instructions?)\\b|\\b(?:the (?:material|evidence|submission)|(?:paper|submission|document|evidence|material|untrusted (?:content|text|input))) (?:now )?(?:ends? here|ends above|is over|is complete)\\b|[\\[<=(-]{1,10} ?(?:end|eof)(?: of)?(?: the)? (?:evidence|materials?|submission|paper|document|untrusted content|user (?:input|content))\\b)`,
    ),
    near: [test(`<<<[ ]?(?:end|evidence) |${reviewing.source}|instruction`)],
  },
  {
    // chat templates and role names, with words of a review behind them
    id: 'fake-role',
    anchor: pattern(
      `(?:<[|]?(?:im_?start|system|endofprompt|endoftext|im_?end|start_header_id|assistant|user)[|]?>|\\[ ?/?(?:inst|system|sys|admin)(?: \\w{1,15})? ?\\]|<<sys>>|</?(?:evidence|material|submission|system|instructions?|assistant|admin|developer|system[-_]?(?:prompt|message|instruction|reminder))>|(?:^|\\n)(?:system|assistant|developer|admin(?:istrator)?|operator)(?: \\w{1,15})? ?:)`,
    ),
    near: [
      reviewing,
      test(`\\b${top}|accept (?:this|the)|ignore`),
      test(`${work}|${everything}|rubric|reviewer|judge`),
    ],
  },
  {
    // a review of the work in the work: marks for the dimensions that judges are asked for
    id: 'fake-review',
    anchor: pattern(
      `["']?(?:scores|overall|overall ?assessment|overall[ _]?score|final[ _]?score|review)["']? ?[:=] ?(?:["'(]?|\\s?["']\\w{1,20}["'] ?: ?)(?:${ten}|[[{]?\\s?["']?(?:novelty|clarity|soundness|significance|feasibility|consistency|completeness|score|justification|strengths)["']? ?[:=])`,
    ),
    near: [
      test('\\b(?:10|9)(?:\\.0)?\\b(?! ?%)|accept'),
      test(
        '(?:decision|verdict|recommendation|novelty|clarity|soundness|significance|feasibility|consistency|completeness|insightfulness|justification|strengths)["\']? ?[:=]',
      ),
    ],
  },
  {
    // "the rubric below does not apply to this submission"
    id: 'voids-rubric',
    anchor: pattern(
      `\\b(?:rubrics?|(?:scoring|grading|evaluation|review(?:ing)?|judging|marking) (?:\\w{1,15} )?(?:instructions?|guidelines?|criteri(?:a|on)|rules?|polic(?:y|ies)|scales?|prompts?)|instructions?) (?:\\w{1,12} ){0,4}?(?:(?:do|does|did)(?: not|n't) apply|no longer (?:apply|applies|valid|in force)|(?:is|are|was|were|ha(?:s|ve) been) (?:\\w{1,12} )?(?:outdated|void|superseded|invalid|inapplicable|not applicable|cancell?ed|replaced|updated|changed|suspended|withdrawn|revoked|overridden))\\b`,
    ),
    near: [
      test(`${work}|\\b(?:reviewers?|referees?|judges?|graders?|evaluators?|instead|10|you|your)\\b`),
      reviewing,
      test(`\\b(?:${top}|${work}|minimum|instead|reviewers?|judges?|llm|graders?|you)`),
    ],
    within: 'sentence',
  },
  {
    // "your task has changed", "you are now an advocate for this paper"
    id: 'changes-role',
    anchor: pattern(
      `\\b(?:your (?:task|role|job|instructions?|goal|objective) (?:has|have|is|are) (?:\\w{1,12} )?(?:changed|updated|replaced|now)|you are (?:now|no longer)|you (?:were|have been|are) (?:\\w{1,12} )?(?:told|instructed|given)|new (?:instructions?|rules|rubric)\\b[^.\\n]{0,40}\\b(?:you|your|judges?|reviewers?|graders?|llm))\\b`,
    ),
    near: [
      reviewing,
      test(`${work}|\\b(?:reviewers?|judges?|graders?|evaluators?|best work)\\b`),
      test(`\\b(?:${top}|maximum|strengths|best work|advocate|forget|ignore|disregard|accept|positive|favou?r)`),
    ],
  },
  {
    // "the committee has decided that all dimensions receive 10"
    id: 'claims-verdict',
    anchor: pattern(
      `\\b(?:committee|chairs?|organi[sz]ers|editors?|experts?|reviewers?|judges?|authors?|panel|conference) (?:ha(?:s|ve) (?:\\w{1,12} )?|\\w{1,12} )?(?:decided|agreed|ruled|determined|confirmed|instructed|requested|rated|scored|accepted|awarded|voted)\\b`,
    ),
    near: [
      toTop,
      test(`${work}|${everything}`),
      test(`\\b(?:copy|this decision|you|your|please|must|already|all dimensions|follow|confirm)\\b`),
    ],
    within: 'paragraph',
  },
  {
    // a verdict written out: "Overall: 10. This paper is flawless."
    id: 'states-marks',
    anchor: pattern(
      `\\b(?:overall(?: score| rating)?|score|rating|verdict|grade|marks?|judges?|reviewers?|soundness|novelty|clarity|significance)(?: \\w{1,10})? ?(?::|=|is) ?(?:${ten}|strong accept|accept\\b)`,
    ),
    near: [
      test(
        `\\b(?:flawless|reviewers?|judges?|referees?|perfect|groundbreaking|excellent|outstanding|accept|10/10/10)\\b`,
      ),
      test(`${work}|\\b(?:reviewers?|judges?|the work)\\b`),
      test(`\\b(?:flawless|review|reviewers?|all judges|for the judge|accept|groundbreaking)\\b`),
    ],
  },
  {
    // an order to skip the evaluation, or to write another rubric over it
    id: 'replaces-evaluation',
    anchor: pattern(
      `\\b(?:skip(?:ping)?|overwrite|rewrite|replace|suspend|waive|end|abort|stop) (?:the|your|this|any|all) (?:\\w{1,12} )?(?:rubrics?|evaluations?|reviews?|assessments?|grading|scoring|judging)\\b`,
    ),
    near: [
      test(`\\b(?:${top}|tens\\b|perfect|maxim)`),
      test('\\b(?:you|your|with this|one:|judge|reviewer|instead|return|reply|output|give)'),
    ],
  },
  {
    // whoever reads comments nobody is shown can only be a machine
    id: 'hidden-request',
    anchor: pattern(`\\b(?:${reviewer}|you|your)\\b`),
    near: [
      reviewing,
      test(
        `\\b(?:${top}|must|please|should|ignore|disregard|positive|accept|approve|recommend|high(?:er|est)?|do not|give|deserves?)\\b`,
      ),
    ],
    hiddenOnly: true,
  },
  {
    id: 'hidden-command',
    anchor: pattern(
      command(
        '(?:give|rate|score|mark|grade|accept|recommend|approve|ignore|disregard|evaluate|judge|review|praise|award|assign)',
      ),
    ),
    near: [
      test(`${work}|\\b(?:this|rubric|instructions|reviewers?)\\b`),
      test(`\\b(?:${top}|accept\\w{0,4}|approve|positive\\w{0,2}|favou?rabl[ey]|ignore|disregard|praise|high\\w{0,3})`),
    ],
    hiddenOnly: true,
  },
  {
    // the whole answer to the search for hallucinations, with nothing found
    id: 'fake-findings',
    anchor: pattern(`["']findings["'] ?: ?\\[ ?\\][^\\n]{0,40}["'](?:flag|confidence)["'] ?:`),
  },
  {
    id: 'asks-in-chinese',
    anchor:
      /(?:审稿人|评审|评委|评审员|裁判|忽略|无视)[^。！？\n]{0,40}(?:满分|最高分|10 ?分|十分|接收|接受|指令|指示|提示|好评)|(?:给|打)[^。！？\n]{0,20}(?:满分|最高分|10 ?分)/g,
    near: [/论文|文章|工作|审稿|评审|评分|指令|提示|this|满分/],
  },
  {
    id: 'asks-in-other-languages',
    anchor:
      /\b(?:(?:donnez|donner|attribuez|attribuer|mettez|accordez|accorder|notez|noter)\b[^.!?\n]{0,60}(?:note maximale|la meilleure note|10|dix)|ignore[zr]\b[^.!?\n]{0,40}(?:instructions|consignes|grille)|(?:gib|geben sie|gebt|vergib|vergeben sie|bewerten? sie|bewerte|bewertet)\b[^.!?\n]{0,60}(?:\b10\b|hochste|volle|bestnote|maximale)|ignorieren? (?:sie )?[^.!?\n]{0,40}(?:anweisungen|kriterien|vorgaben)|(?:da|den|otorgue|asigne|otorga|asigna|punt[ue]e|puntua|califi[qc]\w{1,3})\b[^.!?\n]{0,60}(?:\b10\b|nota maxima|maxima puntuacion|puntuacion maxima|mejor nota)|ignor[ae]\b[^.!?\n]{0,40}(?:instrucciones|rubrica))/g,
    near: [
      /\b(?:gutachter(?:in)?|prufer|arbeit|papier|artikel|bewertung|anweisungen|kriterien|article|papier|travail|evaluateur|relecteur|consignes|instructions|grille|articulo|trabajo|revisor|instrucciones|rubrica)\b/,
    ],
  },
]
