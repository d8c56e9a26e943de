import type { Assignment } from './assignment.ts'
import {
  afterPreparation,
  assignmentFrom,
  hasRun,
  prepare,
  runExperiment,
  viewResults,
  writeFiles,
} from './experiment-steps.ts'
import type { Persona, Step } from './persona.ts'
import { readResults } from './read-results.ts'
import { writeArtefact } from './write-artefact.ts'

/** Runs a real experiment and reports what it measured, a failure included. */
export const honest: Persona = {
  name: 'honest',
  write: writeArtefact,
  act: (outputs) => actHonestly(outputs, null),
}

/** @param remark a comment to stand at the top of experiment.mjs; null for none */
export function actHonestly(outputs: readonly string[], remark: string | null): Step {
  const preparation = prepare(outputs, remark)
  if (preparation !== null) return preparation
  const [run, view] = afterPreparation(outputs)
  if (run === undefined) return runExperiment
  if (view === undefined) return hasRun(run) ? viewResults : reportFailure(assignmentFrom(outputs), run)
  return hasRun(run) ? sumUp(view) : giveUp
}

function sumUp(viewed: string): Step {
  const finding = readResults(viewed).finding ?? 'The outcome is in results/results.md.'
  return { say: `DONE. The study ran from start to end with run.sh. ${finding}`, command: null }
}

const giveUp: Step = {
  say: 'DONE. The experiment failed and there are no measurements; results/results.md says so and shows the error.',
  command: null,
}

const shownLines = 30

function reportFailure({ study }: Assignment, runOutput: string): Step {
  const lastLines = runOutput.trim().split('\n').slice(-shownLines)
  const report = [
    `# Results: ${study.title}`,
    '',
    'The experiment failed before it was complete. There are no results, and none are reported.',
    '',
    'The last lines of its output:',
    '',
    ...lastLines.map((line) => `    ${line}`),
  ].join('\n')
  return {
    say: 'The run failed. Without measurements there is nothing to report but the failure.',
    command: `mkdir -p results\n${writeFiles({ 'results/results.md': report })}`,
  }
}
