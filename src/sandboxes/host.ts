import { randomUUID } from 'node:crypto'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openLimitedSandbox } from './limited-sandbox.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProcessesWithVariable, killHard } from './process-tree.ts'
import type { OpenSandboxOptions, SandboxKind } from './sandbox.ts'

/** Set for every command, so that its processes are found wherever they went. */
const markName = 'MLRBENCH_COMMAND'

/**
 * Runs commands as this user on this machine. The environment is clean and limits hold, but files, processes and network
 * of the host are open to the command; `network: 'none'` cannot be kept here.
 */
export const host: SandboxKind = {
  async unavailable() {
    return process.platform === 'win32' ? 'the host sandbox needs a POSIX system: use Linux, macOS or WSL' : null
  },
  async open(options: OpenSandboxOptions) {
    const workspace = await realpath(options.workspace)
    return openLimitedSandbox(
      {
        name: 'host',
        isolated: false,
        countsOwnProcesses: false,
        async enclose(argv, environment) {
          const home = await mkdtemp(join(tmpdir(), 'mlrbench-home-'))
          const mark = randomUUID()
          const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':')
          const ownEnvironment = { PATH: path, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', [markName]: mark }
          return {
            launch: { argv, cwd: workspace, environment: { ...ownEnvironment, ...environment }, texts: [] },
            async killEscaped() {
              const variable = `${markName}=${mark}`
              const deadlineMs = performance.now() + 10_000
              for (;;) {
                const escaped = await findProcessesWithVariable(variable)
                if (escaped.length === 0) return
                if (performance.now() > deadlineMs)
                  throw new Error(`processes ${escaped.join(', ')} survive being killed`)
                for (const processId of escaped) killHard(processId)
                await sleep(2)
              }
            },
            async [Symbol.asyncDispose]() {
              await rm(home, { recursive: true, force: true })
            },
          }
        },
        async [Symbol.asyncDispose]() {},
      },
      { ...options, workspace },
    )
  },
}
