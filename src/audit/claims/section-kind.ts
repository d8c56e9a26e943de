/** What a section is for; null where its headings do not say. */
export type SectionKind = 'abstract' | 'introduction' | 'related' | 'setup' | 'result' | 'references' | 'outlook'

/**
 * The kind of a section by its headings, the highest first: the lowest that says something decides, but nothing leaves related work and references,
 * and below results only an outspoken heading is about the set-up.
 */
export function sectionKind(headings: readonly string[]): SectionKind | null {
  let kind: SectionKind | null = null
  for (const heading of headings) {
    const said = readHeadingKind(heading)
    if (said === null || kind === 'references' || kind === 'related') continue
    if (kind === 'result' && said.isWeak) continue
    kind = said.kind
  }
  return kind
}

export function headingKind(heading: string): SectionKind | null {
  return readHeadingKind(heading)?.kind ?? null
}

/** Whether the lowest heading names limits of what was done, which may be told with results, and not only what is still to be done. */
export function tellsLimits(headings: readonly string[]): boolean {
  return /^\W*(?:[\dA-H.]{1,8}\s{0,4})?(?:limitations?|ethic|broader impact|societal|reproducibility)/i.test(
    headings.at(-1) ?? '',
  )
}

function readHeadingKind(heading: string): { kind: SectionKind; isWeak: boolean } | null {
  const plain = heading.toLowerCase().replace(/^\s*(?:\d[\d.]{0,8}|[ivx]{1,5}[.)]|[a-h][.)])[\s.):-]{0,4}/, '')
  const found = kinds.find(([, pattern]) => pattern.test(plain))
  return found === undefined ? null : { kind: found[0], isWeak: found[2] === 'weak' }
}

/** Tried in this order; `weak` ones leave results what they are. */
const kinds: readonly (readonly [SectionKind, RegExp, 'weak'?])[] = [
  ['references', /^(?:references?|bibliography|works cited|literature cited|acknowledge?ments?)\b/],
  ['related', /\b(?:related work|prior work|previous work|literature review|state of the art)\b/],
  [
    'outlook',
    /^(?:limitations?|future|ethic|broader impact|societal|reproducibility)|\bfuture (?:work|directions?|research)\b/,
  ],
  ['abstract', /\b(?:abstract|tl;?dr|executive summary)\b/],
  ['result', /\b(?:results?|findings?|ablations?|discussions?|conclusions?|concluding|outcomes?)\b/],
  [
    'setup',
    /\b(?:set-?ups?|settings?|implementation|hyper-?parameters?|configurations?|protocols?|datasets?|participants|procedures?|hardware|evaluation metrics)\b/,
  ],
  [
    'setup',
    /^(?:performance |experimental )?(?:metrics?|measures?|baselines?|data|models?|tasks?|methods?|systems?)(?: (?:and|&|compared|evaluated|implemented|used).{0,40})?$/,
    'weak',
  ],
  [
    'result',
    /\b(?:analys[ei]s|comparisons?|performance|observations?|summary|takeaways?|curves?|dynamics|trade-?offs?|versus|vs|efficiency|effectiveness|robustness|scaling|sensitivity|improvements?|gains?|case stud(?:y|ies)|quality|accuracy|loss|errors?|rates?|scores?|latency|throughput|evaluations?|experiments?|experimental|empirical|validation|statistical|significance|visuali[sz]ations?)\b/,
  ],
  ['introduction', /\b(?:introduction|contributions?|motivation)\b/, 'weak'],
  [
    'setup',
    /\b(?:method|methods|methodology|approach|framework|architecture|design|preliminar(?:y|ies)|background|problem|formulation|training|algorithms?|notation|overview|theory|theoretical|metrics?|baselines?|data|modules?|components?|models?|objective|optimi[sz]ation|estimation|environments?)\b/,
    'weak',
  ],
]
