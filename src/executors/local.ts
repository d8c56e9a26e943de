import { forEachBounded } from '../base/bounded.ts'
import type { Executor, Job } from './executor.ts'

/** Works in this process, several jobs at once. */
export function createLocalExecutor(options: {
  concurrency: number
  work: (job: Job, signal: AbortSignal) => Promise<void>
}): Executor {
  return {
    run: (jobs, signal) => forEachBounded(jobs, options.work, { concurrency: options.concurrency, signal }),
  }
}
