/** A piece of a run that can be handed to another process or machine: nothing but data. */
export interface Job {
  readonly runFolder: string
  /** `task/agent/repeat`. */
  readonly trialId: string
}

export interface Executor {
  /** Works off all jobs. Rejects with the first fault of the harness, after the jobs in hand came to rest. */
  run(jobs: readonly Job[], signal: AbortSignal): Promise<void>
}
