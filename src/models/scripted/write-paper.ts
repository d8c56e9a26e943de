import type { Assignment } from './assignment.ts'
import { citedIn, renderCitations, renderReference } from './citations.ts'
import type { WritingInputs } from './read-call.ts'
import { type ReportedResults, readResults } from './read-results.ts'

const noFinding = 'The experiment gave no measurements, so the question stays open.'

/** The paper. Every number of an outcome is taken over from `results.md`; it neither adds nor leaves out any. */
export function writePaper(assignment: Assignment, inputs: WritingInputs): string {
  const { study, taskTitle, disclaimer } = assignment
  const results = readResults(inputs.results)
  const measured = results.tables.length > 0
  const finding = measured ? (results.finding ?? 'The tables give all outcomes.') : noFinding
  const { method, baseline, conditions } = study.labels
  return [
    `# ${study.title}`,
    '## Abstract',
    ...(disclaimer === null ? [] : [disclaimer]),
    `${study.problem} We ask: ${lowerFirst(study.question)} ${upperFirst(method)} is compared with ${baseline} under ${conditions.length} conditions and over several seeds. ${finding}`,
    '## Introduction',
    `${study.problem} ${study.gap} This paper answers the call "${taskTitle}". ${study.question}`,
    `Its contributions are a complete statement of the method, a comparison with two baselines under equal conditions, and code that repeats every number. The hypotheses, fixed before the first run, were:\n\n${numbered(study.hypotheses)}`,
    '## Related Work',
    renderCitations(study.relatedWork),
    '## Methodology',
    ...(isOwn(inputs, study.title)
      ? []
      : [
          'The results below were not produced by the experiment this author plans; the method is described as planned.',
        ]),
    study.data,
    study.algorithm,
    '## Experiment Setup',
    `${study.design} ${study.evaluation}`,
    ...(results.setup.length > 0 ? [`As reported with the results:\n\n${bulleted(results.setup)}`] : []),
    '## Results',
    measured ? describeTables(results) : describeFailure(inputs.results),
    ...inputs.figures.map((name) => `![${results.captions.get(name) ?? titleOfFigure(name)}](${name})`),
    '## Analysis',
    results.discussion === '' ? noFinding : results.discussion,
    `Limitations:\n\n${bulleted(study.limitations)}`,
    '## Conclusion',
    `${finding} ${study.outlook}`,
    '## References',
    `${numbered(citedIn(study.relatedWork).map(renderReference))}\n`,
  ].join('\n\n')
}

function isOwn({ results }: WritingInputs, title: string): boolean {
  return results === '' || results.includes(title)
}

function describeTables({ tables }: ReportedResults): string {
  return tables.map(({ heading, lead, table }, i) => `**Table ${i + 1}.** ${heading}. ${lead}\n\n${table}`).join('\n\n')
}

function describeFailure(results: string): string {
  if (results === '') return 'There are no results to report.'
  const quoted = results.split('\n').map((line) => `> ${line}`.trimEnd())
  return `The experiment left no table of results. What it reported, in full:\n\n${quoted.join('\n')}`
}

const titleOfFigure = (name: string) =>
  upperFirst(
    name
      .replace(/^.*\//, '')
      .replace(/\.\w+$/, '')
      .replaceAll(/[_-]+/g, ' '),
  )
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
const bulleted = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')
const numbered = (items: readonly string[]) => items.map((item, i) => `${i + 1}. ${item}`).join('\n')
