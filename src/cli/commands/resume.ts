import { readRun } from '../../runs/run-store.ts'
import type { RunRecord } from '../../schema/run.ts'
import {
  budgetOption,
  concurrencyOption,
  jsonOption,
  logDirOption,
  providerUrlOption,
  type Register,
} from '../options.ts'
import { withAddresses } from '../resolve-config.ts'
import { workOff } from './run.ts'

interface Flags {
  readonly retryFailed?: boolean
  readonly budgetUsd?: number
  readonly concurrency?: number
  readonly providerUrl?: string[]
  readonly logDir: string
  readonly json?: boolean
}

export const registerResume: Register = (program, run) => {
  program
    .command('resume')
    .description('go on with a run from wherever it stopped; what is finished is not done again')
    .argument('<run>', 'id or folder of the run')
    .option('--retry-failed', 'also attempt again what failed')
    .addOption(budgetOption())
    .addOption(concurrencyOption("trials at once (default: the run's own)"))
    .addOption(providerUrlOption())
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((id: string, flags: Flags) =>
      run(async (context) => {
        const { folder, record } = await readRun(flags.logDir, id)
        return workOff(
          { folder, record: withFlags(record, flags) },
          { context, retryFailed: flags.retryFailed ?? false },
        )
      }, flags),
    )
}

/** For this process alone: run.json stays as it is. None of it changes what is asked of a model. */
function withFlags(record: RunRecord, { budgetUsd, concurrency, providerUrl }: Flags): RunRecord {
  const { config } = record
  return {
    ...record,
    config: {
      ...config,
      budgetUsd: budgetUsd ?? config.budgetUsd,
      concurrency: concurrency ?? config.concurrency,
      providers: withAddresses(config.providers, providerUrl ?? []),
    },
  }
}
