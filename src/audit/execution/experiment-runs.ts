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
    const makesResults = step.scripts.some((script) => !isSideScript(script))
    runs.push({ step: step.step, command: step, makesResults })
  }
  return runs
}

/** By its name: `create_visualizations.py` draws, `run_test.py` tests. */
export function isSideScript(path: string): boolean {
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
