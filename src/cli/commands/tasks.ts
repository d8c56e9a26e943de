import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import type { Task } from '../../tasks/load-tasks.ts'
import { pullTasks } from '../../tasks/pull-tasks.ts'
import { describeDifferences, isComplete, verifyTasks } from '../../tasks/task-set.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderText } from '../../report/table.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'
import { addTaskOptions, chooseTasks, type TaskFlags } from '../select-tasks.ts'

export const registerTasks: Register = (program, run) => {
  const tasks = program.command('tasks').description('the research tasks: fetch, list, show and check them')

  tasks
    .command('pull')
    .description("fetch MLR-Bench's 201 tasks and check every one")
    .addOption(new Option('--from <source>', 'archive, folder or URL instead of the public release'))
    .addOption(unusedLogDir())
    .addOption(jsonOption())
    .action((flags: { from?: string; json?: boolean }) => run((context) => pull(flags, context), flags))

  addTaskOptions(tasks.command('list').description('list the tasks there are'))
    .addOption(unusedLogDir())
    .addOption(jsonOption())
    .action((flags: TaskFlags & { json?: boolean }) => run((context) => list(flags, context), flags))

  tasks
    .command('show')
    .description("print a task's text")
    .argument('<id>', 'id of the task')
    .addOption(new Option('--tasks-dir <folder>', 'folder of your own tasks'))
    .addOption(unusedLogDir())
    .addOption(jsonOption())
    .action((id: string, flags: { tasksDir?: string; json?: boolean }) =>
      run((context) => show({ task: [id], ...(flags.tasksDir ? { tasksDir: [flags.tasksDir] } : {}) }, context), flags),
    )

  tasks
    .command('verify')
    .description('compare the pulled tasks with the catalogue')
    .addOption(unusedLogDir())
    .addOption(jsonOption())
    .action((flags: { json?: boolean }) => run(verify, flags))
}

/** Tasks are kept elsewhere; it is taken so that one set of flags serves every command. */
const unusedLogDir = () => logDirOption().hideHelp()

async function pull({ from }: { from?: string }, context: CliContext): Promise<CommandResult> {
  let shownMiB = 0
  const manifest = await pullTasks({
    from: from ?? null,
    to: context.taskFolder,
    signal: context.signal,
    onProgress: ({ receivedBytes }) => {
      const mebibytes = Math.floor(receivedBytes / 1024 ** 2)
      if (mebibytes >= shownMiB + 5) context.note(`${(shownMiB = mebibytes)} MiB received`)
    },
  })
  const text = `${manifest.count} of ${manifest.count} tasks verified and kept in ${context.taskFolder}\n`
  return { text, json: { folder: context.taskFolder, ...manifest }, exitCode: 0 }
}

async function list(flags: TaskFlags, context: CliContext): Promise<CommandResult> {
  const tasks = await chooseTasks(flags, context.taskFolder)
  const table = {
    title: formatNumberOf(tasks.length, 'task'),
    columns: ['id', 'venue', 'year', 'subset', 'title'],
    rows: tasks.map(({ id, venue, year, inSubset, title }) => [
      id,
      venue,
      year === null ? null : String(year),
      inSubset ? 'yes' : '',
      title,
    ]),
    notes: tasks.some(({ source }) => source === 'mlr-bench')
      ? []
      : ["Bundled tasks only. MLR-Bench's 201 tasks come with: mlrbench tasks pull"],
  }
  return { text: `${renderText([table], context.style)}\n`, json: tasks.map(withoutText), exitCode: 0 }
}

function withoutText({ text: _text, ...task }: Task): Omit<Task, 'text'> {
  return task
}

async function show(flags: TaskFlags, context: CliContext): Promise<CommandResult> {
  const [task, second] = await chooseTasks(flags, context.taskFolder)
  if (task === undefined || second !== undefined) throw new PrerequisiteError('show prints one task: give its whole id')
  return { text: task.text.endsWith('\n') ? task.text : `${task.text}\n`, json: task, exitCode: 0 }
}

async function verify(context: CliContext): Promise<CommandResult> {
  const found = await verifyTasks(context.taskFolder)
  const whole = isComplete(found)
  const verdict = whole
    ? 'all as in the catalogue'
    : `${describeDifferences(found)}. To restore them: mlrbench tasks pull`
  const text = `${found.identical} of ${found.expected} tasks in ${context.taskFolder}: ${verdict}\n`
  return { text, json: { folder: context.taskFolder, complete: whole, ...found }, exitCode: whole ? 0 : 1 }
}
