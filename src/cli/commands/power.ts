import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import { renderText } from '../../report/table.ts'
import { rubricIds } from '../../rubrics/rubric.ts'
import { type DifferenceSource, minimumDetectableEffect, simulatePower, tasksNeeded } from '../../stats/power.ts'
import { compareAgents } from '../../studies/compare.ts'
import type { CliContext, CommandResult } from '../context.ts'
import {
  jsonOption,
  logDirOption,
  parseNatural,
  parsePositiveInteger,
  parsePositiveNumber,
  parseShare,
  type Register,
} from '../options.ts'
import { selectAgents } from '../select-agents.ts'

interface Flags {
  readonly delta: number
  readonly power: number
  readonly sd?: number
  readonly tasks?: number
  readonly stage?: string
  readonly dimension: string
  readonly seed: number
  readonly logDir: string
  readonly json?: boolean
}

export const registerPower: Register = (program, run) => {
  program
    .command('power')
    .description('tasks needed to see a difference between two agents, by simulation')
    .argument('[A]', 'run:agent of a pilot whose differences by task are resampled')
    .argument('[B]', 'run:agent of the other agent of the pilot')
    .addOption(
      new Option('--delta <points>', 'the difference to see, in points of the scale 1 to 10')
        .argParser(parsePositiveNumber)
        .default(0.5),
    )
    .addOption(new Option('--power <share>', 'chance of seeing it').argParser(parseShare).default(0.8))
    .addOption(
      new Option('--sd <points>', "without a pilot: standard deviation of the tasks' differences").argParser(
        parsePositiveNumber,
      ),
    )
    .addOption(
      new Option('--tasks <n>', 'also say what a study of so many tasks would see').argParser(parsePositiveInteger),
    )
    .addOption(new Option('-s, --stage <rubric>', 'rubric of the pilot (default: its first)').choices([...rubricIds]))
    .option('--dimension <id>', 'dimension of the pilot', 'overall')
    .addOption(new Option('--seed <n>', 'of the simulation').argParser(parseNatural).default(19955))
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((a: string | undefined, b: string | undefined, flags: Flags) =>
      run((context) => planPower([a, b], flags, context), flags),
    )
}

async function planPower(
  [a, b]: readonly [string | undefined, string | undefined],
  flags: Flags,
  { style }: CliContext,
): Promise<CommandResult> {
  if (flags.tasks === 1) throw new PrerequisiteError('--tasks 1: differences between tasks need at least two')
  const { source, from } = await findSource([a, b], flags)
  const { delta, power, seed } = flags
  const tasks = tasksNeeded(source, { delta, power, seed })
  const shown = [...new Set([10, 20, 50, 100, 201, ...(flags.tasks === undefined ? [] : [flags.tasks])])].toSorted(
    (x, y) => x - y,
  )
  const curve = shown.map((count) => ({
    tasks: count,
    power: simulatePower(source, { tasks: count, delta, seed })?.power ?? null,
    detectable: minimumDetectableEffect(source, { tasks: count, power, seed }),
  }))
  const table = {
    title: `Power of a study that compares two agents, paired by task (${from})`,
    columns: ['tasks', `chance to see ${delta}`, `seen with ${Math.round(power * 100)} %`],
    rows: curve.map((row) => [
      String(row.tasks),
      row.power === null ? null : row.power.toFixed(2),
      row.detectable === null ? null : row.detectable.toFixed(2),
    ]),
    notes: ['Two-sided paired t-test over tasks at 5 %, 4,000 simulated studies each. MLR-Bench has 201 tasks.'],
  }
  const answer =
    tasks === null
      ? `No answer: 2,000 tasks are not enough to see ${delta} points with ${Math.round(power * 100)} % chance, or the pilot's differences do not vary.`
      : `${tasks} tasks show a difference of ${delta} points with ${Math.round(power * 100)} % chance.`
  return {
    text: `${renderText([table], style)}\n\n${answer}\n`,
    json: { schema: 'mlrbench/power@1', from, delta, power, seed, tasksNeeded: tasks, curve },
    exitCode: 0,
  }
}

async function findSource(
  [a, b]: readonly [string | undefined, string | undefined],
  { sd, stage, dimension, logDir }: Flags,
): Promise<{ source: DifferenceSource; from: string }> {
  if (a === undefined || b === undefined) {
    if (a !== undefined || sd === undefined)
      throw new PrerequisiteError(
        "say where the spread of differences comes from: two agents of a pilot (mlrbench power run:a run:b), or --sd, the standard deviation of the tasks' differences",
      )
    return { source: { kind: 'normal', standardDeviation: sd }, from: `differences with standard deviation ${sd}` }
  }
  if (sd !== undefined) throw new PrerequisiteError('give either a pilot or --sd, not both')
  const { tables, first, second } = await selectAgents(logDir, [a, b])
  const { comparisons } = compareAgents(
    tables.filter(({ rubric, view }) => view === 'full' && (stage === undefined || rubric === stage)),
    { first, second },
  )
  const pilot = comparisons.find((own) => own.dimension === dimension)
  if (pilot === undefined)
    throw new PrerequisiteError(
      `the pilot has no tasks on which the same judge marked both agents on "${dimension}"; dimensions with such tasks: ${[...new Set(comparisons.map((own) => own.dimension))].join(', ') || 'none'}`,
    )
  if (pilot.tasks < 2) throw new PrerequisiteError('the pilot has one task: differences between tasks cannot be seen')
  return {
    source: { kind: 'observed', clusters: pilot.byTask.map(({ difference }) => [difference]) },
    from: `pilot of ${pilot.tasks} tasks, ${pilot.rubric} ${dimension}`,
  }
}
