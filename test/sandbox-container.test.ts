import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { container } from '../src/sandboxes/container.ts'
import {
  type ContainerStore,
  lacksPodman,
  listContainers,
  listMounts,
  makeContainerStore,
} from './support/container-image.ts'
import { skipUnless } from './support/require-tool.ts'
import { findProcesses, mebibyte, nap, run, sandboxContract, shell, useTestBed } from './support/sandbox-contract.ts'

const store = await openStore()
const lacksStore = skipUnless('a working Podman', 'reason' in store ? store.reason : null)

/** With the store's environment in place, for the sandboxes of this file and the processes it starts. */
async function openStore(): Promise<ContainerStore | { readonly reason: string }> {
  const missing = await lacksPodman()
  if (missing !== null) return { reason: missing }
  const made = await makeContainerStore()
  Object.assign(process.env, made.environment)
  const reason = await container.unavailable({ name: made.image })
  if (reason === null) return made
  await made.remove()
  return { reason }
}

function openedStore(): ContainerStore {
  if ('reason' in store) throw new Error(store.reason)
  return store
}

afterAll(async () => {
  if ('reason' in store) return
  await store.remove()
  const mounts = await listMounts(store.folder)
  if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(', ')}`)
})

const image = { name: 'localhost/mlrbench/test', gpus: 0 }

sandboxContract('container', lacksStore, { options: { image }, reportsProcesses: true, hasCpuGroups: false })

describe.skipIf(lacksStore)('containers isolate:', () => {
  const bed = useTestBed()
  const open: typeof bed.open = (name, limits = {}, options = {}) => bed.open(name, limits, { image, ...options })

  afterEach(async () => {
    const left = await listContainers(openedStore())
    if (left.length > 0) throw new Error(`containers were left: ${left.join(', ')}`)
  })

  test('other folders of the host are not there', async () => {
    const secret = join(bed.folder, 'secret.txt')
    await writeFile(secret, 'swordfish', { mode: 0o666 })
    await using sandbox = await open('container')
    const result = await shell(sandbox, `cat ${secret}; ls -d ${bed.folder} ${homedir()}; echo spoilt > ${secret}`)
    expect(result.output).not.toContain('swordfish')
    for (const gone of [bed.folder, homedir()]) expect(result.output).toContain(`cannot access '${gone}'`)
    expect(await readFile(secret, 'utf8')).toBe('swordfish')
  })

  test('nothing but the workspace and the temporary folders can be written', async () => {
    await using sandbox = await open('container', {}, { readOnly: { '/data/shown': bed.folder } })
    const script =
      'for d in / /usr /etc /opt /opt/mlrbench /dev /run /var/tmp /sys/fs/cgroup /proc /data /data/shown ' +
      '/tmp /dev/shm /workspace; do touch $d/x 2>/dev/null && echo $d; done'
    await chmod(bed.folder, 0o777)
    expect((await shell(sandbox, script)).output).toBe('/tmp\n/dev/shm\n/workspace\n')
  })

  test('temporary folders are no way around the limits', async () => {
    await using sandbox = await open('container', { memoryBytes: 200 * mebibyte })
    const script = 'for d in /tmp /dev/shm; do head -c 150M /dev/zero > $d/big; stat -c %s $d/big; rm $d/big; done'
    const sizes = (await shell(sandbox, script)).output.split('\n').filter((line) => /^\d+$/.test(line))
    expect(sizes).toHaveLength(2)
    for (const size of sizes) expect(Number(size)).toBeLessThanOrEqual(100 * mebibyte)
  })

  test('processes, name and known machines of the host cannot be seen', async () => {
    const marker = nap()
    const [program = '', ...args] = marker.split(' ')
    const visible = spawn(program, args)
    try {
      await vi.waitFor(async () => expect(await findProcesses(marker)).toHaveLength(1))
      await using sandbox = await open('container')
      const script = 'cat /proc/[0-9]*/cmdline | tr "\\0" " "; echo; uname -n; cat /etc/hosts'
      const { output } = await shell(sandbox, script)
      expect(output).not.toContain(marker)
      expect(output).not.toContain(bed.folder)
      expect(output.split('\n').slice(-4)).toEqual(['sandbox', '127.0.0.1 localhost', '::1 localhost', ''])
      expect(output.split('\n')).not.toContain(hostname())
    } finally {
      visible.kill('SIGKILL')
    }
  })

  test('with network "none" there is nothing but loopback, and that is its own', async () => {
    const server = net.createServer((socket) => socket.on('error', () => null).end('hello'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as net.AddressInfo
      const connect = `require("net").connect(${port},"127.0.0.1").on("error",e=>console.log(e.code)).on("data",d=>{console.log(""+d);process.exit()})`
      await using sandbox = await open('container')
      expect((await run(sandbox, ['node', '-e', connect])).output).toBe('ECONNREFUSED\n')
      const script = 'tail -n +3 /proc/net/dev | wc -l; tail -n +2 /proc/net/route | wc -l'
      expect((await shell(sandbox, script)).output).toBe('1\n0\n')
    } finally {
      server.close()
    }
  })

  test('with a list of hosts there is no way out but the proxy', async () => {
    await using sandbox = await open('container', {}, { network: { allow: ['*.example.org'] } })
    const script = 'tail -n +3 /proc/net/dev | wc -l; tail -n +2 /proc/net/route | wc -l; echo $HTTPS_PROXY'
    expect((await shell(sandbox, script)).output).toMatch(/^1\n0\nhttp:\/\/127\.0\.0\.1:\d+\n$/)
  })

  test('there are no privileges inside, no way to new ones, and no engine to ask', async () => {
    await using sandbox = await open('container')
    const script =
      'id -u; grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status; mount -t tmpfs none /tmp 2>/dev/null || echo refused; ' +
      'ls /run/podman /run/docker.sock /var/run/docker.sock 2>&1 | grep -c "cannot access"'
    const lines = (await shell(sandbox, script)).output.split('\n')
    expect(lines[0]).not.toBe('0')
    expect(lines.filter((line) => line.startsWith('Cap')).every((line) => /\t0+$/.test(line))).toBe(true)
    expect(lines).toEqual(expect.arrayContaining(['NoNewPrivs:\t1', 'Seccomp:\t2', 'refused', '3']))
  })

  // the image has no language that asks for sockets of every kind; this machine's Perl has
  const libraries = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string]
  test.skipIf(libraries === undefined || !existsSync('/usr/bin/perl'))(
    'no socket can be opened that no network namespace binds',
    async () => {
      const readOnly = { '/opt/host/bin': '/usr/bin', '/opt/host/lib': `/usr/lib/${libraries}` }
      await using sandbox = await open('container', {}, { readOnly })
      const script =
        'for my $f (1..45) { print "$f\\n" if socket(my $s, $f, 1, 0) || socket($s, $f, 2, 0) || socket($s, $f, 3, 0) }'
      const environment = { LD_LIBRARY_PATH: '/opt/host/lib', LC_ALL: 'C' }
      const { output, exitCode } = await run(sandbox, ['/opt/host/bin/perl', '-e', script], { environment })
      expect([exitCode, output]).toEqual([0, '1\n2\n10\n16\n'])
    },
  )

  test.skipIf(process.getuid?.() !== 0)(
    'for a harness that is root, commands are not root outside either',
    async () => {
      await using sandbox = await open('container')
      const napping = nap()
      const controller = new AbortController()
      const running = shell(sandbox, `touch made; ${napping}`, { signal: controller.signal })
      const [processId] = await vi.waitFor(async () => {
        const found = await findProcesses(napping, { exactly: true })
        expect(found).toHaveLength(1)
        return found
      }, 10_000)
      expect((await stat(`/proc/${processId}`)).uid).toBe(65534)
      expect((await stat(join(bed.workspace, 'made'))).uid).toBe(65534)
      controller.abort(new Error('seen enough'))
      await expect(running).rejects.toThrow('seen enough')
      expect(await findProcesses(napping)).toEqual([])
    },
  )

  test('no program that the command left makes others act as its owner', async () => {
    {
      await using sandbox = await open('container')
      await shell(sandbox, 'cp /bin/true made && chmod 6755 made')
    }
    expect((await stat(join(bed.workspace, 'made'))).mode & 0o7777).toBe(0o755)
  })

  test('an environment variable is shown neither to other users of the machine nor by the engine', async () => {
    await using sandbox = await open('container')
    const secret = `swordfish-${randomInt(10 ** 9)}`
    const running = shell(sandbox, 'touch running; sleep 2', { environment: { TOKEN: secret } })
    await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 10_000 })
    expect(await findProcesses(secret)).toEqual([])
    const [name = ''] = await listContainers(openedStore())
    const { stdout } = await execa('podman', ['inspect', name], { env: openedStore().environment })
    expect(stdout).toContain(name)
    expect(stdout).not.toContain(secret)
    await running
  })

  test('a fork bomb stays inside and ends', async () => {
    await using sandbox = await open('container', { processes: 40 })
    const result = await shell(sandbox, 'bomb() { bomb | bomb & }; bomb; sleep 20', { timeoutMs: 1_500 })
    expect(['processes', 'wall-time']).toContain(result.exceededLimit)
    expect(await findProcesses('bomb | bomb')).toEqual([])
    expect((await shell(sandbox, 'echo fine')).output).toBe('fine\n')
  })

  test('a command that kills what it can does not get away, and the next one runs', async () => {
    await using sandbox = await open('container')
    const result = await shell(sandbox, 'kill -9 -1; echo still')
    expect(result.exitCode).toBe(137)
    expect((await shell(sandbox, 'echo fine')).output).toBe('fine\n')
  })

  test('memory that a child ran out of is told, though the command itself went on', async () => {
    await using sandbox = await open('container', { memoryBytes: 300 * mebibyte })
    const script = `node -e 'const held = Buffer.alloc(600e6, 1); setTimeout(() => held.length, 20_000)'; echo child $?`
    const result = await shell(sandbox, script)
    expect(result).toMatchObject({ exitCode: 0, exceededLimit: 'memory' })
    expect(result.output).toContain('child 137')
  })

  test('the CPU is limited', async () => {
    await using sandbox = await open('container', { cpus: 0.5 })
    const script = 'cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us /sys/fs/cgroup/cpu.max'
    const found = (await shell(sandbox, script)).output
      .split('\n')
      .flatMap((line) => line.match(/^\d+(?: \d+)?$/)?.[0] ?? [])
    const [quota = 0, period = 0] = found.join(' ').split(' ').map(Number)
    expect(quota / period).toBe(0.5)
  })

  test('the digest of the image is known, and all commands run in that very image', async () => {
    const { image: name, environment } = openedStore()
    const { stdout } = await execa('podman', ['image', 'inspect', '--format', '{{.Id}}', name], { env: environment })
    await using sandbox = await open('container')
    expect(sandbox.imageDigest).toBe(`sha256:${stdout.trim()}`)
  })

  test('an image that is not there is refused with how to get it, and nothing is fetched', async () => {
    await expect(open('container', {}, { image: { name: 'nobody/nothing:1', gpus: 0 } })).rejects.toThrow(
      'there is no image nobody/nothing:1: get it with `podman pull nobody/nothing:1`',
    )
    await expect(open('container', {}, { image: { name: '--help', gpus: 0 } })).rejects.toThrow('no name of an image')
  })

  test('a workspace whose path has unusual characters is shown all the same', async () => {
    for (const name of ['a,b "c"', 'a:b', "it's $HOME"]) {
      const workspace = join(bed.folder, name)
      await mkdir(workspace)
      await using sandbox = await open('container', {}, { workspace })
      expect((await shell(sandbox, 'echo x > made')).exitCode).toBe(0)
      expect(await readdir(workspace)).toEqual(['made'])
    }
  })

  test('a harness that is killed leaves no container', async () => {
    const program = fileURLToPath(new URL('support/hold-sandbox.ts', import.meta.url))
    const held = { name: 'container', workspace: bed.workspace, options: { image }, script: `touch running; ${nap()}` }
    const harness = spawn(process.execPath, [program, JSON.stringify(held)])
    await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 20_000, interval: 50 })
    expect(await listContainers(openedStore())).toHaveLength(1)
    harness.kill('SIGKILL')
    await once(harness, 'exit')
    await vi.waitFor(async () => expect(await listContainers(openedStore())).toEqual([]), { timeout: 20_000 })
  })

  test('containers that a dead harness left are removed at the next opening, those of others stay', async () => {
    const { environment, image: name } = openedStore()
    const label = (harness: object) => `--label=mlrbench.harness=${JSON.stringify(harness)}`
    await using sandbox = await open('container')
    const running = shell(sandbox, 'touch running; sleep 3')
    await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 10_000 })
    const [own = ''] = await listContainers(openedStore())
    const inspected = await execa('podman', ['inspect', own], { env: environment })
    const [{ Config }] = JSON.parse(inspected.stdout) as [{ Config: { Labels: Record<string, string> } }]
    const living = JSON.parse(Config.Labels['mlrbench.harness'] ?? '') as object
    for (const [container_, labels] of [
      ['left', [label({ ...living, processStart: '1' })]],
      ['elsewhere', [label({ ...living, host: 'another-machine', processStart: '1' })]],
      ['unrelated', []],
    ] as const)
      await execa('podman', ['create', '--network=none', `--name=${container_}`, ...labels, name, 'true'], {
        env: environment,
      })
    {
      await using _next = await open('container')
      expect((await listContainers(openedStore())).toSorted()).toEqual(['elsewhere', own, 'unrelated'].toSorted())
    }
    await running
    await execa('podman', ['rm', 'elsewhere', 'unrelated'], { env: environment })
  })
})

describe('a container engine', () => {
  afterEach(() => vi.unstubAllEnvs())

  test('that is not there is named, with what to do', async () => {
    vi.stubEnv('MLRBENCH_CONTAINER_ENGINE', 'no-such-engine')
    expect(await container.unavailable()).toBe(
      'MLRBENCH_CONTAINER_ENGINE names no-such-engine, which is not on the PATH: install it, or unset the variable',
    )
  })

  test.each([
    [
      'a daemon that does not run',
      'Cannot connect to the Docker daemon. Is the docker daemon running?',
      /does not answer .*start it/,
    ],
    [
      'a socket that is closed to the user',
      'permission denied while trying to connect to the daemon',
      /does not let this user in .*group/,
    ],
    ['anything else', 'cannot find mappings', /does not work here \(cannot find mappings\)/],
  ])('tells %s and what to do, in one line', async (_name, said, expected) => {
    const reason = await withEngine(`echo "${said}" >&2; exit 1`, () => container.unavailable())
    expect(reason).toMatch(expected)
    expect(reason).not.toContain('\n')
  })

  test('that cannot limit memory is not used', async () => {
    const info = { host: { cgroupControllers: ['cpu'], security: { rootless: true }, serviceIsRemote: false } }
    const reason = await withEngine(`echo '${JSON.stringify(info)}'`, () => container.unavailable())
    expect(reason).toMatch(/cannot limit memory and pids .*Delegate=/)
  })

  test('that is Docker is told by its answer, and an image that it lacks is named', async () => {
    const info = { ServerVersion: '28.0', OSType: 'linux', MemoryLimit: true, PidsLimit: true, CpuCfsQuota: true }
    const script = `case $1 in info) echo '${JSON.stringify(info)}' ;; *) echo '[]'; echo "Error: No such image: $3" >&2; exit 1 ;; esac`
    const reason = await withEngine(script, () => container.unavailable({ name: null }))
    expect(reason).toMatch(
      /^there is no image mlrbench\/experiment: build it with `docker build -t mlrbench\/experiment -f \S+Containerfile \S+containers`$/,
    )
  })

  async function withEngine<T>(script: string, use: () => Promise<T>): Promise<T> {
    const folder = join(tmpdir(), `mlrbench-engine-${randomInt(10 ** 9)}`)
    await mkdir(folder)
    await writeFile(join(folder, 'engine'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    vi.stubEnv('MLRBENCH_CONTAINER_ENGINE', join(folder, 'engine'))
    try {
      return await use()
    } finally {
      await rm(folder, { recursive: true })
    }
  }
})
