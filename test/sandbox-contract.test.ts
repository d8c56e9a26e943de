import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import net from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findCgroupParents } from '../src/sandboxes/cgroup-mounts.ts'
import { type SandboxName, defaultLimits, detectSandbox, openSandbox, sandboxes } from '../src/sandboxes/index.ts'
import type { ExecOptions, OpenSandboxOptions, Sandbox } from '../src/sandboxes/sandbox.ts'
import { skipUnless } from './support/require-tool.ts'

const mebibyte = 1024 ** 2
const lacksBubblewrap = skipUnless('bubblewrap', await sandboxes.bubblewrap.unavailable())
const lacksHost = skipUnless('the host sandbox', await sandboxes.host.unavailable())
const cgroupParents = await findCgroupParents()
const canCountProcesses = cgroupParents.some((parent) => parent.controllers.includes('pids'))
const canLimitCpu = cgroupParents.some((parent) => parent.controllers.includes('cpu'))

let folder: string
let workspace: string

beforeEach(async () => {
  // Closed to everyone else on the way down, as the home folder of root is.
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mlrbench-sandbox-test-')))
  workspace = join(folder, 'closed', 'workspace')
  await mkdir(workspace, { recursive: true })
  await chmod(join(folder, 'closed'), 0o700)
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

contract('bubblewrap', lacksBubblewrap)
contract('host', lacksHost)

function contract(name: SandboxName, skipped: boolean): void {
  describe.skipIf(skipped)(`${name} sandbox keeps the contract:`, () => {
    test('a command runs in the workspace, with node, and its files are the harness’s to read, write and remove', async () => {
      await writeFile(join(workspace, 'given.txt'), 'given')
      await mkdir(join(workspace, 'sub'))
      await using sandbox = await open(name)
      const result = await run(sandbox, [
        'node',
        '-e',
        'const fs=require("fs"); fs.writeFileSync("sub/made.txt", fs.readFileSync("given.txt","utf8")+process.version); fs.appendFileSync("given.txt","!")',
      ])
      expect(result).toMatchObject({ exitCode: 0, output: '', exceededLimit: null, outputTruncated: false })
      expect(await readFile(join(workspace, 'sub', 'made.txt'), 'utf8')).toBe(`given${process.version}`)
      await writeFile(join(workspace, 'sub', 'made.txt'), 'mine')
      await writeFile(join(workspace, 'sub', 'later.txt'), 'put there between two commands')
      expect(await shell(sandbox, 'cat sub/made.txt && echo more >> sub/later.txt')).toMatchObject({ output: 'mine' })
      expect(await readFile(join(workspace, 'sub', 'later.txt'), 'utf8')).toMatch(/more\n$/)
      await rm(join(workspace, 'sub'), { recursive: true })
      expect(await readdir(workspace)).toEqual(['given.txt'])
    })

    test('files that the command closed to everyone can still be read and removed', async () => {
      await using sandbox = await open(name)
      await shell(sandbox, 'mkdir -p a/b && echo x > a/b/c && chmod 000 a/b/c a/b a')
      expect(await readFile(join(workspace, 'a', 'b', 'c'), 'utf8')).toBe('x\n')
      await rm(join(workspace, 'a'), { recursive: true })
    })

    test('the workspace belongs to the same user afterwards as before', async () => {
      const before = await stat(workspace)
      {
        await using sandbox = await open(name)
        await shell(sandbox, 'echo x > made')
      }
      const made = await stat(join(workspace, 'made'))
      expect([made.uid, (await stat(workspace)).uid]).toEqual([before.uid, before.uid])
    })

    test('a link the command left is only a link: what it points to is neither opened nor changed', async () => {
      const outside = join(folder, 'outside')
      await mkdir(outside)
      await writeFile(join(outside, 'file'), 'untouched', { mode: 0o400 })
      const before = await lstat(join(outside, 'file'))
      {
        await using sandbox = await open(name)
        await shell(sandbox, `ln -s ${outside} folder-link; ln -s ${outside}/file file-link`)
        await shell(sandbox, 'true')
      }
      expect(await readlink(join(workspace, 'file-link'))).toBe(join(outside, 'file'))
      const after = await lstat(join(outside, 'file'))
      expect([after.uid, after.mode, after.ctimeMs]).toEqual([before.uid, before.mode, before.ctimeMs])
      await rm(workspace, { recursive: true })
      expect(await readdir(outside)).toEqual(['file'])
    })

    test('exit codes are values, as a shell reports them', async () => {
      await using sandbox = await open(name)
      expect(await shell(sandbox, 'exit 3')).toMatchObject({ exitCode: 3, exceededLimit: null })
      expect(await run(sandbox, ['no-such-program'])).toMatchObject({ exitCode: 127, exceededLimit: null })
      expect(await shell(sandbox, 'kill -9 $$')).toMatchObject({ exitCode: 137, exceededLimit: null })
    })

    test('arguments arrive as they are, whatever they hold', async () => {
      await using sandbox = await open(name)
      const odd = ['$HOME `id` "\'; echo', '--', '', 'a\nb', '*']
      const result = await run(sandbox, ['node', '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...odd])
      expect(JSON.parse(result.output)).toEqual(odd)
    })

    test('standard output and error come in the order they were written, and input is empty', async () => {
      await using sandbox = await open(name)
      const result = await shell(sandbox, 'cat; for i in 1 2 3; do echo out$i; echo err$i >&2; done')
      expect(result.output).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\n')
      expect(result.outputBytes).toBe(30)
    })

    test('of 100 MB of output head and tail are kept', async () => {
      await using sandbox = await open(name)
      const script = 'echo first; head -c 99999989 /dev/zero | tr "\\0" x; echo last'
      const result = await shell(sandbox, script, { maxOutputBytes: 10_000 })
      expect(result).toMatchObject({ exitCode: 0, outputTruncated: true, outputBytes: 100_000_000 })
      expect(result.output).toMatch(/^first\nx+\n\[99990000 bytes of output left out\]\nx+last\n$/)
      expect(result.output.length).toBeLessThan(10_100)
    })

    test('the environment holds nothing of the harness’s, and what the caller adds', async () => {
      vi.stubEnv('MLRBENCH_TEST_SECRET', 'swordfish')
      try {
        await using sandbox = await open(name)
        const result = await shell(
          sandbox,
          'env; cat /proc/self/environ /proc/1/environ 2>/dev/null | tr "\\0" "\\n"',
          {
            environment: { GIVEN: 'a b', LANG: 'C' },
          },
        )
        expect(result.output).not.toContain('swordfish')
        const variables = new Map(result.output.split('\n').map((line) => [line.split('=')[0], line]))
        expect(variables.get('GIVEN')).toBe('GIVEN=a b')
        expect(variables.get('LANG')).toBe('LANG=C')
        expect(variables.get('HOME')).not.toBe(`HOME=${homedir()}`)
      } finally {
        vi.unstubAllEnvs()
      }
    })

    test('HOME and TMPDIR can be written and are empty again for the next command', async () => {
      await using sandbox = await open(name)
      const script = 'ls -A $HOME; touch $HOME/file $TMPDIR/file && [ -e $HOME/file ] && echo written'
      expect((await shell(sandbox, script)).output).toBe('written\n')
      expect((await shell(sandbox, script)).output).toBe('written\n')
    })

    test('wall time ends the command and all it started, daemons too', async () => {
      await using sandbox = await open(name)
      const napping = nap()
      const script = `setsid ${napping} & (setsid sh -c '${napping} & ${napping}' &) ; echo up; ${napping}`
      const result = await shell(sandbox, script, { timeoutMs: 500 })
      expect(result).toMatchObject({ exitCode: null, exceededLimit: 'wall-time', output: 'up\n' })
      expect(await findProcesses(napping)).toEqual([])
    })

    test('what a command leaves running in the background dies with it', async () => {
      await using sandbox = await open(name)
      const napping = nap()
      const result = await shell(
        sandbox,
        `${napping} & setsid ${napping} & (setsid ${napping} > /dev/null &) ; echo up`,
      )
      expect(result).toMatchObject({ exitCode: 0, output: 'up\n', exceededLimit: null })
      expect(await findProcesses(napping)).toEqual([])
    })

    test('an abort rejects with its reason and leaves no process; one before the start starts nothing', async () => {
      await using sandbox = await open(name)
      const napping = nap()
      const controller = new AbortController()
      const running = shell(sandbox, `touch running; setsid ${napping} & ${napping}`, { signal: controller.signal })
      await vi.waitFor(() => stat(join(workspace, 'running')), { timeout: 10_000 })
      controller.abort(new Error('enough'))
      await expect(running).rejects.toThrow('enough')
      expect(await findProcesses(napping)).toEqual([])
      await expect(shell(sandbox, 'touch again', { signal: controller.signal })).rejects.toThrow('enough')
      expect(await readdir(workspace)).toEqual(['running'])
    })

    test('closing ends what still runs and refuses what comes later', async () => {
      const sandbox = await open(name)
      const napping = nap()
      const running = shell(sandbox, `touch running; ${napping}`)
      await vi.waitFor(() => stat(join(workspace, 'running')), { timeout: 10_000 })
      await Promise.all([expect(running).rejects.toThrow('closed'), sandbox[Symbol.asyncDispose]()])
      expect(await findProcesses(napping)).toEqual([])
      await expect(shell(sandbox, 'true')).rejects.toThrow('closed')
    })

    test('memory is limited for all processes together', async () => {
      await using sandbox = await open(name, { memoryBytes: 400 * mebibyte })
      // Ends when one of its children does; only a limit makes that happen soon.
      const parent = `
        const hold = "const held = Buffer.alloc(150e6, 1); setTimeout(() => held.length, 20_000)"
        const { spawn } = require("child_process")
        for (let i = 0; i < 4; i++) spawn("node", ["-e", hold]).on("exit", () => process.exit(1))`
      const result = await run(sandbox, ['node', '-e', parent])
      expect(result.exceededLimit).toBe('memory')
    })

    test('memory is limited for one process, and what fits runs', async () => {
      await using sandbox = await open(name, { memoryBytes: 400 * mebibyte })
      const hold = (bytes: number, forMs: number) => [
        'node',
        '-e',
        `const held = Buffer.alloc(${bytes}, 1); setTimeout(() => held.length, ${forMs})`,
      ]
      expect(await run(sandbox, hold(100e6, 0))).toMatchObject({ exitCode: 0, exceededLimit: null })
      expect(await run(sandbox, hold(600e6, 20_000))).toMatchObject({ exitCode: null, exceededLimit: 'memory' })
    })

    test('processes are limited, and the next command runs again', async () => {
      await using sandbox = await open(name, { processes: 40 })
      const napping = nap()
      const result = await shell(sandbox, `for i in $(seq 120); do ${napping} & done; wait`)
      // Where the kernel does not count them for us, a refused fork may be all that is seen.
      expect(canCountProcesses ? ['processes'] : ['processes', null]).toContain(result.exceededLimit)
      expect(result.exitCode).not.toBe(0)
      expect(await findProcesses(napping)).toEqual([])
      expect(await shell(sandbox, 'for i in $(seq 20); do sleep 0.01 & done; wait')).toMatchObject({
        exitCode: 0,
        exceededLimit: null,
      })
    })

    test('the workspace cannot grow beyond its limit, and can be cleaned up afterwards', async () => {
      await using sandbox = await open(name, { diskBytes: 20 * mebibyte })
      const filling = await shell(
        sandbox,
        'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); head -c 4M /dev/zero > f$i; done',
      )
      expect(filling).toMatchObject({ exitCode: null, exceededLimit: 'disk' })
      expect(await shell(sandbox, 'echo still here')).toMatchObject({ exitCode: 0, exceededLimit: null })
      expect(await shell(sandbox, 'head -c 8M /dev/zero > more')).toMatchObject({ exceededLimit: 'disk' })
      expect(await shell(sandbox, 'rm -f f* more')).toMatchObject({ exitCode: 0, exceededLimit: null })
      expect(await shell(sandbox, 'head -c 8M /dev/zero > fits')).toMatchObject({ exitCode: 0, exceededLimit: null })
    })

    test('one file cannot grow beyond the limit either, nor one in a folder that the command closed', async () => {
      await using sandbox = await open(name, { diskBytes: 20 * mebibyte })
      expect(await shell(sandbox, 'exec head -c 90M /dev/zero > big')).toMatchObject({ exceededLimit: 'disk' })
      await rm(join(workspace, 'big'))
      const script = 'mkdir d; for i in 1 2 3; do head -c 10M /dev/zero > d/$i; done; chmod 000 d; sleep 20'
      expect(await shell(sandbox, script)).toMatchObject({ exceededLimit: 'disk', exitCode: null })
    })

    test('two sandboxes and two commands in each run side by side', async () => {
      const other = join(folder, 'other')
      await mkdir(other)
      await using first = await open(name)
      await using second = await open(name, {}, { workspace: other })
      const results = await Promise.all(
        [first, first, second, second].map((sandbox, index) =>
          shell(sandbox, `touch mine${index}; sleep 0.2; ls; exit ${index}`),
        ),
      )
      expect(results.map((result) => result.exitCode)).toEqual([0, 1, 2, 3])
      expect(results.map((result) => result.output)).toEqual([
        'mine0\nmine1\n',
        'mine0\nmine1\n',
        'mine2\nmine3\n',
        'mine2\nmine3\n',
      ])
    })

    test('a workspace that is not there is refused', async () => {
      await expect(open(name, {}, { workspace: join(folder, 'missing') })).rejects.toThrow('missing')
    })

    test('a workspace may be named through a link', async () => {
      await symlink(workspace, join(folder, 'link'))
      await using sandbox = await open(name, {}, { workspace: join(folder, 'link') })
      await shell(sandbox, 'touch here')
      expect(await readdir(workspace)).toEqual(['here'])
    })

    test.skipIf(!canLimitCpu)(
      'the CPU quota is set while the sandbox is open, and its groups are gone afterwards',
      async () => {
        const before = await listOwnGroups()
        {
          await using sandbox = await open(name, { cpus: 1.5 })
          await shell(sandbox, 'true')
          const added = (await listOwnGroups()).filter((group) => !before.includes(group))
          const quotas = await Promise.all(added.map(readCpuQuota))
          expect(quotas.filter((quota) => quota !== null)).toEqual([1.5])
        }
        expect(await listOwnGroups()).toEqual(before)
      },
    )
  })
}

describe.skipIf(lacksBubblewrap)('bubblewrap isolates:', () => {
  test('other folders of the host cannot be read or written, which on the host they can', async () => {
    const secret = join(folder, 'secret.txt')
    await writeFile(secret, 'swordfish', { mode: 0o666 })
    const script = `cat ${secret}; ls ${homedir()} ${folder}; echo spoilt > ${secret}`
    await using isolated = await open('bubblewrap')
    expect((await shell(isolated, script)).output).not.toContain('swordfish')
    expect(await readFile(secret, 'utf8')).toBe('swordfish')
    await using open_ = await open('host')
    expect((await shell(open_, `cat ${secret}`)).output).toBe('swordfish')
  })

  test('the harness’s home folder does not exist inside', async () => {
    await using sandbox = await open('bubblewrap')
    const result = await shell(sandbox, `ls -A / /home /root /var /run /sys ${homedir()} 2>&1`)
    expect(result.output.split('\n')).toEqual(expect.arrayContaining(['usr', 'workspace']))
    for (const gone of ['/home', '/root', '/var', '/run', '/sys', homedir()])
      expect(result.output).toContain(`cannot access '${gone}'`)
  })

  test('nothing but the workspace and the temporary folders can be written', async () => {
    await using sandbox = await open('bubblewrap')
    const script =
      'for d in / /usr /etc /opt /dev /proc /tmp /dev/shm /workspace; do touch $d/x 2>/dev/null && echo $d; done'
    expect((await shell(sandbox, script)).output).toBe('/tmp\n/dev/shm\n/workspace\n')
  })

  test('temporary folders are no way around the limits', async () => {
    await using sandbox = await open('bubblewrap', { memoryBytes: 200 * mebibyte })
    const result = await shell(sandbox, 'head -c 150M /dev/zero > /tmp/big; stat -c %s /tmp/big')
    expect(Number(result.output.trim().split('\n').at(-1))).toBeLessThanOrEqual(100 * mebibyte)
  })

  test('processes of the host cannot be seen', async () => {
    const marker = nap()
    const [program = '', ...args] = marker.split(' ')
    const visible = spawn(program, args)
    try {
      await vi.waitFor(async () => expect(await findProcesses(marker)).toHaveLength(1))
      const script = 'cat /proc/[0-9]*/cmdline | tr "\\0" " "; echo; ls -d /proc/[0-9]* | wc -l'
      await using isolated = await open('bubblewrap')
      const inside = await shell(isolated, script)
      expect(inside.output).not.toContain(marker)
      expect(inside.output).not.toContain(folder)
      expect(Number(inside.output.trim().split('\n').at(-1))).toBeLessThan(10)
      await using open_ = await open('host')
      expect((await shell(open_, script)).output).toContain(marker)
    } finally {
      visible.kill('SIGKILL')
    }
  })

  test('with network "none" no server is reached, not even one on the host’s loopback', async () => {
    let connections = 0
    const server = net.createServer((socket) => {
      connections += 1
      socket.on('error', () => null).end('hello')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as net.AddressInfo
      const connect = `require("net").connect(${port},"127.0.0.1").on("error",e=>console.log(e.code)).on("data",d=>{console.log(""+d);process.exit()})`
      await using closed = await open('bubblewrap')
      expect((await run(closed, ['node', '-e', connect])).output).toBe('ECONNREFUSED\n')
      expect((await shell(closed, 'tail -n +3 /proc/net/dev | wc -l; tail -n +2 /proc/net/route | wc -l')).output).toBe(
        '1\n0\n',
      )
      expect(connections).toBe(0)
      await using connected = await open('bubblewrap', {}, { network: 'full' })
      expect((await run(connected, ['node', '-e', connect])).output).toBe('hello\n')
      expect(connections).toBe(1)
    } finally {
      server.close()
    }
  })

  test('with network "full" names can be resolved and certificates checked', async () => {
    await using sandbox = await open('bubblewrap', {}, { network: 'full' })
    const seen = (await shell(sandbox, 'cat /etc/resolv.conf')).output
    expect(seen).toBe(await readFile('/etc/resolv.conf', 'utf8'))
  })

  test('there are no privileges inside and no way to new ones', async () => {
    await using sandbox = await open('bubblewrap')
    const result = await shell(
      sandbox,
      'id -u; grep -E "^(Cap|NoNewPrivs)" /proc/self/status; unshare -U true || echo refused',
    )
    const lines = result.output.split('\n')
    expect(lines[0]).toBe('1000')
    expect(lines.filter((line) => line.startsWith('Cap')).every((line) => /\t0+$/.test(line))).toBe(true)
    expect(lines).toContain('NoNewPrivs:\t1')
    expect(lines).toContain('refused')
  })

  test.skipIf(process.getuid?.() !== 0)(
    'for a harness that is root, commands are not root outside either',
    async () => {
      await using sandbox = await open('bubblewrap')
      const napping = nap()
      const controller = new AbortController()
      const running = shell(sandbox, `touch made; ${napping}`, { signal: controller.signal })
      const [processId] = await vi.waitFor(async () => {
        const found = await findProcesses(napping, { exactly: true })
        expect(found).toHaveLength(1)
        return found
      }, 10_000)
      expect((await stat(`/proc/${processId}`)).uid).toBe(65534)
      expect((await stat(join(workspace, 'made'))).uid).toBe(65534)
      controller.abort(new Error('seen enough'))
      await expect(running).rejects.toThrow('seen enough')
    },
  )

  test('no program that the command left makes others act as its owner', async () => {
    {
      await using sandbox = await open('bubblewrap')
      await shell(sandbox, 'cp /bin/true made && chmod 6755 made')
    }
    expect((await stat(join(workspace, 'made'))).mode & 0o7777).toBe(0o755)
  })

  test('an environment variable of the command is not shown to other users of the machine', async () => {
    await using sandbox = await open('bubblewrap')
    const secret = `swordfish-${randomInt(10 ** 9)}`
    const running = shell(sandbox, 'touch running; sleep 0.5', { environment: { TOKEN: secret } })
    await vi.waitFor(() => stat(join(workspace, 'running')), { timeout: 10_000 })
    expect(await findProcesses(secret)).toEqual([])
    await running
  })

  test('a fork bomb stays inside and ends', async () => {
    await using sandbox = await open('bubblewrap', { processes: 40 })
    const result = await shell(sandbox, 'bomb() { bomb | bomb & }; bomb; sleep 20', { timeoutMs: 800 })
    expect(['processes', 'wall-time']).toContain(result.exceededLimit)
    expect(await findProcesses('bomb | bomb')).toEqual([])
    expect((await shell(sandbox, 'echo fine')).output).toBe('fine\n')
  })

  test('a harness that is killed leaves no process, and its control groups are removed at the next opening', async () => {
    const napping = nap()
    const program = fileURLToPath(new URL('support/hold-sandbox.ts', import.meta.url))
    const script = `touch running; setsid ${napping} & ${napping}`
    const harness = spawn(process.execPath, [program, 'bubblewrap', workspace, 'sh', '-c', script])
    await vi.waitFor(() => stat(join(workspace, 'running')), { timeout: 20_000, interval: 50 })
    expect(await findProcesses(napping)).not.toEqual([])
    harness.kill('SIGKILL')
    await once(harness, 'exit')
    await vi.waitFor(async () => expect(await findProcesses(napping)).toEqual([]), { timeout: 5_000, interval: 20 })
    expect(await listGroupsOf(harness.pid)).toHaveLength(cgroupParents.length)
    await using _next = await open('bubblewrap')
    expect(await listGroupsOf(harness.pid)).toEqual([])
  })

  test('it is the sandbox that is found on this machine', async () => {
    expect(await detectSandbox()).toBe('bubblewrap')
  })
})

async function open(
  name: SandboxName,
  limits: Partial<OpenSandboxOptions['limits']> = {},
  options: Partial<OpenSandboxOptions> = {},
): Promise<Sandbox> {
  return openSandbox(name, { workspace, network: 'none', limits: { ...defaultLimits, ...limits }, ...options })
}

function run(sandbox: Sandbox, argv: readonly string[], options: Partial<ExecOptions> = {}) {
  return sandbox.exec(argv, { timeoutMs: 30_000, maxOutputBytes: 100_000, ...options })
}

function shell(sandbox: Sandbox, script: string, options: Partial<ExecOptions> = {}) {
  return run(sandbox, ['sh', '-c', script], options)
}

/** A command that sleeps for long and that no other process has. */
function nap(): string {
  return `sleep 1000.${randomInt(10 ** 9, 10 ** 10)}`
}

/** Processes of this machine, as the test sees it, that have this text in their command line. */
async function findProcesses(text: string, { exactly = false } = {}): Promise<string[]> {
  const found: string[] = []
  for (const id of await readdir('/proc')) {
    if (!/^\d+$/.test(id)) continue
    const commandLine = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
    const words = commandLine.split('\0').join(' ').trim()
    if (exactly ? words === text : words.includes(text)) found.push(id)
  }
  return found
}

async function listGroupsOf(processId: number | undefined): Promise<string[]> {
  const groups = await Promise.all(
    cgroupParents.map(async (parent) =>
      (await readdir(parent.folder))
        .filter((name) => name.startsWith('mlrbench-') && name.split('-')[2] === String(processId))
        .map((name) => join(parent.folder, name)),
    ),
  )
  return groups.flat()
}

function listOwnGroups(): Promise<string[]> {
  return listGroupsOf(process.pid)
}

/** In CPUs; null for a group of another controller. */
async function readCpuQuota(group: string): Promise<number | null> {
  const read = (name: string) => readFile(join(group, name), 'utf8').catch(() => null)
  const unified = (await read('cpu.max'))?.split(' ').map(Number)
  if (unified !== undefined) return (unified[0] ?? 0) / (unified[1] ?? 1)
  const quota = await read('cpu.cfs_quota_us')
  return quota === null ? null : Number(quota) / Number(await read('cpu.cfs_period_us'))
}
