import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeError } from '../base/errors.ts'
import type { Network } from '../schema/config.ts'
import { asSeenInside, innerOptions, listFileTree, outerOptions, ownFiles } from './bubblewrap-options.ts'
import { findProgram, firstTextDescriptor } from './launcher.ts'
import type { Enclosure, EnclosureKind, SandboxPlan } from './enclosure.ts'
import { openLimitedSandbox } from './limited-sandbox.ts'
import type { OpenSandboxOptions, Sandbox, SandboxKind } from './sandbox.ts'
import { socketFilter } from './socket-filter.ts'
import { changeOwner } from './workspace-disk.ts'

/** On Linux this user owns nothing; commands run as it when the harness is root. */
const nobody = 65534

/** Linux namespaces around every command: own processes, users, network and a file system with little but the workspace. */
export const bubblewrap: SandboxKind = {
  open,
  async unavailable() {
    const reason = await findObstacle()
    return reason === null ? null : `${reason}, or name the sandbox "host" to run without isolation`
  },
}

const kind = (network: Network): EnclosureKind => ({
  name: 'bubblewrap',
  isolated: true,
  sharesLoopback: network === 'full',
  async open(plan) {
    const programs = { bwrap: await requireProgram('bwrap'), setpriv: await requireProgram('setpriv') }
    const isRoot = process.getuid?.() === 0
    return isRoot ? encloseAsRoot(plan, programs) : encloseAsUser(plan, programs)
  },
})

function open(options: OpenSandboxOptions): Promise<Sandbox> {
  return openLimitedSandbox(kind(options.network), options)
}

interface Programs {
  readonly bwrap: string
  readonly setpriv: string
}

async function encloseAsUser(plan: SandboxPlan, { bwrap }: Programs): Promise<Enclosure> {
  const tree = await listFileTree(plan)
  return {
    ...enclosureBasics,
    async enclose({ argv, environment }) {
      const stage = { options: innerOptions(tree, plan, environment), bwrap, argv }
      return { ...commandBasics, launch: { ...launchBasics, ...innerStage(stage) } }
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function encloseAsRoot(plan: SandboxPlan, { bwrap, setpriv }: Programs): Promise<Enclosure> {
  const { workspace } = plan.options
  const tree = await listFileTree(plan)
  const { uid, gid } = await stat(workspace)
  const become = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', '--no-new-privs']
  return {
    ...enclosureBasics,
    async enclose({ argv, environment }) {
      // Again before each command: the harness may have put new files there since.
      await changeOwner(workspace, { userId: nobody, groupId: nobody })
      const inner = innerStage({ options: innerOptions(asSeenInside(tree), plan, environment), bwrap, argv })
      const outerArgv = [bwrap, ...outerOptions(tree), '--', setpriv, ...become, '--', ...inner.argv]
      return { ...commandBasics, launch: { ...launchBasics, argv: outerArgv, texts: inner.texts } }
    },
    // Changing the owner also takes set-user-id bits away.
    [Symbol.asyncDispose]: () => changeOwner(workspace, { userId: uid, groupId: gid }),
  }
}

const enclosureBasics = {
  imageDigest: null,
  limitedBy: 'core',
  countsOwnProcesses: true,
  alwaysRelay: false,
  // Namespaces end with their first process, and that with the harness.
  afterDeath: null,
} as const

const commandBasics = {
  killEscaped: async () => {},
  exceededLimit: async () => null,
  async [Symbol.asyncDispose]() {},
}
const launchBasics = { cwd: '/', environment: { PATH: '/usr/bin:/bin' } } as const

/** Options go through a pipe: arguments would show the command's environment to everyone on the machine. */
function innerStage(stage: { options: readonly string[]; bwrap: string; argv: readonly string[] }) {
  const given = Object.values(ownFiles)
  const filter = socketFilter()
  const options = [
    ...stage.options,
    ...(filter === null ? [] : ['--seccomp', String(firstTextDescriptor + 1 + given.length)]),
  ]
  return {
    argv: [stage.bwrap, '--args', String(firstTextDescriptor), '--', ...stage.argv],
    texts: [options.map((option) => `${option}\0`).join(''), ...given, ...(filter === null ? [] : [filter])],
  }
}

async function requireProgram(name: string): Promise<string> {
  const path = await findProgram(name)
  if (path === null) throw new Error(`${name} is not installed`)
  return path
}

/** Whether a command really runs is found by running one. */
async function findObstacle(): Promise<string | null> {
  if (process.platform !== 'linux') return 'bubblewrap works on Linux only: run there'
  if ((await findProgram('bwrap')) === null)
    return 'bubblewrap is not installed: install it (Debian and Ubuntu: apt-get install bubblewrap; Fedora: dnf install bubblewrap)'
  for (const tool of ['setpriv', 'prlimit'])
    if ((await findProgram(tool)) === null) return `${tool} is not installed: install util-linux`
  const workspace = await mkdtemp(join(tmpdir(), 'mlrbench-trial-'))
  try {
    const limits = { memoryBytes: 1024 ** 3, cpus: 1, processes: 64, diskBytes: 1024 ** 3 }
    await using sandbox = await open({ workspace, limits, network: 'none' })
    const { exitCode, output } = await sandbox.exec(['node', '--version'], { timeoutMs: 30_000, maxOutputBytes: 2_000 })
    return exitCode === 0 && output.trim() === process.version
      ? null
      : `node does not run in bubblewrap (${output.trim()})`
  } catch (error) {
    return `bubblewrap cannot start a command here (${describeError(error)}): it needs version 0.8 or later and user namespaces (sysctl user.max_user_namespaces above 0; on Ubuntu 24.04 kernel.apparmor_restrict_unprivileged_userns=0)`
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}
