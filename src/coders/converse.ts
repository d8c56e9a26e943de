import { realpath } from 'node:fs/promises'
import type { GatewayStop } from '../gateway/gateway.ts'
import { priceOutput } from '../models/list-price.ts'
import { insidePaths } from '../sandboxes/enclosure.ts'
import type { ExecResult, OutputLine } from '../sandboxes/sandbox.ts'
import type { NewEvent } from '../schema/event.ts'
import type { StreamEnd } from '../transcripts/follow.ts'
import type { CoderEndpoint, CoderJob, CoderResult } from './coder.ts'
import type { CoderLaunch, CoderProgram } from './coder-program.ts'
import { explainEnd } from './explain-end.ts'
import { openStreamFiles } from './stream-files.ts'
import { startTelling } from './tell-changes.ts'

/** Hears what a program prints and makes events of it. */
export interface ProgramListener {
  hear(line: OutputLine): NewEvent[]
  /** @param result null when the program was ended from here */
  end(result: ExecResult | null): {
    readonly events: NewEvent[]
    readonly end: StreamEnd
    readonly markdown: string
    readonly notes: string[]
  }
}

export interface Conversation {
  readonly launch: CoderLaunch
  readonly listener: ProgramListener
  readonly explainExit?: CoderProgram['explainExit']
  /** How long a program may take to end by itself once the gateway lets nothing more through. */
  readonly stopGraceMs?: number
}

/** Long enough for a program to notice that it gets no more answers, and to say so. */
const usualStopGraceMs = 20_000

/** Output kept of the command as a whole; lines are told one by one and kept in files. */
const keptOutputBytes = 64 * 1024

/** The workspace as commands see it. */
export async function workspaceRoot({ sandbox, workspace }: Pick<CoderJob, 'sandbox' | 'workspace'>): Promise<string> {
  return sandbox.isolated ? insidePaths.workspace : realpath(workspace)
}

/**
 * Runs a coder's program to its end in one command. Its lines are kept as they come in the attempt's folder, its steps become events while it
 * works, and the files that changed are told with them. Rejects as `Coder.run` does, once the gateway has accounted for every call.
 */
export async function converse(
  job: CoderJob,
  endpoint: CoderEndpoint,
  { launch, listener, explainExit, stopGraceMs = usualStopGraceMs }: Conversation,
): Promise<CoderResult> {
  const { gateway } = endpoint
  const { attempt, append, workspace } = job
  const fault = new AbortController()
  const teller = await startTelling({ workspace, attempt, append, onFault: (error) => fault.abort(error) })
  const files = openStreamFiles(job.attemptFolder, job.spec.maxStreamBytes)
  const stopped = watchForStop(endpoint, stopGraceMs)
  let spoke = false

  const result = await run().finally(() => stopped.forget())
  const heard = await tellTheRest(result)
  const { end } = heard
  const outcome = explainEnd(
    { result, end, stop: gateway.stopOf('coder'), lastErrors: files.lastErrors(), spoke },
    explainExit === undefined ? {} : { explainExit },
  )
  const steps = gateway.use('coder').calls
  reportCost(end.costUsd, steps)
  return { ...outcome, steps, transcript: describeSession(job.prompt, heard, outcome) }

  /** Null when the program was ended because the gateway let nothing more through. */
  async function run(): Promise<ExecResult | null> {
    try {
      return await job.sandbox.exec(launch.argv, {
        timeoutMs: job.spec.timeLimitMs,
        maxOutputBytes: keptOutputBytes,
        signal: AbortSignal.any([job.signal, fault.signal, stopped.signal]),
        environment: launch.environment,
        homeFiles: launch.homeFiles,
        conversation: { input: launch.input, onLine: hear, endAfterBytes: job.spec.maxStreamBytes },
      })
    } catch (error) {
      if (stopped.signal.aborted && error === stopped.signal.reason) return null
      // what is known is told even when nothing comes of it
      await tellTheRest(null)
      throw error
    } finally {
      files.close()
    }
  }

  function hear(line: OutputLine): void {
    files.keep(line)
    if (line.stream === 'output') spoke = true
    teller.tell(listener.hear(line))
  }

  async function tellTheRest(ended: ExecResult | null): Promise<ReturnType<ProgramListener['end']>> {
    try {
      const rest = listener.end(ended)
      teller.tell(rest.events)
      await teller.finish()
      return rest
    } finally {
      // who interrupts does not wait a minute for an answer nobody takes; its call then counts with its bound
      await gateway.settle(job.signal.aborted ? { withinMs: 2_000 } : {})
    }
  }

  /** The gateway's own figures win; what the program claims stands in only where a call has no price. */
  function reportCost(costUsd: number | null, calls: number): void {
    if (costUsd === null || calls === 0 || priceOutput(job.spec.model.model, 1) !== null) return
    append({ type: 'session-reported', stage: 'experiment', attempt, costUsd, durationMs: null, totalTokens: null })
  }
}

/** Aborts some time after the gateway has stopped the coder, so that the program can end by itself before. */
function watchForStop({ gateway }: CoderEndpoint, graceMs: number): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let isForgotten = false
  const begin = (stop: GatewayStop): void => {
    if (isForgotten || timer !== null) return
    timer = setTimeout(() => controller.abort(new Error(`the gateway stopped the coder: ${stop.message}`)), graceMs)
  }
  gateway.onStop((caller, stop) => {
    if (caller === 'coder') begin(stop)
  })
  const already = gateway.stopOf('coder')
  if (already !== null) begin(already)
  return {
    signal: controller.signal,
    forget() {
      isForgotten = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

function describeSession(
  prompt: string,
  { markdown, notes, end }: ReturnType<ProgramListener['end']>,
  { ending, message }: Pick<CoderResult, 'ending' | 'message'>,
): string {
  const isTold = end.message !== '' && end.ending === ending && end.message === message
  return [
    `# Prompt\n\n${prompt}\n`,
    ...(markdown === '' ? [] : [markdown]),
    ...(notes.length === 0 ? [] : [`# What could not be read\n\n${notes.map((note) => `- ${note}\n`).join('')}`]),
    ...(isTold ? [] : [`# End: ${ending}\n\n${message}\n`]),
  ].join('\n')
}
