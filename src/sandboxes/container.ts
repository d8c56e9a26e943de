import { randomUUID } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'
import { readExceededLimit } from './container-counters.ts'
import { type ContainerEngine, findEngine, requireAnswer, requireEngine } from './container-engine.ts'
import { findImage, requireImage } from './container-image.ts'
import { cleaningArgv, ownLabels, removeContainer, removeLeftovers } from './container-leftovers.ts'
import { type ContainerSettings, type InsideUser, enterArgs, startArgs } from './container-options.ts'
import { writeSocketProfile } from './container-seccomp.ts'
import type { EnclosedCommand, Enclosure, EnclosureKind, InnerCommand, SandboxPlan } from './enclosure.ts'
import { openLimitedSandbox } from './limited-sandbox.ts'
import type { ExceededLimit, OpenSandboxOptions, SandboxKind } from './sandbox.ts'
import { changeOwner } from './workspace-disk.ts'

/** Owns nothing on Linux; commands run as it when the harness is root. */
const nobody = { userId: 65534, groupId: 65534 }

const kind: EnclosureKind = { name: 'container', isolated: true, sharesLoopback: false, open: openContainers }

/** Docker or Podman: each command in a container of its own, from an image that the engine has. */
export const container = {
  open: (options: OpenSandboxOptions) => openLimitedSandbox(kind, options),
  /** @param image to look for as well; left out, only the engine is asked for */
  async unavailable(image?: { readonly name: string | null }) {
    const engine = await findEngine()
    if ('obstacle' in engine) return engine.obstacle
    if (image === undefined) return null
    const found = await findImage(engine, image.name)
    return 'obstacle' in found ? found.obstacle : null
  },
} satisfies SandboxKind

async function openContainers(plan: SandboxPlan): Promise<Enclosure> {
  const { workspace } = plan.options
  const engine = await requireEngine()
  const image = await requireImage(engine, plan.options.image?.name ?? null)
  await removeLeftovers(engine)
  const user = chooseUser(engine)
  const { uid, gid } = await stat(workspace)
  // Root inside is root outside unless the engine is rootless, and root's files are not for others to write.
  const handsOver = process.getuid?.() === 0
  const sandboxId = randomUUID()
  const labels = await ownLabels(sandboxId)
  const hostsFile = join(plan.privateFolder, 'hosts')
  await writeFile(hostsFile, '127.0.0.1 localhost\n::1 localhost\n')
  const profile = join(plan.privateFolder, 'seccomp.json')
  // Docker's profile is built into it
  const seccompFile = engine.flavour === 'podman' && (await writeSocketProfile(profile)) ? profile : null
  let commands = 0

  return {
    imageDigest: image.digest,
    limitedBy: 'enclosure',
    countsOwnProcesses: false,
    alwaysRelay: true,
    afterDeath: cleaningArgv(engine, sandboxId),
    async enclose(command) {
      commands += 1
      const name = `mlrbench-${sandboxId}-${commands}`
      // Again before each command: the harness may have put new files there since.
      if (handsOver) await changeOwner(workspace, user)
      const { processLimits } = command
      return startContainer({ engine, image, plan, user, name, labels, hostsFile, seccompFile, processLimits }, command)
    },
    async [Symbol.asyncDispose]() {
      if (handsOver) await changeOwner(workspace, { userId: uid, groupId: gid })
    },
  }
}

/** An engine without root counts its own user as root inside; Podman maps the user to itself instead. */
function chooseUser(engine: ContainerEngine): InsideUser {
  const userId = process.getuid?.() ?? nobody.userId
  if (userId === 0) return nobody
  if (engine.flavour === 'docker' && engine.rootless) return { userId: 0, groupId: 0 }
  return { userId, groupId: process.getgid?.() ?? userId }
}

async function startContainer(settings: ContainerSettings, command: InnerCommand): Promise<EnclosedCommand> {
  const { engine, name } = settings
  let exceededLimit: ExceededLimit | null = null
  let isRemoved = false
  try {
    await requireAnswer(engine, startArgs(settings, await readHardLimits()), settings.plan.privateFolder)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    launch: {
      argv: [engine.program, ...enterArgs(settings, command)],
      cwd: settings.plan.privateFolder,
      environment: engine.environment,
      texts: [],
    },
    async killEscaped() {
      // Its counters go with it.
      if (!isRemoved) exceededLimit = await readExceededLimit(engine, name)
      await remove()
    },
    exceededLimit: async () => exceededLimit,
    [Symbol.asyncDispose]: remove,
  }

  async function remove(): Promise<void> {
    if (isRemoved) return
    await removeContainer(engine, name)
    isRemoved = true
  }
}

/**
 * Of this process, by their names for `ulimit`; those that have no limit are left out. Podman lowers that on processes to
 * the number of ids that the kernel hands out.
 */
async function readHardLimits(): Promise<Map<string, number>> {
  const text = (await readTextIfPresent('/proc/self/limits')) ?? ''
  const processIds = Number((await readTextIfPresent('/proc/sys/kernel/pid_max')) ?? Infinity)
  const hard = new Map<string, number>()
  for (const { name, title, most } of [
    { name: 'nofile', title: 'Max open files', most: Infinity },
    { name: 'nproc', title: 'Max processes', most: processIds },
  ]) {
    const match = new RegExp(`^${title} +\\S+ +(\\d+)`, 'm').exec(text)
    if (match?.[1] !== undefined) hard.set(name, Math.min(Number(match[1]), most))
  }
  return hard
}
