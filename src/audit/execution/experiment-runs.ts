import { resultNumbers } from './result-numbers.ts'
import type { Session, SessionStep } from '../session/session.ts'

type Command = Extract<SessionStep, { kind: 'command' }>

/** A command that ran a program of the work. */
export interface ExperimentRun {
  readonly step: number
  readonly command: Command
  /** False for what sets up, draws, tests or tidies: it makes no results. */
  readonly makesResults: boolean
}

const sideWords = new Set(
  'setup install download test tests check verify debug fix cleanup clean plot plots plotting visualize visualise visualization visualizations visualisation figures figure report organize organise move copy prepare env environment paths convert format init'.split(
    ' ',
  ),
)

/** The commands that ran scripts or inline code, in order. */
export function experimentRuns(session: Session): ExperimentRun[] {
  const runs: ExperimentRun[] = []
  for (const step of session.steps) {
    if (step.kind !== 'command' || (step.scripts.length === 0 && step.inlineCode.length === 0)) continue
    const makesResults =
      step.scripts.some((script) => !isSideScript(script)) || step.inlineCode.some((code) => isWork(code))
    runs.push({ step: step.step, command: step, makesResults })
  }
  return runs
}

/** Inline code that is more than a look at versions, and no list of literal results. */
function isWork(code: string): boolean {
  const isLong =
    code.length > 200 || /\b(?:main|train|run|evaluate|fit|experiment)\w{0,30}\(/.test(code.slice(0, 2_000))
  return isLong && resultNumbers(code).length < 3
}

/** A path is a program only where a command begins: elsewhere it is what another one moves or reads. */
const otherRunner =
  /(?:^|[\s;&|])(?:torchrun|accelerate|deepspeed|jupyter|papermill|Rscript|julia|make|cargo|go|npm|npx|node|java|docker|sbatch|srun|matlab|octave|bash|sh)\s|(?:^|[;&|]\s{0,3})\.\/[\w./-]+\s/
const looksOnly = /--(?:help|version)\b|\b(?:install|init|ls)\b/

/** Whether some command ran a program in a way that does not show which script it is, and did not fail. */
export function ranUnknownProgram(session: Session): boolean {
  return session.steps.some(
    (step) =>
      step.kind === 'command' &&
      step.scripts.length === 0 &&
      step.inlineCode.length === 0 &&
      step.succeeded !== false &&
      otherRunner.test(`${step.command.slice(0, 5_000)} `) &&
      !looksOnly.test(step.command.slice(0, 5_000)),
  )
}

/** By its name: `draw_figures.py` draws, `test_all.py` tests. */
function isSideScript(path: string): boolean {
  return scriptWords(path).some((word) => sideWords.has(word))
}

/** Words of a script's name, in lower case, without its ending: `run_mockTests.py` is run, mock, tests. */
export function scriptWords(path: string): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1).slice(0, 200)
  return name
    .replace(/\.[A-Za-z]{1,5}$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}
