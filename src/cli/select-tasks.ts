import { type Command, InvalidArgumentError, Option } from 'commander'
import { PrerequisiteError } from '../base/errors.ts'
import { loadTasks, type Task } from '../tasks/load-tasks.ts'
import { selectTasks } from '../tasks/select-tasks.ts'
import { collectList, parsePositiveInteger } from './options.ts'

export interface TaskFlags {
  readonly task?: string[]
  readonly tasksDir?: string[]
  readonly venue?: string
  readonly year?: number
  readonly subset?: boolean
  readonly limit?: number
}

export function addTaskOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-t, --task <ids>', 'tasks by id or glob, with commas between; "*" for all').argParser(
        collectPatterns,
      ),
    )
    .addOption(
      new Option('--tasks-dir <folders>', 'folders of your own tasks: <name>/task.md or <name>.md').argParser(
        collectList,
      ),
    )
    .option('--venue <name>', 'only tasks of a venue: ICLR, ICML, NeurIPS')
    .addOption(new Option('--year <year>', 'only tasks of a year').argParser(parsePositiveInteger))
    .option('--subset', "only the ten tasks of the paper's end-to-end study")
    .addOption(new Option('--limit <n>', 'at most so many tasks').argParser(parsePositiveInteger))
}

/** Each entry is kept whole: a comma may stand inside a glob's braces. */
function collectPatterns(value: string, previous: readonly string[] = []): string[] {
  if (/^[\s,]*$/.test(value)) throw new InvalidArgumentError('it names no task')
  return [...previous, value]
}

/** The tasks the flags choose among the pulled, the bundled and the user's own. */
export async function chooseTasks(flags: TaskFlags, taskFolder: string): Promise<Task[]> {
  return select(flags, await loadTasks({ pulledFolder: taskFolder, folders: flags.tasksDir ?? [] }))
}

/** The same for a run. One of everything costs money and must be asked for; a folder of one's own means the tasks in it. */
export async function chooseTasksToRun(flags: TaskFlags, taskFolder: string): Promise<Task[]> {
  const { task, tasksDir, venue, year, subset, limit } = flags
  if ([task, tasksDir, venue, year, subset, limit].every((flag) => flag === undefined))
    throw new PrerequisiteError(
      'say which tasks: --task mini_calibration, --task "iclr2025_*", --subset, --venue, --year, or --task "*" for all',
    )
  if (tasksDir === undefined || [task, venue, year, subset].some((flag) => flag !== undefined))
    return chooseTasks(flags, taskFolder)
  return select(flags, await loadTasks({ pulledFolder: null, bundledFolder: null, folders: tasksDir }))
}

function select(flags: TaskFlags, tasks: readonly Task[]): Task[] {
  return selectTasks(tasks, {
    patterns: flags.task ?? [],
    venue: flags.venue ?? null,
    year: flags.year ?? null,
    subset: flags.subset ?? false,
    limit: flags.limit ?? null,
  })
}
