import PQueue from 'p-queue'
import type { Executor, Job } from './executor.ts'

/** Works in this process, several jobs at once. */
export function createLocalExecutor(options: {
  concurrency: number
  work: (job: Job, signal: AbortSignal) => Promise<void>
}): Executor {
  return {
    async run(jobs, signal) {
      const queue = new PQueue({ concurrency: options.concurrency })
      const fault = new AbortController()
      const stop = AbortSignal.any([signal, fault.signal])
      const results = await Promise.allSettled(
        jobs.map((job) =>
          queue.add(async () => {
            stop.throwIfAborted()
            await options.work(job, stop).catch((error: unknown) => {
              fault.abort(error)
              throw error
            })
          }),
        ),
      )
      signal.throwIfAborted()
      if (fault.signal.aborted) throw fault.signal.reason
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}
