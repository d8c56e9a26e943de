import { readRun } from '../../runs/run-store.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'
import { workOff } from './run.ts'

export const registerResume: Register = (program, run) => {
  program
    .command('resume')
    .description('go on with a run from wherever it stopped; what is finished is not done again')
    .argument('<run>', 'id or folder of the run')
    .option('--retry-failed', 'also attempt again what failed')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((id: string, flags: { logDir: string; retryFailed?: boolean; json?: boolean }) =>
      run(
        async (context) =>
          workOff(await readRun(flags.logDir, id), { context, retryFailed: flags.retryFailed ?? false }),
        flags,
      ),
    )
}
