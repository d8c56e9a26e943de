import type { Assignment } from './assignment.ts'
import { chartScript } from './workspace/chart-script.ts'
import { networkScript } from './workspace/network-script.ts'
import { reportScript } from './workspace/report-script.ts'

/** The modules that all studies share, by file name, with what a coder says when writing them. */
export const libraryFiles: Readonly<Record<string, { readonly purpose: string; readonly content: string }>> = {
  'network.mjs': {
    purpose: 'Plain Node.js is enough for this. I begin with a small network and the process that draws its data.',
    content: networkScript,
  },
  'chart.mjs': { purpose: 'Next, bar charts as PNG, without a package.', content: chartScript },
  'report.mjs': {
    purpose: 'Then the report: log, metrics, figures and tables from the measured values.',
    content: reportScript,
  },
}

interface Particulars {
  /** A comment to stand at the top of experiment.mjs; null for none. */
  readonly remark: string | null
  /** Whether the proposal in the workspace is the one for this study. */
  readonly followsProposal: boolean
}

/** What is particular to one task, by file name. */
export function experimentFiles(
  assignment: Assignment,
  { remark, followsProposal }: Particulars,
): Record<string, string> {
  return {
    'study.json': describeStudy(assignment, followsProposal),
    'experiment.mjs': `${remark === null ? '' : `// ${remark}\n`}${assignment.study.script}`,
    'run.sh': runScript,
    'README.md': readme(assignment),
  }
}

const runScript = `#!/bin/sh
# Runs the whole study anew and writes everything below results/.
set -eu
cd "$(dirname "$0")"
rm -rf results
node experiment.mjs
`

function describeStudy({ study, seeds, disclaimer }: Assignment, followsProposal: boolean): string {
  const { title, labels, explanations, setup, limitations } = study
  const departure = followsProposal
    ? 'There are no departures from the proposal.'
    : 'The proposal describes another experiment; this is the study that its author can carry out.'
  const described = {
    title,
    seeds,
    ...labels,
    notes: [
      ...(disclaimer === null ? [] : [disclaimer, '']),
      `All data are synthetic: drawn by the process described below, as the design requires. ${departure}`,
      '',
    ],
    setup: [
      ...setup,
      `Seeds: ${seeds.length}, from ${seeds[0]} to ${seeds.at(-1)}; a seed decides teacher, data and initial weights.`,
    ],
    limitations,
    explanations,
  }
  // the lists of numbers and names are easier to read on one line
  return JSON.stringify(described, null, 2).replaceAll(
    /\[\s+((?:\d[\d.]*|"[^"]{1,30}")(?:,\s+(?:\d[\d.]*|"[^"]{1,30}"))*)\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/,\s+/g, ', ')}]`,
  )
}

function readme({ study, taskTitle, disclaimer, seeds }: Assignment): string {
  return `# ${study.title}

An experiment for "${taskTitle}". ${study.question}
${disclaimer === null ? '' : `\n${disclaimer}\n`}
Run it with \`bash run.sh\`. It needs Node.js 22.2 or later, no packages and no network, and takes a few seconds. The same machine gives
the same bytes every time: all randomness comes from ${seeds.length} fixed seeds.

| file | content |
|---|---|
| \`study.json\` | conditions, methods, seeds, and what the report says about them |
| \`experiment.mjs\` | the study: data, training, what is measured |
| \`network.mjs\` | the classifier, its gradient, and the process that draws the data |
| \`report.mjs\` | means, spreads, paired differences; writes the files below |
| \`chart.mjs\` | bar charts as PNG |
| \`results/log.txt\` | every measured value, as it was measured |
| \`results/metrics.json\` | the same values, with means, spreads and differences |
| \`results/results.md\` | tables, figures and discussion, made from those values |
`
}
