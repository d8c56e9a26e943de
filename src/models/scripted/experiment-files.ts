import type { Assignment } from './assignment.ts'
import { chartScript } from './workspace/chart-script.ts'
import { networkScript } from './workspace/network-script.ts'
import { reportScript } from './workspace/report-script.ts'

/** The modules that all studies share, by file name. */
export const libraryFiles: Readonly<Record<string, string>> = {
  'network.mjs': networkScript,
  'chart.mjs': chartScript,
  'report.mjs': reportScript,
}

/** What is particular to one task, by file name.
 * @param remark a comment to stand at the top of experiment.mjs; null for none */
export function experimentFiles(assignment: Assignment, remark: string | null): Record<string, string> {
  return { 'experiment.mjs': experimentCode(assignment, remark), 'run.sh': runScript, 'README.md': readme(assignment) }
}

const runScript = `#!/bin/sh
# Runs the whole study anew and writes everything below results/.
set -eu
cd "$(dirname "$0")"
rm -rf results
node experiment.mjs
`

function experimentCode({ study, seeds, disclaimer }: Assignment, remark: string | null): string {
  const { title, labels, explanations, setup, limitations } = study
  const described = {
    title,
    seeds,
    ...labels,
    notes: [
      ...(disclaimer === null ? [] : [disclaimer, '']),
      'All data are synthetic: drawn by the process described below, as the design requires. There are no departures from the proposal.',
      '',
    ],
    setup: [
      ...setup,
      `Seeds: ${seeds.length}, from ${seeds[0]} to ${seeds.at(-1)}; a seed decides teacher, data and initial weights.`,
    ],
    limitations,
    explanations,
  }
  return [
    ...(remark === null ? [] : [`// ${remark}`]),
    `// ${title}`,
    "import { accuracy, addGradient, argmax, createNetwork, createRandom, descend, drawExamples, logLoss, logitsOf, oneHot, softmax } from './network.mjs'",
    "import { openReport } from './report.mjs'",
    '',
    `const study = ${JSON.stringify(described, null, 2)}`,
    study.script,
  ].join('\n')
}

function readme({ study, taskTitle, disclaimer, seeds }: Assignment): string {
  return `# ${study.title}

An experiment for "${taskTitle}". ${study.question}
${disclaimer === null ? '' : `\n${disclaimer}\n`}
Run it with \`bash run.sh\`. It needs Node.js 22.2 or later, no packages and no network, and takes a few seconds. The same machine gives
the same bytes every time: all randomness comes from ${seeds.length} fixed seeds.

| file | content |
|---|---|
| \`experiment.mjs\` | the study: conditions, methods, what is measured |
| \`network.mjs\` | the classifier, its gradient, and the process that draws the data |
| \`report.mjs\` | means, spreads, paired differences; writes the files below |
| \`chart.mjs\` | bar charts as PNG |
| \`results/log.txt\` | every measured value, as it was measured |
| \`results/metrics.json\` | the same values, with means, spreads and differences |
| \`results/results.md\` | tables, figures and discussion, made from those values |
`
}
