import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { findProgram } from '../../src/sandboxes/launcher.ts'

/** A store of Podman's own for one test file, with one small image: containers and images of whoever runs the tests are not touched. */
export interface ContainerStore {
  readonly folder: string
  readonly image: string
  /** For this process and those it starts. */
  readonly environment: Readonly<Record<string, string>>
  remove(): Promise<void>
}

const image = 'localhost/mlrbench/test'
/** What is used when no image is named. */
const defaultImage = 'localhost/mlrbench/experiment'

/** What the contract's commands are made of. */
const programs = (
  'bash sh env cat ls cp mv ln rm mkdir rmdir mkfifo mktemp touch head tail tr cut sort uniq wc seq sleep setsid ps kill id ' +
  'chmod chown du df dd find grep sed stat date mount unshare readlink realpath dirname basename tee od true false test ' +
  'nproc uname timeout printf yes xargs setpriv prlimit'
).split(' ')

/** Makes an image of programs of this machine, without a registry, in about two seconds. Rejects with what Podman said. */
export async function makeContainerStore(): Promise<ContainerStore> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mlrbench-podman-')))
  const environment = {
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    MLRBENCH_CONTAINER_ENGINE: 'podman',
  }
  const podman = async (...args: string[]) => execa('podman', args, { env: environment })
  const remove = async () => {
    await podman('rm', '--all', '--force', '--time=0')
    await podman('rmi', '--all', '--force')
    // Files of a store without root belong to users that only exist inside.
    if (process.getuid?.() !== 0) await podman('unshare', 'rm', '-rf', join(folder, 'graph'))
    await rm(folder, { recursive: true, force: true })
  }
  const storage = `[storage]\ndriver = "overlay"\ngraphroot = "${join(folder, 'graph')}"\nrunroot = "${join(folder, 'run')}"\n`
  await writeFile(environment.CONTAINERS_STORAGE_CONF, storage)
  // Where both are installed Podman prefers crun, which does not work beside control groups of version 1.
  const runtime = (await findProgram('runc')) === null ? '' : 'runtime = "runc"\n'
  const engine = `[engine]\n${runtime}cgroup_manager = "cgroupfs"\nevents_logger = "file"\ntmp_dir = "${join(folder, 'tmp')}"\n`
  await writeFile(environment.CONTAINERS_CONF, engine)
  try {
    await fillRoot(join(folder, 'root'))
    await execa('tar', ['--create', '--file', join(folder, 'root.tar'), '--directory', join(folder, 'root'), '.'])
    await podman('import', join(folder, 'root.tar'), image)
    await podman('tag', image, defaultImage)
    await rm(join(folder, 'root.tar'))
    return { folder, image, environment, remove }
  } catch (error) {
    await remove().catch(() => null)
    throw error
  }
}

/** A root file system for the image; also for a sandbox that takes a folder. */
export async function fillRoot(root: string): Promise<void> {
  for (const name of 'usr/bin usr/lib usr/lib64 etc tmp proc dev sys run opt workspace var/tmp'.split(' '))
    await mkdir(join(root, name), { recursive: true })
  // A temporary file system that is mounted there takes on this mode.
  await chmod(join(root, 'tmp'), 0o1777)
  for (const name of ['bin', 'sbin']) await symlink('usr/bin', join(root, name))
  for (const name of ['lib', 'lib64']) await symlink(`usr/${name}`, join(root, name))
  const libraries = new Set<string>(await librariesOf(process.execPath))
  for (const name of programs) {
    const path = await findProgram(name)
    if (path === null) throw new Error(`${name} is not installed`)
    await copyFile(path, join(root, 'usr/bin', name))
    for (const library of await librariesOf(path)) libraries.add(library)
  }
  for (const library of libraries) {
    await mkdir(dirname(join(root, library)), { recursive: true })
    await copyFile(library, join(root, library))
  }
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await execa('ldd', [program], { reject: false })
  return [...stdout.matchAll(/(?:^|=> )\s*(\/\S+) \(/gm)].flatMap(([, path]) => path ?? [])
}

/** Names of the containers in the store. */
export async function listContainers(store: ContainerStore): Promise<string[]> {
  const { stdout } = await execa('podman', ['ps', '--all', '--format', '{{.Names}}'], { env: store.environment })
  return stdout.split('\n').filter((name) => name !== '')
}

/** Why the machine has none, in one line, or null. */
export async function lacksPodman(): Promise<string | null> {
  if (process.platform !== 'linux') return 'Podman is tried on Linux only'
  if ((await findProgram('podman')) === null) return 'podman is not installed'
  const runtimes = await Promise.all(['runc', 'crun'].map(findProgram))
  return runtimes.every((path) => path === null) ? 'neither runc nor crun is installed' : null
}

/** Folders at or below this one that a file system is mounted on. */
export async function listMounts(folder: string): Promise<string[]> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8')
  const places = mounts.split('\n').flatMap((line) => line.split(' ')[4] ?? [])
  return places.filter((place) => place === folder || place.startsWith(`${folder}/`))
}
