import type { Coder, CoderJob, CoderResult } from './coder.ts'
import type { CoderProgram } from './coder-program.ts'
import { type Conversation, converse, type ProgramListener, workspaceRoot } from './converse.ts'
import { findProgram } from './find-program.ts'
import { separateShell } from './shell-environment.ts'

type RunOptions = Pick<Conversation, 'stopGraceMs'>

/** Makes a coder of a program that was installed by its user. */
export function programCoder(program: CoderProgram, options: RunOptions = {}): Coder {
  return {
    async prepare(spec) {
      const { readOnly, version } = await findProgram(program, spec.program)
      return { wires: program.wires, readOnly, version }
    },
    run: (job) => runProgram(program, job, options),
  }
}

async function runProgram(program: CoderProgram, job: CoderJob, options: RunOptions): Promise<CoderResult> {
  const { endpoint, spec, prompt } = job
  if (endpoint === null) throw new Error(`${program.kind} calls its model itself and needs an endpoint`)
  const installed = await findProgram(program, spec.program)
  const start = installed.start.map((argument) => job.sandbox.resolveReadOnly(argument))
  const launch = program.launch({ spec, endpoint, prompt, start })
  const shell = separateShell(launch.environment, job.environment)
  const follower = program.follow({ stage: 'experiment', attempt: job.attempt }, await workspaceRoot(job))
  const listener: ProgramListener = {
    // what coders print to standard error is for people, and kept for them
    hear: ({ stream, text }) => (stream === 'output' ? follower.push(text) : []),
    end: () => follower.end(),
  }
  return converse(job, endpoint, {
    launch: {
      ...launch,
      environment: shell.environment,
      homeFiles: { ...shell.homeFiles, ...launch.homeFiles },
    },
    listener,
    ...(program.explainExit === undefined ? {} : { explainExit: program.explainExit }),
    ...options,
  })
}
