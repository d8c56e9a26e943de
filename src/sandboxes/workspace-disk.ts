import { execa } from 'execa'

// `du`, `find` and `chown` walk without following links and without path length limits,
// even while the tree changes under them, which the same walk written in JavaScript would not.
const toolOptions = { reject: false, stdin: 'ignore', env: { LC_ALL: 'C' } } as const

/**
 * Allocated bytes of a folder with all that is below it, hard links counted once. Files that vanish meanwhile do not
 * matter; a folder that its owner closed to itself is opened again, so that nothing hides from measuring.
 */
export async function measureWorkspace(workspace: string): Promise<number> {
  const first = await measureOnce(workspace)
  if (!first.denied) return first.bytes
  await restoreAccess(workspace)
  return (await measureOnce(workspace)).bytes
}

async function measureOnce(workspace: string): Promise<{ bytes: number; denied: boolean }> {
  const { stdout, stderr } = await execa('du', ['-skx', '--', workspace], toolOptions)
  const kibibytes = /^(\d+)\t/.exec(stdout)?.[1]
  if (kibibytes === undefined) throw new Error(`the size of ${workspace} cannot be measured: ${stderr}`)
  return { bytes: Number(kibibytes) * 1024, denied: stderr.includes('Permission denied') }
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
