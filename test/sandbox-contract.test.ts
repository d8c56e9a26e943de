import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { detectSandbox, sandboxes } from '../src/sandboxes/index.ts'
import { countMemoryKills } from '../src/sandboxes/memory-kills.ts'
import { skipUnless } from './support/require-tool.ts'
import {
  cgroupParents,
  coreCapabilities,
  findProcesses,
  mebibyte,
  nap,
  run,
  sandboxContract,
  shell,
  useTestBed,
} from './support/sandbox-contract.ts'

const lacksBubblewrap = skipUnless('bubblewrap', await sandboxes.bubblewrap.unavailable())
const lacksHost = skipUnless('the host sandbox', await sandboxes.host.unavailable())

sandboxContract('bubblewrap', lacksBubblewrap, coreCapabilities)
sandboxContract('host', lacksHost, coreCapabilities)

const limitsMemory = cgroupParents.some((parent) => parent.controllers.includes('memory'))

describe.skipIf(lacksHost || !limitsMemory)('the kernel’s count of processes ended for memory', () => {
  const bed = useTestBed()

  test('grows when a control group has no memory left', async () => {
    await using sandbox = await bed.open('host', { memoryBytes: 200 * mebibyte })
    const before = await countMemoryKills()
    await run(sandbox, ['node', '-e', 'Buffer.alloc(400e6, 1)'])
    expect(await countMemoryKills()).toBeGreaterThan(before)
  })

  test('is not asked of a command whose own group has a count: what else died on the machine is not its doing', async () => {
    await using quiet = await bed.open('host')
    await using greedy = await bed.open('host', { memoryBytes: 200 * mebibyte })
    await writeFile(join(bed.workspace, 'wait'), '')
    const waiting = shell(quiet, 'while [ -e wait ]; do sleep 0.05; done; kill -9 $$')
    const killed = await run(greedy, ['node', '-e', 'Buffer.alloc(400e6, 1)'])
    await rm(join(bed.workspace, 'wait'))
    expect([killed.exceededLimit, await waiting]).toEqual([
      'memory',
      expect.objectContaining({ exitCode: 137, exceededLimit: null }),
    ])
  })
})

describe.skipIf(lacksBubblewrap)('bubblewrap isolates:', () => {
  const bed = useTestBed()
  test('other folders of the host cannot be read or written, which on the host they can', async () => {
    const secret = join(bed.folder, 'secret.txt')
    await writeFile(secret, 'swordfish', { mode: 0o666 })
    const script = `cat ${secret}; ls ${homedir()} ${bed.folder}; echo spoilt > ${secret}`
    await using isolated = await bed.open('bubblewrap')
    expect((await shell(isolated, script)).output).not.toContain('swordfish')
    expect(await readFile(secret, 'utf8')).toBe('swordfish')
    await using open_ = await bed.open('host')
    expect((await shell(open_, `cat ${secret}`)).output).toBe('swordfish')
  })

  test('the harness’s home folder does not exist inside', async () => {
    await using sandbox = await bed.open('bubblewrap')
    const result = await shell(sandbox, `ls -A / /home /root /var /run /sys ${homedir()} 2>&1`)
    expect(result.output.split('\n')).toEqual(expect.arrayContaining(['usr', 'workspace']))
    for (const gone of ['/home', '/root', '/var', '/run', '/sys', homedir()])
      expect(result.output).toContain(`cannot access '${gone}'`)
  })

  test('nothing but the workspace and the temporary folders can be written', async () => {
    await using sandbox = await bed.open('bubblewrap')
    const script =
      'for d in / /usr /etc /opt /dev /proc /tmp /dev/shm /workspace; do touch $d/x 2>/dev/null && echo $d; done'
    expect((await shell(sandbox, script)).output).toBe('/tmp\n/dev/shm\n/workspace\n')
  })

  test('the kernel’s own switches cannot be reached', async () => {
    await using sandbox = await bed.open('bubblewrap')
    const script =
      'for f in /proc/sys/kernel/hostname /proc/sys/vm/drop_caches /proc/sysrq-trigger; do ' +
      '(echo 0 > $f) 2>/dev/null && echo $f; done; ls -d /sys 2>/dev/null; mount -t proc proc /tmp 2>/dev/null && echo mounted; echo done'
    expect((await shell(sandbox, script)).output).toBe('done\n')
  })

  test('temporary folders are no way around the limits', async () => {
    await using sandbox = await bed.open('bubblewrap', { memoryBytes: 200 * mebibyte })
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
      await using isolated = await bed.open('bubblewrap')
      const inside = await shell(isolated, script)
      expect(inside.output).not.toContain(marker)
      expect(inside.output).not.toContain(bed.folder)
      expect(Number(inside.output.trim().split('\n').at(-1))).toBeLessThan(10)
      await using open_ = await bed.open('host')
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
      await using closed = await bed.open('bubblewrap')
      expect((await run(closed, ['node', '-e', connect])).output).toBe('ECONNREFUSED\n')
      expect((await shell(closed, 'tail -n +3 /proc/net/dev | wc -l; tail -n +2 /proc/net/route | wc -l')).output).toBe(
        '1\n0\n',
      )
      expect(connections).toBe(0)
      await using connected = await bed.open('bubblewrap', {}, { network: 'full' })
      expect((await run(connected, ['node', '-e', connect])).output).toBe('hello\n')
      expect(connections).toBe(1)
    } finally {
      server.close()
    }
  })

  test('with network "full" names can be resolved and certificates checked', async () => {
    await using sandbox = await bed.open('bubblewrap', {}, { network: 'full' })
    const seen = (await shell(sandbox, 'cat /etc/resolv.conf')).output
    expect(seen).toBe(await readFile('/etc/resolv.conf', 'utf8'))
  })

  test('there are no privileges inside and no way to new ones', async () => {
    await using sandbox = await bed.open('bubblewrap')
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
      await using sandbox = await bed.open('bubblewrap')
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
    },
  )

  test('no program that the command left makes others act as its owner', async () => {
    {
      await using sandbox = await bed.open('bubblewrap')
      await shell(sandbox, 'cp /bin/true made && chmod 6755 made')
    }
    expect((await stat(join(bed.workspace, 'made'))).mode & 0o7777).toBe(0o755)
  })

  test('an environment variable of the command is not shown to other users of the machine', async () => {
    await using sandbox = await bed.open('bubblewrap')
    const secret = `swordfish-${randomInt(10 ** 9)}`
    const running = shell(sandbox, 'touch running; sleep 0.5', { environment: { TOKEN: secret } })
    await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 10_000 })
    expect(await findProcesses(secret)).toEqual([])
    await running
  })

  test('a fork bomb stays inside and ends', async () => {
    await using sandbox = await bed.open('bubblewrap', { processes: 40 })
    const result = await shell(sandbox, 'bomb() { bomb | bomb & }; bomb; sleep 20', { timeoutMs: 800 })
    expect(['processes', 'wall-time']).toContain(result.exceededLimit)
    expect(await findProcesses('bomb | bomb')).toEqual([])
    expect((await shell(sandbox, 'echo fine')).output).toBe('fine\n')
  })

  test('read-only files cannot be changed, nor what the sandbox brings itself', async () => {
    const shown = join(bed.folder, 'closed', 'shown')
    await mkdir(shown, { mode: 0o777 })
    await writeFile(join(shown, 'data'), 'data', { mode: 0o666 })
    await using sandbox = await bed.open('bubblewrap', {}, { readOnly: { '/data/set': shown } })
    const script =
      'cat /data/set/data; for f in /data /data/set /opt/mlrbench; do touch $f/x || echo no; done 2>/dev/null; ' +
      'for f in /data/set/data /opt/mlrbench/relay.mjs /opt/mlrbench/bin/node; do echo x 2>/dev/null >> $f || echo no; done 2>/dev/null'
    expect((await shell(sandbox, script)).output).toBe(`data${'no\n'.repeat(6)}`)
    expect(await readFile(join(shown, 'data'), 'utf8')).toBe('data')
  })

  test('with a list of hosts nothing is reached but through the proxy, not even a name of the list itself', async () => {
    await using sandbox = await bed.open('bubblewrap', {}, { network: { allow: ['pypi.org'] } })
    const script =
      'require("net").connect({host:"1.1.1.1",port:443}).on("error",e=>console.log(e.code));' +
      'require("dns").lookup("pypi.org",e=>console.log(e.code))'
    const { output } = await run(sandbox, ['node', '-e', script])
    expect(output.trim().split('\n').toSorted()).toEqual(['EAI_AGAIN', 'ENETUNREACH'])
    expect(sandbox.endpoints).toEqual({})
    expect((await shell(sandbox, 'ls /etc/ssl/certs | wc -l')).output).not.toBe('0\n')
  })

  test('it is the sandbox that is found on this machine', async () => {
    expect(await detectSandbox()).toBe('bubblewrap')
  })
})
