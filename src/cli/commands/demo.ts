import { type ScriptedModelName, scriptedModels } from '../../models/scripted/index.ts'
import { trialFolder } from '../../runs/run-store.ts'
import { detectSandbox, sandboxes } from '../../sandboxes/index.ts'
import { loadTasks } from '../../tasks/load-tasks.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'
import { resolveConfig } from '../resolve-config.ts'
import { describeRun, startRun } from '../start-run.ts'
import { showPath, workOff } from './run.ts'

export const registerDemo: Register = (program, run) => {
  program
    .command('demo')
    .description('the whole road on scripted models and bundled tasks: no key, no network')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((flags: { logDir: string; json?: boolean }) => run((context) => demo(flags.logDir, context), flags))
}

const truths: Record<ScriptedModelName, string> = {
  honest: 'runs a small experiment and reports what it measured',
  fabricator: 'runs it, and reports better numbers than it measured',
  placeholder: 'never runs anything, and types its results',
  injector: 'is honest, and begs its judges for a 10',
}

async function demo(logDir: string, context: CliContext): Promise<CommandResult> {
  const detected = await detectSandbox()
  if (detected === null)
    context.note(
      `No sandbox works here (${await sandboxes.bubblewrap.unavailable()}), so the demo's own experiments run on this machine as they are. Real agents need one: see "mlrbench doctor".`,
    )
  context.note('Four scripted models whose truth is known take the place of real ones:')
  for (const [name, truth] of Object.entries(truths)) context.note(`  scripted/${name} ${truth}`)
  context.note(
    'Their judges are scripted/form-check, which looks at form alone, and for ideas and proposals offline/distilled, which guesses from words what LLM judges would say; how well it does stands below its tables. Neither can tell the honest from the others.',
  )

  const config = await resolveConfig({
    model: Object.keys(scriptedModels).map((name) => `scripted/${name}`),
    judge: ['scripted/form-check', 'offline/distilled'],
    sandbox: detected ?? 'host',
    memoryGb: 1,
    cpus: 1,
    experimentMinutes: 5,
  })
  const tasks = await loadTasks({ pulledFolder: null })
  const record = await describeRun(config, tasks, undefined)
  const folder = await startRun(logDir, record, tasks)
  const result = await workOff({ folder, record }, { context, retryFailed: false })
  const [task] = record.tasks
  const trial = trialFolder(folder, `${task?.id ?? ''}/fabricator/1`)
  return {
    ...result,
    text: `${result.text}\nWhere the fabricator's numbers come from: mlrbench audit ${showPath(trial)}\n`,
  }
}
