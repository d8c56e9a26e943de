import { stat } from 'node:fs/promises'
import { openCgroup } from './cgroups.ts'
import type { EnclosureKind } from './enclosure.ts'
import { planSandbox } from './plan-sandbox.ts'
import { resolveOnHost } from './read-only-paths.ts'
import { startReaper } from './reaper.ts'
import { runLimited } from './run-limited.ts'
import type { OpenSandboxOptions, Sandbox } from './sandbox.ts'

/**
 * A sandbox of any kind that holds its commands to `limits`: memory, processes and CPU through control groups, where none is
 * writable through limits on each process and by watching (then the CPU is not limited), or by the enclosure itself; the
 * size of the workspace by watching. Rejects with PrerequisiteError when the kind cannot do what is asked for.
 */
export async function openLimitedSandbox(kind: EnclosureKind, options: OpenSandboxOptions): Promise<Sandbox> {
  await using stack = new AsyncDisposableStack()
  const surroundings = stack.use(await planSandbox(kind, options))
  const { plan } = surroundings
  const { uid, gid } = await stat(plan.options.workspace)
  const enclosure = stack.use(await kind.open(plan))
  const cgroup = stack.use(await openCgroup(enclosure.limitedBy === 'core' ? options.limits : null))
  const reaper = startReaper({
    groupFolders: cgroup.folders,
    mark: plan.mark,
    folder: plan.privateFolder,
    workspace: { path: plan.options.workspace, userId: uid, groupId: gid },
    command: enclosure.afterDeath,
  })
  const owned = stack.move()
  const closed = new AbortController()
  const running = new Set<Promise<unknown>>()
  const parts = { kind, surroundings, enclosure, cgroup, reaper, closed: closed.signal }

  return {
    name: kind.name,
    isolated: kind.isolated,
    endpoints: surroundings.endpoints.urls,
    imageDigest: enclosure.imageDigest,
    resolveReadOnly: (insidePath) => (kind.isolated ? insidePath : resolveOnHost(surroundings.readOnly, insidePath)),
    async exec(argv, execOptions) {
      if (argv.length === 0) throw new TypeError('a command needs at least the name of a program')
      closed.signal.throwIfAborted()
      execOptions.signal?.throwIfAborted()
      const result = runLimited(parts, argv, execOptions)
      running.add(result)
      try {
        return await result
      } finally {
        running.delete(result)
      }
    },
    async [Symbol.asyncDispose]() {
      if (closed.signal.aborted) return
      closed.abort(new Error(`the ${kind.name} sandbox is closed`))
      await Promise.allSettled(running)
      await owned.disposeAsync()
      reaper.dismiss()
    },
  }
}
