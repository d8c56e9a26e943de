import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import type { EnclosureKind, SandboxPlan } from './enclosure.ts'
import { openLimitedSandbox } from './limited-sandbox.ts'
import { findProcessesWithVariable, killHard } from './process-tree.ts'
import type { SandboxKind } from './sandbox.ts'

/** Set for every command, so that its processes are found wherever they went. */
const markName = 'MLRBENCH_COMMAND'

/**
 * Runs commands as this user on this machine. The environment is clean and limits hold, but files, processes and network
 * of the host are open to the command; `network: 'none'` cannot be kept here, and read-only folders are found where they are.
 * Where no control groups can be made, a process that clears its environment and leaves its session outlives its command.
 */
export const host: SandboxKind = {
  async unavailable() {
    return process.platform === 'win32' ? 'the host sandbox needs a POSIX system: use Linux, macOS or WSL' : null
  },
  open: (options) => openLimitedSandbox(kind, options),
}

const kind: EnclosureKind = {
  name: 'host',
  isolated: false,
  sharesLoopback: true,
  async open({ options, privateFolder, mark }: SandboxPlan) {
    const [sandboxName = '', sandboxMark = ''] = mark.split('=')
    const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':')
    return {
      imageDigest: null,
      limitedBy: 'core',
      countsOwnProcesses: false,
      alwaysRelay: false,
      afterDeath: null,
      async enclose({ argv, environment }) {
        const home = await mkdtemp(join(privateFolder, 'home-'))
        const commandMark = randomUUID()
        const ownEnvironment = {
          PATH: path,
          HOME: home,
          TMPDIR: home,
          LANG: 'C.UTF-8',
          [sandboxName]: sandboxMark,
          [markName]: commandMark,
        }
        return {
          launch: { argv, cwd: options.workspace, environment: { ...ownEnvironment, ...environment }, texts: [] },
          killEscaped: () => killMarked(`${markName}=${commandMark}`),
          exceededLimit: async () => null,
          async [Symbol.asyncDispose]() {
            await rm(home, { recursive: true, force: true })
          },
        }
      },
      async [Symbol.asyncDispose]() {},
    }
  },
}

async function killMarked(variable: string): Promise<void> {
  const deadlineMs = performance.now() + 10_000
  for (;;) {
    const escaped = await findProcessesWithVariable(variable)
    if (escaped.length === 0) return
    if (performance.now() > deadlineMs) throw new Error(`processes ${escaped.join(', ')} survive being killed`)
    for (const processId of escaped) killHard(processId)
    await sleep(2)
  }
}
