import type { Assignment } from './assignment.ts'
import { renderCitations } from './citations.ts'
import type { WritingInputs } from './read-call.ts'

/** The research proposal; it reports no results, because nothing has been run yet. */
export function writeProposal({ study, taskTitle, disclaimer, seeds }: Assignment, { idea }: WritingInputs): string {
  const ideaTitle = /^#\s+(.+)$/m.exec(idea)?.[1] ?? study.title
  const hypotheses = study.hypotheses.map((hypothesis, i) => `${i + 1}. ${hypothesis}`).join('\n')
  const challenges = study.challenges.map(({ name, text }) => `- **${name}.** ${renderCitations(text)}`).join('\n')
  return [
    `# ${study.title}`,
    '## Introduction',
    ...(disclaimer === null ? [] : [disclaimer]),
    `${study.problem} ${study.gap} This proposal answers the call "${taskTitle}" and works out the idea "${ideaTitle}".`,
    `**Research question.** ${study.question}`,
    `**Objectives.** To state the method completely, to compare it with two baselines under equal conditions, to measure why it works or fails beside whether it does, and to publish code that repeats every number with one command.`,
    `**Related work.** ${renderCitations(study.relatedWork)}`,
    `Open challenges that bear on the question:\n\n${challenges}`,
    '## Methodology',
    `### Data\n\n${study.data}`,
    `### Method\n\n${study.algorithm}`,
    `### Experimental design\n\n${study.design} Every condition is repeated over ${seeds.length} seeds; a seed decides the teacher, the data and the initial weights. The hypotheses are:\n\n${hypotheses}`,
    'The first hypothesis fails if the paired difference has the wrong sign beyond its uncertainty; it is left open if the difference cannot be told from zero. No setting is changed after the first complete run.',
    `### Evaluation\n\n${study.evaluation}`,
    '## Expected Outcomes and Impact',
    `We expect the first hypothesis to hold, and will report the outcome whichever way it falls. ${study.impact}`,
    `Known limits are part of the plan:\n\n${study.limitations.map((limit) => `- ${limit}`).join('\n')}\n`,
  ].join('\n\n')
}
