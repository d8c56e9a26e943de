import { type Assignment, readAssignment } from './assignment.ts'
import { experimentFiles, libraryFiles } from './experiment-files.ts'
import type { Step } from './persona.ts'

const taskStart = '=== task.md'
const taskEnd = '=== end of task.md'
const metricsStart = '=== metrics.json'
const metricsEnd = '=== end of metrics.json'
const runFinished = 'run.sh finished'

/** The steps that every scripted model takes first: read, then write the code. */
export const readTask: Step = {
  say: 'I begin with the files of the workspace and the task.',
  command: `ls && echo '${taskStart}' && cat task.md && echo && echo '${taskEnd}'`,
}

export const readProposal: Step = {
  say: 'Now the idea and the proposal.',
  command: 'head -c 2000 idea.md && echo && head -c 9000 proposal.md',
}

export const writeLibrary: Step = {
  say: 'The proposal needs a small network, its data, a report and charts. Plain Node.js is enough. I write the shared modules first.',
  command: writeFiles(libraryFiles),
}

/** @param remark a comment to stand at the top of experiment.mjs; null for none */
export function writeExperiment(assignment: Assignment, remark: string | null): Step {
  return {
    say: `Now the experiment itself: ${assignment.study.labels.methods.join(', ')}, each under ${assignment.study.labels.conditions.length} conditions and over ${assignment.seeds.length} seeds.`,
    command: `${writeFiles(experimentFiles(assignment, remark))}\nchmod +x run.sh`,
  }
}

export const runExperiment: Step = {
  say: 'Everything is in place. I run the whole study.',
  command: `bash run.sh && echo '${runFinished}'`,
}

export const viewResults: Step = {
  say: 'I look at what was written.',
  command: `cat results/results.md && echo '${metricsStart}' && cat results/metrics.json && echo '${metricsEnd}' && ls results`,
}

/** What the task is, from the answer to `readTask`. */
export function assignmentFrom(outputs: readonly string[]): Assignment {
  return readAssignment(between(outputs[0] ?? '', taskStart, taskEnd) ?? '')
}

export function hasRun(output: string): boolean {
  return output.split('\n').includes(runFinished)
}

/** The text of metrics.json, from the answer to `viewResults`; null when it is not there. */
export function metricsFrom(output: string): string | null {
  return between(output, metricsStart, metricsEnd)
}

/** A command that writes files whole and fails if one of them cannot be written. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const heredocs = Object.entries(files).map(
    ([path, content]) => `cat > ${path} <<'END_OF_FILE'\n${content.trimEnd()}\nEND_OF_FILE`,
  )
  return ['set -e', ...heredocs].join('\n')
}

function between(text: string, start: string, end: string): string | null {
  const lines = text.split('\n')
  const from = lines.indexOf(start)
  const to = lines.indexOf(end, from + 1)
  return from < 0 || to < 0
    ? null
    : lines
        .slice(from + 1, to)
        .join('\n')
        .trim()
}
