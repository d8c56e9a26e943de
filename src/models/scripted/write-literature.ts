import type { Assignment } from './assignment.ts'
import { bibliography } from './bibliography.ts'
import { renderCitations } from './citations.ts'

/** The survey of related work: papers of 2023 to 2025, the closest first, and the challenges they leave. */
export function writeLiterature({ study, disclaimer }: Assignment): string {
  const papers = study.literature.map((key, i) => {
    const { title, arxivId, authors, year, summary } = bibliography[key]
    return [
      `${i + 1}. **${title}**`,
      `   - arXiv: ${arxivId}`,
      `   - Authors: ${authors}`,
      `   - Year: ${year}`,
      `   - Summary: ${summary}`,
    ].join('\n')
  })
  const challenges = study.challenges.map(({ name, text }, i) => `${i + 1}. **${name}**: ${renderCitations(text)}`)
  return [
    '## Related Papers',
    ...(disclaimer === null ? [] : [disclaimer]),
    papers.join('\n\n'),
    '## Key Challenges',
    `${challenges.join('\n')}\n`,
  ].join('\n\n')
}
