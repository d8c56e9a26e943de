import { mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeError } from '../base/errors.ts'
import { asSeenInside, innerOptions, listFileTree, outerOptions, ownFiles } from './bubblewrap-options.ts'
import { findProgram, firstTextDescriptor } from './launcher.ts'
import { type Enclosure, openLimitedSandbox } from './limited-sandbox.ts'
import type { OpenSandboxOptions, Sandbox, SandboxKind } from './sandbox.ts'
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

async function open(givenOptions: OpenSandboxOptions): Promise<Sandbox> {
  const options = { ...givenOptions, workspace: await realpath(givenOptions.workspace) }
  const programs = { bwrap: await requireProgram('bwrap'), setpriv: await requireProgram('setpriv') }
  const isRoot = process.getuid?.() === 0
  const enclosure = await (isRoot ? encloseAsRoot : encloseAsUser)(options, programs)
  return openLimitedSandbox(enclosure, options)
}

interface Programs {
  readonly bwrap: string
  readonly setpriv: string
}

async function encloseAsUser(options: OpenSandboxOptions, { bwrap }: Programs): Promise<Enclosure> {
  const tree = await listFileTree(options)
  return {
    ...enclosureBasics,
    async enclose(argv, environment) {
      const stage = { options: innerOptions(tree, options, environment), bwrap, argv }
      return {
        ...commandBasics,
        launch: { ...launchBasics, ...innerStage(stage) },
        async [Symbol.asyncDispose]() {},
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function encloseAsRoot(options: OpenSandboxOptions, { bwrap, setpriv }: Programs): Promise<Enclosure> {
  const tree = await listFileTree(options)
  const { uid, gid } = await stat(options.workspace)
  const becomeNobody = [
    setpriv,
    '--reuid',
    String(nobody),
    '--regid',
    String(nobody),
    '--clear-groups',
    '--no-new-privs',
  ]
  return {
    ...enclosureBasics,
    async enclose(argv, environment) {
      // Again before each command: the harness may have put new files there since.
      await changeOwner(options.workspace, { userId: nobody, groupId: nobody })
      const inner = innerStage({ options: innerOptions(asSeenInside(tree), options, environment), bwrap, argv })
      return {
        ...commandBasics,
        launch: {
          ...launchBasics,
          argv: [bwrap, ...outerOptions(tree), '--', ...becomeNobody, '--', ...inner.argv],
          texts: inner.texts,
        },
        async [Symbol.asyncDispose]() {},
      }
    },
    // Changing the owner also takes set-user-id bits away.
    [Symbol.asyncDispose]: () => changeOwner(options.workspace, { userId: uid, groupId: gid }),
  }
}

const enclosureBasics = { name: 'bubblewrap', isolated: true, countsOwnProcesses: true } as const
const commandBasics = { killEscaped: async () => {} }
const launchBasics = { cwd: '/', environment: { PATH: '/usr/bin:/bin' } } as const

/** Options go through a pipe: arguments would show the command's environment to everyone on the machine. */
function innerStage(stage: { options: readonly string[]; bwrap: string; argv: readonly string[] }) {
  return {
    argv: [stage.bwrap, '--args', String(firstTextDescriptor), '--', ...stage.argv],
    texts: [stage.options.map((option) => `${option}\0`).join(''), ...Object.values(ownFiles)],
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
