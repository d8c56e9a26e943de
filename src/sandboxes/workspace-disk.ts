import { execa } from 'execa'

// `du`, `find` and `chown` walk without following links and without path length limits,
// even while the tree changes under them, which the same walk written in JavaScript would not.
const toolOptions = { reject: false, stdin: 'ignore', env: { LC_ALL: 'C' } } as const

/** What a file takes at least: most file systems have room for only so many names, and an empty file takes one as well. */
const bytesPerFile = 4096

/**
 * Allocated bytes of a folder with all that is below it, hard links counted once, or 4 KiB for each file where that is more.
 * Files that vanish meanwhile do not matter; a folder that its owner closed to itself is opened again, so that nothing hides
 * from measuring.
 */
export async function measureWorkspace(workspace: string): Promise<number> {
  const first = await measureOnce(workspace)
  if (!first.denied) return first.bytes
  await restoreAccess(workspace)
  return (await measureOnce(workspace)).bytes
}

async function measureOnce(workspace: string): Promise<{ bytes: number; denied: boolean }> {
  const [sizes, names] = await Promise.all(
    // not every system's `du` counts files
    ['-skx', '-sx --inodes'].map((flags) => execa('du', [...flags.split(' '), '--', workspace], toolOptions)),
  )
  const kibibytes = readSum(sizes?.stdout)
  if (kibibytes === null) throw new Error(`the size of ${workspace} cannot be measured: ${sizes?.stderr}`)
  const bytes = Math.max(kibibytes * 1024, (readSum(names?.stdout) ?? 0) * bytesPerFile)
  return { bytes, denied: sizes?.stderr.includes('Permission denied') === true }
}

function readSum(printed: string | undefined): number | null {
  const digits = /^(\d+)\t/.exec(printed ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

/**
 * Lets the owner read, write and remove everything again, and takes away set-user-id bits, which would count outside.
 * What vanishes meanwhile or belongs to someone else stays as it is.
 */
export async function restoreAccess(workspace: string): Promise<void> {
  const unusual = '( ! -perm -600 -o -type d ! -perm -700 -o -perm -4000 -o -perm -2000 )'.split(' ')
  // One chmod each, at once, because a closed folder must be open before `find` goes on into it.
  const reopen = ['-execdir', 'chmod', 'u+rwX,ug-s', '{}', ';']
  await execa('find', [workspace, '-xdev', '!', '-type', 'l', ...unusual, ...reopen], {
    ...toolOptions,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    extendEnv: false,
  })
}

/** Gives everything, links themselves included, to a user and group. Needs root. */
export async function changeOwner(workspace: string, owner: { userId: number; groupId: number }): Promise<void> {
  const names = `${owner.userId}:${owner.groupId}`
  const { exitCode, stderr } = await execa('chown', ['-R', '-h', '-P', names, '--', workspace], toolOptions)
  const vanishedOnly = stderr.split('\n').every((line) => line.endsWith('No such file or directory'))
  if (exitCode !== 0 && !vanishedOnly) throw new Error(`${workspace} cannot be handed over to ${names}: ${stderr}`)
}
