import { lstat, readlink, realpath } from 'node:fs/promises'
import { isMissing } from '../base/files.ts'
import { type SandboxPlan, insidePaths } from './enclosure.ts'
import { firstTextDescriptor } from './launcher.ts'

const insideUser = 1000

type FileTreeEntry =
  | { readonly type: 'bind'; readonly from: string; readonly at: string; readonly writable: boolean }
  | { readonly type: 'link'; readonly target: string; readonly at: string }

/** The files of the host that a sandbox shows, and where. Nothing else of the host's file system exists inside. */
export type FileTree = readonly FileTreeEntry[]

const systemPaths = words(
  '/usr /bin /sbin /lib /lib32 /lib64 /libx32 /etc/alternatives /etc/ld.so.cache /etc/ld.so.conf /etc/ld.so.conf.d ' +
    // Debian's matplotlib cannot be imported without it
    '/etc/matplotlibrc',
)
const certificatePaths = words('/etc/ssl /etc/pki /etc/ca-certificates')

export async function listFileTree({ options, network, binds }: SandboxPlan): Promise<FileTree> {
  const paths = [
    ...systemPaths,
    ...(options.network === 'none' ? [] : certificatePaths),
    ...(network === 'full' ? ['/etc/resolv.conf'] : []),
  ]
  const system = await Promise.all(paths.map(describeSystemPath))
  return [
    ...system.filter((entry) => entry !== null),
    ...binds.map(({ from, at }) => ({ type: 'bind', from, at, writable: false }) as const),
    { type: 'bind', from: options.workspace, at: insidePaths.workspace, writable: true },
  ]
}

/** Null when this distribution has no such path. */
async function describeSystemPath(path: string): Promise<FileTreeEntry | null> {
  try {
    // `/bin -> usr/bin` stays a link; `/etc/resolv.conf` links into folders that do not exist inside.
    if ((await lstat(path)).isSymbolicLink() && !path.startsWith('/etc/'))
      return { type: 'link', target: await readlink(path), at: path }
    return { type: 'bind', from: await realpath(path), at: path, writable: false }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Made by name: parents that bwrap makes on its own are closed to all but their owner. */
function folderOptions(tree: FileTree): string[] {
  const parents = tree.flatMap((entry) => (entry.type === 'bind' ? parentsOf(entry.at) : []))
  return [...new Set(['/etc', '/tmp', ...parents])].flatMap((folder) => ['--dir', folder])
}

/** Outermost first. */
function parentsOf(path: string): string[] {
  const names = path.split('/').slice(1, -1)
  return names.map((_name, index) => `/${names.slice(0, index + 1).join('/')}`)
}

function bindOptions(tree: FileTree): string[] {
  return tree.flatMap((entry) =>
    entry.type === 'link'
      ? ['--symlink', entry.target, entry.at]
      : [entry.writable ? '--bind' : '--ro-bind', entry.from, entry.at],
  )
}

/**
 * For a harness that is root: a first stage, still root, that puts the tree together, since another user may not be able
 * to reach the workspace or Node by their paths on the host. Its process namespace ends everything when the harness dies;
 * changing the user would lose the signal that otherwise does.
 */
export function outerOptions(tree: FileTree): string[] {
  const kernel = ['--bind', '/proc', '/proc', '--dev-bind', '/dev', '/dev']
  return ['--unshare-pid', '--die-with-parent', ...folderOptions(tree), ...bindOptions(tree), ...kernel, '--chdir', '/']
}

/** The tree as the first stage shows it, for the second to build upon. */
export function asSeenInside(tree: FileTree): FileTree {
  return tree.map((entry) => (entry.type === 'bind' ? { ...entry, from: entry.at } : entry))
}

/** Contents of files that exist inside only, by path; handed over on descriptors after that of the options. */
export const ownFiles = {
  '/etc/passwd': `agent:x:${insideUser}:${insideUser}::${insidePaths.home}:/bin/bash\n`,
  '/etc/group': `agent:x:${insideUser}:\n`,
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
} as const

/** Everything that isolates: no privileges and no way to new ones, own namespaces, own small file system and environment. */
export function innerOptions(
  tree: FileTree,
  { options: { limits }, network }: SandboxPlan,
  environment: Readonly<Record<string, string>>,
): string[] {
  const ownEnvironment = {
    PATH: '/opt/mlrbench/bin:/usr/local/bin:/usr/bin:/bin',
    HOME: insidePaths.home,
    TMPDIR: '/tmp',
    USER: 'agent',
    LANG: 'C.UTF-8',
  }
  const variables = Object.entries({ ...ownEnvironment, ...environment })
  return [
    ...isolation,
    ...(network === 'full' ? ['--share-net'] : []),
    ...folderOptions(tree),
    ...bindOptions(tree),
    ...ownFileOptions,
    ...kernelOptions(Math.floor(limits.memoryBytes / 2)),
    '--clearenv',
    ...variables.flatMap(([name, value]) => ['--setenv', name, value]),
  ]
}

const isolation = [
  ...words('--unshare-all --unshare-user --disable-userns --cap-drop ALL --die-with-parent --new-session'),
  ...words(`--uid ${insideUser} --gid ${insideUser}`),
]

const ownFileOptions = Object.keys(ownFiles).flatMap((path, index) =>
  words(`--perms 0644 --ro-bind-data ${firstTextDescriptor + 1 + index} ${path}`),
)

/** Temporary folders have a size; `/` and `/dev` are in memory too but cannot have one, so nothing may be written there. */
function kernelOptions(temporaryBytes: number): string[] {
  return words(
    `--proc /proc --dev /dev --perms 1777 --size ${temporaryBytes} --tmpfs /dev/shm ` +
      `--perms 1777 --size ${temporaryBytes} --tmpfs /tmp --dir ${insidePaths.home} ` +
      `--remount-ro /dev --remount-ro / --chdir ${insidePaths.workspace}`,
  )
}

/** For options of which none can hold a space. */
function words(options: string): string[] {
  return options.split(' ')
}
