import { type Assignment, readAssignment } from './assignment.ts'
import { experimentFiles, libraryFiles } from './experiment-files.ts'
import type { Step } from './persona.ts'

const taskStart = '=== task.md'
const taskEnd = '=== end of task.md'
const ideaStart = '=== idea.md'
const metricsStart = '=== metrics.json'
const metricsEnd = '=== end of metrics.json'
const runFinished = 'run.sh finished'

const readTask: Step = {
  say: 'I begin with the files of the workspace and the task.',
  command: `ls && echo '${taskStart}' && cat task.md && echo && echo '${taskEnd}'`,
}

const readProposal: Step = {
  say: 'Now the proposal and the idea.',
  command: `head -c 10000 proposal.md && echo && echo '${ideaStart}' && head -c 2000 idea.md`,
}

const writeLibrary = Object.entries(libraryFiles).map(
  ([path, { purpose, content }]): Step => ({ say: purpose, command: writeFiles({ [path]: content }) }),
)

const firstSteps = [readTask, readProposal, ...writeLibrary]

/** What every scripted model does first: read, then write the code. Null when that is done.
 * @param remark a comment to stand at the top of experiment.mjs; null for none */
export function prepare(outputs: readonly string[], remark: string | null): Step | null {
  if (outputs.length > firstSteps.length) return null
  return firstSteps[outputs.length] ?? writeExperiment(outputs, remark)
}

/** The outputs of the commands that came after the preparation. */
export function afterPreparation(outputs: readonly string[]): readonly string[] {
  return outputs.slice(firstSteps.length + 1)
}

function writeExperiment(outputs: readonly string[], remark: string | null): Step {
  const assignment = assignmentFrom(outputs)
  const { labels, title } = assignment.study
  const [proposal] = (outputs[1] ?? '').split(`\n${ideaStart}\n`)
  const files = experimentFiles(assignment, { remark, followsProposal: proposal?.includes(`# ${title}`) ?? false })
  return {
    say: `Now the experiment itself: ${labels.methods.join(', ')}, each under ${labels.conditions.length} conditions and over ${assignment.seeds.length} seeds.`,
    command: `${writeFiles(files)}\nchmod +x run.sh`,
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

/** What the task is, from what `cat task.md` answered. */
export function assignmentFrom(outputs: readonly string[]): Assignment {
  return readAssignment(between(outputs[0] ?? '', taskStart, taskEnd) ?? '')
}

/** Whether the answer to `runExperiment` shows that the run came to its end. */
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
