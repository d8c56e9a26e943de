import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { readTextIfPresent } from '../base/files.ts'
import { parseJson } from '../base/parse-json.ts'
import { openFamilies } from './socket-filter.ts'

/** Where Podman looks for its profile, in this order. */
const profilePaths = ['/etc/containers/seccomp.json', '/usr/share/containers/seccomp.json']
const profileSchema = z.looseObject({ syscalls: z.array(z.looseObject({ names: z.array(z.string()) })) })

const netlink = 16
const auditProtocol = 9
/** `socketcall` is how 32-bit programs open sockets, past every rule about their kind; io_uring opens them past the filter. */
const narrowed = new Set(['socket', 'socketcall', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'])

/**
 * Writes Podman's own profile of system calls with fewer kinds of sockets: those that belong to no network namespace, such as from a virtual
 * machine to its host (AF_VSOCK), cannot be opened.
 * @returns false where Podman has no such file, and its built-in profile must do
 */
export async function writeSocketProfile(path: string): Promise<boolean> {
  for (const source of profilePaths) {
    const profile = profileSchema.safeParse(parseJson((await readTextIfPresent(source)) ?? ''))
    if (!profile.success) continue
    await writeFile(path, JSON.stringify(narrowProfile(profile.data)))
    return true
  }
  return false
}

/** Exported for what is certain without an engine. */
export function narrowProfile(profile: z.infer<typeof profileSchema>): z.infer<typeof profileSchema> {
  const kept = profile.syscalls
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !narrowed.has(name)) }))
    .filter(({ names }) => names.length > 0)
  return { ...profile, syscalls: [...kept, ...openFamilies.map(allowFamily)] }
}

function allowFamily(family: number): { names: string[] } & Record<string, unknown> {
  const isFamily = { index: 0, value: family, valueTwo: 0, op: 'SCMP_CMP_EQ' }
  // as engines have it: the log of the kernel's audit is not for containers
  const isNoAudit = { index: 2, value: auditProtocol, valueTwo: 0, op: 'SCMP_CMP_NE' }
  return {
    names: ['socket'],
    action: 'SCMP_ACT_ALLOW',
    args: family === netlink ? [isFamily, isNoAudit] : [isFamily],
    comment: '',
    includes: {},
    excludes: {},
  }
}
