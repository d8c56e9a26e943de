#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { plain, printableJson } from '../base/text.ts'
import { type CliContext, version } from './context.ts'
import type { Register, RunHandler } from './options.ts'

/** Loaded when they are named: the libraries of all providers take longer to load than most commands to run. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  run: async () => (await import('./commands/run.ts')).registerRun,
  resume: async () => (await import('./commands/resume.ts')).registerResume,
  status: async () => (await import('./commands/status.ts')).registerStatus,
  judge: async () => (await import('./commands/judge.ts')).registerJudge,
  report: async () => (await import('./commands/report.ts')).registerReport,
  validate: async () => (await import('./commands/validate.ts')).registerValidate,
  export: async () => (await import('./commands/export.ts')).registerExport,
  compare: async () => (await import('./commands/compare.ts')).registerCompare,
  power: async () => (await import('./commands/power.ts')).registerPower,
  redteam: async () => (await import('./commands/redteam.ts')).registerRedteam,
  calibrate: async () => (await import('./commands/calibrate.ts')).registerCalibrate,
  tasks: async () => (await import('./commands/tasks.ts')).registerTasks,
  audit: async () => (await import('./commands/audit.ts')).registerAudit,
  reproduce: async () => (await import('./commands/reproduce.ts')).registerReproduce,
  'audit-bench': async () => (await import('./commands/audit-bench.ts')).registerAuditBench,
  import: async () => (await import('./commands/import.ts')).registerImport,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
}

const exitCodes = { usage: 2, harness: 1, interrupted: 130 }

const oldestNode = 24

async function main(): Promise<number> {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    process.stderr.write(`mlrbench needs Node ${oldestNode} or later; this is ${process.version}\n`)
    return exitCodes.usage
  }
  // what was compiled for one command is there for the next
  enableCompileCache()
  const interruption = new AbortController()
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted)
    process.stderr.write('\nStopping; what is finished is kept. Once more to stop at once.\n')
    interruption.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  // whoever reads the result may stop reading: `mlrbench report run | head`
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    // nobody follows the progress any more; the work goes on
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })

  let exitCode = 0
  const run: RunHandler = async (handler, { json }) => {
    const context: CliContext = {
      note: (line) => process.stderr.write(`${plain(line)}\n`),
      isTerminal: process.stderr.isTTY && !json,
      style: {
        width: process.stdout.isTTY ? process.stdout.columns || null : null,
        colors: process.stdout.isTTY && process.stdout.hasColors(),
      },
      secrets: process.env,
      taskFolder: join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'mlrbench', 'tasks'),
      signal: interruption.signal,
    }
    const result = await handler(context)
    process.stdout.write(json ? `${printableJson(result.json)}\n` : result.text)
    exitCode = result.exitCode
  }

  const program = new Command('mlrbench')
    .description(
      'Run AI research agents on open-ended machine-learning research tasks, judge what they produce, and see whether it is real.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('What there is: see --help')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'mlrbench: ')) })
  // commands made from here on take over what was set above
  const [named = ''] = process.argv.slice(2)
  for (const load of Object.hasOwn(commands, named) ? [commands[named]] : Object.values(commands))
    (await load?.())?.(program, run)

  try {
    await program.parseAsync()
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    if (interruption.signal.aborted) return exitCodes.interrupted
    if (error instanceof PrerequisiteError) {
      process.stderr.write(`mlrbench: ${plain(error.message)}\n`)
      return exitCodes.usage
    }
    process.stderr.write(
      `mlrbench failed: ${plain(describeError(error))}\n${error instanceof Error ? (error.stack ?? '').split('\n').map(plain).join('\n') : ''}\n`,
    )
    return exitCodes.harness
  }
}

process.exitCode = await main()
