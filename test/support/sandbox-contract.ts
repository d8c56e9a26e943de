import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import http from 'node:http'
import net from 'node:net'
import {
  chmod,
  lstat,
  open as openFile,
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
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrerequisiteError } from '../../src/base/errors.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findCgroupParents } from '../../src/sandboxes/cgroup-mounts.ts'
import { type SandboxName, defaultLimits, openSandbox } from '../../src/sandboxes/index.ts'
import { openEgressProxy } from '../../src/sandboxes/egress-proxy.ts'
import type {
  ConversationOptions,
  EgressRefusal,
  ExecOptions,
  OpenSandboxOptions,
  OutputLine,
  Sandbox,
} from '../../src/sandboxes/sandbox.ts'

export const mebibyte = 1024 ** 2
export const cgroupParents = await findCgroupParents()

/** What a kind of sandbox can do on this machine, for the tests that depend on it. */
export interface ContractCapabilities {
  /** Options that every opening needs, such as an image. */
  readonly options?: Partial<OpenSandboxOptions>
  /** False where a refused fork may be all that is seen of the limit on processes. */
  readonly reportsProcesses: boolean
  /** True where the CPU is limited by control groups of the core's own making. */
  readonly hasCpuGroups: boolean
}

/** By the core's control groups, where this machine lets us make some. */
export const coreCapabilities: ContractCapabilities = {
  reportsProcesses: cgroupParents.some((parent) => parent.controllers.includes('pids')),
  hasCpuGroups: cgroupParents.some((parent) => parent.controllers.includes('cpu')),
}

/** A closed folder for each test of a file, with a workspace in it, and sandboxes opened on that workspace. */
export interface TestBed {
  readonly folder: string
  readonly workspace: string
  open(
    name: SandboxName,
    limits?: Partial<OpenSandboxOptions['limits']>,
    options?: Partial<OpenSandboxOptions>,
  ): Promise<Sandbox>
}

/** Call it once at the top of a test file: its folders are made before each test and removed after it. */
export function useTestBed(): TestBed {
  let folder = ''
  let workspace = ''
  beforeEach(async () => {
    // Closed to everyone else on the way down, as the home folder of root is.
    folder = await realpath(await mkdtemp(join(tmpdir(), 'mlrbench-sandbox-test-')))
    workspace = join(folder, 'closed', 'workspace')
    await mkdir(workspace, { recursive: true })
    await chmod(join(folder, 'closed'), 0o700)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    get folder() {
      return folder
    },
    get workspace() {
      return workspace
    },
    open: (name, limits = {}, options = {}) =>
      openSandbox(name, { workspace, network: 'none', limits: { ...defaultLimits, ...limits }, ...options }),
  }
}

/** What every sandbox has to keep to; a test file calls it once for its sandbox. */
export function sandboxContract(name: SandboxName, skipped: boolean, capabilities: ContractCapabilities): void {
  const bed = useTestBed()
  const open = (limits: Partial<OpenSandboxOptions['limits']> = {}, options: Partial<OpenSandboxOptions> = {}) =>
    bed.open(name, limits, { ...capabilities.options, ...options })

  describe.skipIf(skipped)(`${name} sandbox keeps the contract:`, () => {
    test('a command runs in the workspace, with node, and its files are the harness’s to read, write and remove', async () => {
      await writeFile(join(bed.workspace, 'given.txt'), 'given')
      await mkdir(join(bed.workspace, 'sub'))
      await using sandbox = await open()
      const result = await run(sandbox, [
        'node',
        '-e',
        'const fs=require("fs"); fs.writeFileSync("sub/made.txt", fs.readFileSync("given.txt","utf8")+process.version); fs.appendFileSync("given.txt","!")',
      ])
      expect(result).toMatchObject({ exitCode: 0, output: '', exceededLimit: null, outputTruncated: false })
      expect(await readFile(join(bed.workspace, 'sub', 'made.txt'), 'utf8')).toBe(`given${process.version}`)
      await writeFile(join(bed.workspace, 'sub', 'made.txt'), 'mine')
      await writeFile(join(bed.workspace, 'sub', 'later.txt'), 'put there between two commands')
      expect(await shell(sandbox, 'cat sub/made.txt && echo more >> sub/later.txt')).toMatchObject({ output: 'mine' })
      expect(await readFile(join(bed.workspace, 'sub', 'later.txt'), 'utf8')).toMatch(/more\n$/)
      await rm(join(bed.workspace, 'sub'), { recursive: true })
      expect(await readdir(bed.workspace)).toEqual(['given.txt'])
    })

    test('files that the command closed to everyone can still be read and removed', async () => {
      await using sandbox = await open()
      await shell(sandbox, 'mkdir -p a/b && echo x > a/b/c && chmod 000 a/b/c a/b a')
      expect(await readFile(join(bed.workspace, 'a', 'b', 'c'), 'utf8')).toBe('x\n')
      await rm(join(bed.workspace, 'a'), { recursive: true })
    })

    test('the workspace belongs to the same user afterwards as before', async () => {
      const before = await stat(bed.workspace)
      {
        await using sandbox = await open()
        await shell(sandbox, 'echo x > made')
      }
      const made = await stat(join(bed.workspace, 'made'))
      expect([made.uid, (await stat(bed.workspace)).uid]).toEqual([before.uid, before.uid])
    })

    test('a link the command left is only a link: what it points to is neither opened nor changed', async () => {
      const outside = join(bed.folder, 'outside')
      await mkdir(outside)
      await writeFile(join(outside, 'file'), 'untouched', { mode: 0o400 })
      const before = await lstat(join(outside, 'file'))
      {
        await using sandbox = await open()
        await shell(sandbox, `ln -s ${outside} folder-link; ln -s ${outside}/file file-link`)
        await shell(sandbox, 'true')
      }
      expect(await readlink(join(bed.workspace, 'file-link'))).toBe(join(outside, 'file'))
      const after = await lstat(join(outside, 'file'))
      expect([after.uid, after.mode, after.ctimeMs]).toEqual([before.uid, before.mode, before.ctimeMs])
      await rm(bed.workspace, { recursive: true })
      expect(await readdir(outside)).toEqual(['file'])
    })

    test('exit codes are values, as a shell reports them', async () => {
      await using sandbox = await open()
      expect(await shell(sandbox, 'exit 3')).toMatchObject({ exitCode: 3, exceededLimit: null })
      expect(await run(sandbox, ['no-such-program'])).toMatchObject({ exitCode: 127, exceededLimit: null })
      expect(await shell(sandbox, 'kill -9 $$')).toMatchObject({ exitCode: 137, exceededLimit: null })
    })

    test('arguments arrive as they are, whatever they hold', async () => {
      await using sandbox = await open()
      const odd = ['$HOME `id` "\'; echo', '--', '', 'a\nb', '*']
      const result = await run(sandbox, ['node', '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...odd])
      expect(JSON.parse(result.output)).toEqual(odd)
    })

    test('standard output and error come in the order they were written, and input is empty', async () => {
      await using sandbox = await open()
      const result = await shell(sandbox, 'cat; for i in 1 2 3; do echo out$i; echo err$i >&2; done')
      expect(result.output).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\n')
      expect(result.outputBytes).toBe(30)
    })

    test('of 100 MB of output head and tail are kept', async () => {
      await using sandbox = await open()
      const script = 'echo first; head -c 99999989 /dev/zero | tr "\\0" x; echo last'
      const result = await shell(sandbox, script, { maxOutputBytes: 10_000 })
      expect(result).toMatchObject({ exitCode: 0, outputTruncated: true, outputBytes: 100_000_000 })
      expect(result.output).toMatch(/^first\nx+\n\[99990000 bytes of output left out\]\nx+last\n$/)
      expect(result.output.length).toBeLessThan(10_100)
    })

    test('the environment holds nothing of the harness’s, and what the caller adds', async () => {
      vi.stubEnv('MLRBENCH_TEST_SECRET', 'swordfish')
      try {
        await using sandbox = await open()
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
      await using sandbox = await open()
      const script = 'ls -A $HOME; touch $HOME/file $TMPDIR/file && [ -e $HOME/file ] && echo written'
      expect((await shell(sandbox, script)).output).toBe('written\n')
      expect((await shell(sandbox, script)).output).toBe('written\n')
    })

    test('wall time ends the command and all it started, daemons too', async () => {
      await using sandbox = await open()
      const napping = nap()
      const script = `setsid ${napping} & (setsid sh -c '${napping} & ${napping}' &) ; echo up; ${napping}`
      // long enough for the slowest kind to have started it
      const result = await shell(sandbox, script, { timeoutMs: 4_000 })
      expect(result).toMatchObject({ exitCode: null, exceededLimit: 'wall-time', output: 'up\n' })
      expect(await findProcesses(napping)).toEqual([])
    })

    test('what a command leaves running in the background dies with it', async () => {
      await using sandbox = await open()
      const napping = nap()
      const result = await shell(
        sandbox,
        `${napping} & setsid ${napping} & (setsid ${napping} > /dev/null &) ; echo up`,
      )
      expect(result).toMatchObject({ exitCode: 0, output: 'up\n', exceededLimit: null })
      expect(await findProcesses(napping)).toEqual([])
    })

    test('an abort rejects with its reason and leaves no process; one before the start starts nothing', async () => {
      await using sandbox = await open()
      const napping = nap()
      const controller = new AbortController()
      const running = shell(sandbox, `touch running; setsid ${napping} & ${napping}`, { signal: controller.signal })
      await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 10_000 })
      controller.abort(new Error('enough'))
      await expect(running).rejects.toThrow('enough')
      expect(await findProcesses(napping)).toEqual([])
      await expect(shell(sandbox, 'touch again', { signal: controller.signal })).rejects.toThrow('enough')
      expect(await readdir(bed.workspace)).toEqual(['running'])
    })

    test('closing ends what still runs and refuses what comes later', async () => {
      const sandbox = await open()
      const napping = nap()
      const running = shell(sandbox, `touch running; ${napping}`)
      await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 10_000 })
      await Promise.all([expect(running).rejects.toThrow('closed'), sandbox[Symbol.asyncDispose]()])
      expect(await findProcesses(napping)).toEqual([])
      await expect(shell(sandbox, 'true')).rejects.toThrow('closed')
    })

    test('memory is limited for all processes together', async () => {
      await using sandbox = await open({ memoryBytes: 400 * mebibyte })
      // Ends when one of its children does; only a limit makes that happen soon.
      const parent = `
        const hold = "const held = Buffer.alloc(150e6, 1); setTimeout(() => held.length, 20_000)"
        const { spawn } = require("child_process")
        for (let i = 0; i < 4; i++) spawn("node", ["-e", hold]).on("exit", () => process.exit(1))`
      const result = await run(sandbox, ['node', '-e', parent])
      expect(result.exceededLimit).toBe('memory')
    })

    test('memory is limited for one process, and what fits runs', async () => {
      await using sandbox = await open({ memoryBytes: 400 * mebibyte })
      const hold = (bytes: number, forMs: number) => [
        'node',
        '-e',
        `const held = Buffer.alloc(${bytes}, 1); setTimeout(() => held.length, ${forMs})`,
      ]
      expect(await run(sandbox, hold(100e6, 0))).toMatchObject({ exitCode: 0, exceededLimit: null })
      expect(await run(sandbox, hold(600e6, 20_000))).toMatchObject({ exitCode: null, exceededLimit: 'memory' })
    })

    test('processes are limited, and the next command runs again', async () => {
      await using sandbox = await open({ processes: 40 })
      const napping = nap()
      const result = await shell(sandbox, `for i in $(seq 120); do ${napping} & done; wait`)
      // Where the kernel does not count them for us, a refused fork may be all that is seen.
      expect(capabilities.reportsProcesses ? ['processes'] : ['processes', null]).toContain(result.exceededLimit)
      expect(result.exitCode).not.toBe(0)
      expect(await findProcesses(napping)).toEqual([])
      expect(await shell(sandbox, 'for i in $(seq 20); do sleep 0.01 & done; wait')).toMatchObject({
        exitCode: 0,
        exceededLimit: null,
      })
    })

    test('the workspace cannot grow beyond its limit, and can be cleaned up afterwards', async () => {
      await using sandbox = await open({ diskBytes: 20 * mebibyte })
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
      await using sandbox = await open({ diskBytes: 20 * mebibyte })
      expect(await shell(sandbox, 'exec head -c 90M /dev/zero > big')).toMatchObject({ exceededLimit: 'disk' })
      await rm(join(bed.workspace, 'big'))
      const script = 'mkdir d; for i in 1 2 3; do head -c 10M /dev/zero > d/$i; done; chmod 000 d; sleep 20'
      expect(await shell(sandbox, script)).toMatchObject({ exceededLimit: 'disk', exitCode: null })
    })

    test('two sandboxes and two commands in each run side by side', async () => {
      const other = join(bed.folder, 'other')
      await mkdir(other)
      await using first = await open()
      await using second = await open({}, { workspace: other })
      // Each waits for the other in its workspace: one after the other they would wait in vain.
      const both = (index: number) => `[ -e mine${index & 2} ] && [ -e mine${index | 1} ]`
      const results = await Promise.all(
        [first, first, second, second].map((sandbox, index) =>
          shell(
            sandbox,
            `touch mine${index}; for i in $(seq 200); do ${both(index)} && break; sleep 0.05; done; ls; exit ${index}`,
          ),
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
      await expect(open({}, { workspace: join(bed.folder, 'missing') })).rejects.toThrow('missing')
    })

    test('a workspace may be named through a link', async () => {
      await symlink(bed.workspace, join(bed.folder, 'link'))
      await using sandbox = await open({}, { workspace: join(bed.folder, 'link') })
      await shell(sandbox, 'touch here')
      expect(await readdir(bed.workspace)).toEqual(['here'])
    })

    test('a conversation gives input, and tells lines of both outputs apart while the command runs', async () => {
      await using sandbox = await open()
      const { lines, conversation } = converse('first\nsecond')
      const script =
        'cat; echo; echo to error >&2; while [ ! -e heard ]; do sleep 0.05; done; printf "no line break"; exit 7'
      const running = shell(sandbox, script, { conversation })
      // Only a line that was told before the end of the command can make it go on.
      await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 10_000 })
      await writeFile(join(bed.workspace, 'heard'), '')
      const result = await running
      expect(result).toMatchObject({ exitCode: 7, exceededLimit: null })
      expect(lines.filter((line) => line.stream === 'output').map((line) => line.text)).toEqual([
        'first',
        'second',
        'no line break',
      ])
      expect(lines.filter((line) => line.stream === 'error')).toEqual([
        { stream: 'error', text: 'to error', isCut: false },
      ])
      expect(result.outputBytes).toBe('first\nsecond\nto error\nno line break'.length)
    })

    test('standard input, output and error can be opened again by their names', async () => {
      await using sandbox = await open()
      const script = 'echo out > /dev/stdout; echo err > /dev/stderr; echo both | tee /dev/stderr; cat /dev/stdin'
      expect((await shell(sandbox, script)).output).toBe('out\nerr\nboth\nboth\n')
      const { lines, conversation } = converse('given')
      await shell(sandbox, script, { conversation })
      const texts = (stream: string) => lines.filter((line) => line.stream === stream).map((line) => line.text)
      expect([texts('output'), texts('error')]).toEqual([
        ['out', 'both', 'given'],
        ['err', 'both'],
      ])
    })

    test('a conversation ends as any command does: exit codes, signals, programs that are not there', async () => {
      await using sandbox = await open()
      const { conversation, lines } = converse('')
      expect(await shell(sandbox, 'kill -9 $$', { conversation })).toMatchObject({ exitCode: 137, exceededLimit: null })
      expect(await shell(sandbox, 'kill -TERM $$', { conversation })).toMatchObject({ exitCode: 143 })
      expect(await run(sandbox, ['no-such-program'], { conversation })).toMatchObject({ exitCode: 127 })
      expect(lines.at(-1)?.text).toContain('no-such-program')
    })

    test('a conversation ends at its limits and leaves no process', async () => {
      await using sandbox = await open()
      const napping = nap()
      const { conversation } = converse('')
      const timed = await shell(sandbox, `setsid ${napping} & ${napping}`, { conversation, timeoutMs: 4_000 })
      expect(timed).toMatchObject({ exitCode: null, exceededLimit: 'wall-time' })
      const background = await shell(sandbox, `${napping} & setsid ${napping} & echo up`, { conversation })
      expect(background).toMatchObject({ exitCode: 0, output: 'up\n' })
      expect(await findProcesses(napping)).toEqual([])
    })

    test('a conversation that prints more than it may is ended, and nothing beyond is told', async () => {
      await using sandbox = await open()
      const { conversation, lines } = converse('')
      const options = { conversation: { ...conversation, endAfterBytes: 100_000 } }
      const result = await shell(sandbox, 'while :; do echo 123456789; done', options)
      expect(result).toMatchObject({ exitCode: null, exceededLimit: 'output' })
      expect(lines.length).toBe(10_000)
      expect(new Set(lines.map((line) => line.text))).toEqual(new Set(['123456789']))
    })

    test('of a line of 200 MB the beginning is kept and memory stays bounded', async () => {
      await using sandbox = await open({ memoryBytes: 400 * mebibyte })
      const { conversation, lines } = converse('')
      const before = process.memoryUsage().rss
      let mostBytes = 0
      const meter = setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage().rss)), 20)
      try {
        const script = 'head -c 200000000 /dev/zero | tr "\\0" x; echo; echo after'
        const result = await shell(sandbox, script, { conversation })
        expect(result).toMatchObject({ exitCode: 0, exceededLimit: null, outputBytes: 200_000_007 })
      } finally {
        clearInterval(meter)
      }
      expect(lines.map((line) => [line.text.length, line.isCut])).toEqual([
        [16 * mebibyte, true],
        [5, false],
      ])
      expect(mostBytes - before).toBeLessThan(150 * mebibyte)
    })

    test('what a listener to lines throws ends the command and comes back', async () => {
      await using sandbox = await open()
      const onLine = () => {
        throw new Error('no such line was expected')
      }
      const running = shell(sandbox, 'echo line; sleep 20', { conversation: { ...converse('').conversation, onLine } })
      await expect(running).rejects.toThrow('no such line was expected')
    })

    test('files are made in the home of the command, for itself alone, and are gone for the next', async () => {
      await using sandbox = await open()
      const homeFiles = { '.config/deep/settings.json': '{"key":"€"}', '.plain': 'x' }
      const script = 'cd && cat .config/deep/settings.json .plain && stat -c %a .plain && echo more >> .plain'
      expect(await shell(sandbox, script, { homeFiles })).toMatchObject({ exitCode: 0, output: '{"key":"€"}x600\n' })
      expect((await shell(sandbox, 'ls -A ~')).output).toBe('')
      await expect(shell(sandbox, 'true', { homeFiles: { '../outside': 'x' } })).rejects.toThrow('../outside')
    })

    test('the environment of a command in conversation is the same as of any other', async () => {
      await using sandbox = await open()
      const environment = { GIVEN: 'a "b" €\n2', NODE_OPTIONS: '--no-warnings' }
      const script = `env -0 | tr '\\0' '\\1' | tr '\\n' ' '`
      const variables = async (options: Partial<ExecOptions>) => {
        const { output } = await shell(sandbox, script, { environment, ...options })
        return output
          .split('\u0001')
          .map((entry) => entry.replace(/(mlrbench-sandbox-|home-)\w+/g, '$1').replace(/=[0-9a-f-]{36}$/, '='))
          .filter((entry) => !/^(_|SHLVL)=/.test(entry))
          .toSorted()
      }
      const plain = await variables({})
      expect(plain).toContain('GIVEN=a "b" € 2')
      expect(await variables({ conversation: converse('').conversation })).toEqual(plain)
    })

    test('caches are kept in the workspace from one command to the next', async () => {
      await using sandbox = await open()
      const names = 'HF_HOME TORCH_HOME PIP_CACHE_DIR XDG_CACHE_HOME'
      await shell(sandbox, `for n in ${names}; do eval d=\\$$n; mkdir -p $d; touch $d/$n; done`)
      expect((await shell(sandbox, 'ls $HF_HOME')).output).toBe('HF_HOME\n')
      expect(await readdir(join(bed.workspace, '.cache'))).toEqual(['XDG_CACHE_HOME', 'huggingface', 'pip', 'torch'])
      expect((await shell(sandbox, 'echo $HF_HOME', { environment: { HF_HOME: '/elsewhere' } })).output).toBe(
        '/elsewhere\n',
      )
    })

    test('a server of the harness is reached under its endpoint, by every command and many times at once', async () => {
      const socketPath = join(bed.folder, 'closed', 'gateway.sock')
      const server = http.createServer((request, response) => {
        let body = ''
        request.on('data', (chunk: Buffer) => (body += chunk.toString()))
        request.on('end', () => response.end(`${request.method} ${request.url} ${body.length}`))
      })
      server.listen(socketPath)
      await once(server, 'listening')
      try {
        await using sandbox = await open({}, { sockets: { gateway: socketPath } })
        const url = sandbox.endpoints['gateway']
        expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
        const ask = `
          const ask = (i) => fetch("${url}/v1?" + i, { method: "POST", body: "x".repeat(100_000) }).then((r) => r.text())
          Promise.all(Array.from({ length: 20 }, (_, i) => ask(i))).then((all) => console.log(all.join("\\n")))`
        const expected = Array.from({ length: 20 }, (_, index) => `POST /v1?${index} 100000\n`).join('')
        const results = await Promise.all([
          run(sandbox, ['node', '-e', ask]),
          run(sandbox, ['node', '-e', ask], { conversation: converse('').conversation }),
        ])
        expect(results.map((result) => result.output)).toEqual([expected, expected])
      } finally {
        server.close()
        server.closeAllConnections()
      }
    })

    test('an endpoint is not served any more when its sandbox is closed, and its socket stays', async () => {
      const socketPath = join(bed.folder, 'closed', 'gateway.sock')
      const server = net.createServer((socket) => socket.end('hello'))
      server.listen(socketPath)
      await once(server, 'listening')
      try {
        const sandbox = await open({}, { sockets: { gateway: socketPath } })
        const port = Number(new URL(sandbox.endpoints['gateway'] ?? '').port)
        await sandbox[Symbol.asyncDispose]()
        const refused = net.connect(port, '127.0.0.1')
        const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException]
        expect(error.code).toBe('ECONNREFUSED')
        expect((await lstat(socketPath)).isSocket()).toBe(true)
      } finally {
        server.close()
      }
    })

    test.skipIf(name === 'host')('hosts that are not on the list are refused and told', async () => {
      const refusals: EgressRefusal[] = []
      const onEgressRefused = (refusal: EgressRefusal) => void refusals.push(refusal)
      await using sandbox = await open({}, { network: { allow: ['package-index', 'example.org'] }, onEgressRefused })
      const ask = `
        const { hostname: host, port } = new URL(process.env.HTTPS_PROXY)
        const [method, path] = process.argv.slice(1)
        require("http").request({ host, port, method, path })
          .on("response", (response) => response.pipe(process.stdout))
          .on("connect", (response) => { console.log(response.statusCode); process.exit() })
          .end()`
      const plain = await run(sandbox, ['node', '-e', ask, 'GET', 'http://other.example/x'])
      expect(plain.output).toBe('other.example:80: not among the hosts that are allowed\n')
      expect((await run(sandbox, ['node', '-e', ask, 'CONNECT', 'evil.example:443'])).output).toBe('403\n')
      expect((await run(sandbox, ['node', '-e', ask, 'CONNECT', 'pypi.org:22'])).output).toBe('403\n')
      expect((await run(sandbox, ['node', '-e', ask, 'GET', 'http://169.254.169.254/'])).output).toContain('an address')
      expect(refusals.map(({ host, port }) => `${host}:${port}`)).toEqual([
        'other.example:80',
        'evil.example:443',
        'pypi.org:22',
        '169.254.169.254:80',
      ])
    })

    test.runIf(name === 'host')('a list of hosts that cannot be enforced is refused', async () => {
      await expect(open({}, { network: { allow: ['example.org'] } })).rejects.toThrow(PrerequisiteError)
    })

    test('a proxy lets commands reach what is allowed', async () => {
      const socketPath = join(bed.folder, 'closed', 'outside.sock')
      const server = http.createServer((request, response) => response.end(`${request.headers.host} ${request.url}`))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as net.AddressInfo
      // the loopback server stands for all of the internet
      const internet = { resolve: async () => ['93.184.215.14'], connect: () => net.connect(port, '127.0.0.1') }
      const onRefused = () => {}
      try {
        await using _proxy = await openEgressProxy({ socketPath, allow: ['allowed.test'], onRefused, internet })
        await using sandbox = await open({}, { sockets: { outside: socketPath } })
        const environment = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: sandbox.endpoints['outside'] ?? '' }
        const ask = 'fetch("http://allowed.test/file").then(r => r.text()).then(t => console.log(t))'
        expect((await run(sandbox, ['node', '-e', ask], { environment })).output).toBe('allowed.test /file\n')
      } finally {
        server.close()
        server.closeAllConnections()
      }
    })

    test('a command that ends its relay ends itself', async () => {
      await using sandbox = await open()
      const napping = nap()
      const { conversation } = converse('')
      const result = await shell(sandbox, `echo up; setsid ${napping} & sleep 0.2; kill -9 $PPID; ${napping}`, {
        conversation,
      })
      expect(result).toMatchObject({ exitCode: 137, exceededLimit: null, output: 'up\n' })
      expect(await findProcesses(napping)).toEqual([])
    })

    test('out of memory is the limit that ended a conversation, too', async () => {
      await using sandbox = await open({ memoryBytes: 400 * mebibyte })
      const { conversation } = converse('')
      const hold = 'const held = Buffer.alloc(600e6, 1); setTimeout(() => held.length, 20_000)'
      const result = await run(sandbox, ['node', '-e', hold], { conversation })
      expect(result).toMatchObject({ exitCode: null, exceededLimit: 'memory' })
    })

    test('read-only files and folders can be read under the path the sandbox tells', async () => {
      const shown = join(bed.folder, 'closed', 'shown')
      await mkdir(join(shown, 'sub'), { recursive: true })
      await writeFile(join(shown, 'sub', 'data.txt'), 'data')
      await writeFile(join(bed.folder, 'closed', 'one.txt'), 'one')
      const readOnly = { '/caches/deep/hub': shown, '/srv/one.txt': join(bed.folder, 'closed', 'one.txt') }
      await using sandbox = await open({}, { readOnly })
      const folder = sandbox.resolveReadOnly('/caches/deep/hub/sub')
      const file = sandbox.resolveReadOnly('/srv/one.txt')
      expect((await shell(sandbox, `cat ${folder}/data.txt ${file}`)).output).toBe('dataone')
      expect(sandbox.resolveReadOnly('/usr/bin')).toBe('/usr/bin')
    })

    test('read-only folders that are not there, or would cover what the sandbox needs, are refused', async () => {
      const refused = (readOnly: Record<string, string>) =>
        expect(open({}, { readOnly })).rejects.toThrow(PrerequisiteError)
      await refused({ '/data': join(bed.folder, 'missing') })
      for (const at of ['/', '/workspace', '/workspace/data', '/proc/x', '/dev', '/tmp/home/x', '/usr', '/opt', 'x'])
        await refused({ [at]: bed.folder })
    })

    test.for(['SIGKILL', 'SIGINT'] as const)(
      'a harness that ends by %s leaves no process, no folder of its own and no control group',
      async (signal) => {
        const napping = nap()
        const program = fileURLToPath(new URL('hold-sandbox.ts', import.meta.url))
        // On the host a process that hides from its mark is found by its control group alone.
        const hiding = name === 'host' && cgroupParents.length === 0 ? '' : 'env -i'
        const script = `touch running; setsid ${napping} & ${hiding} setsid ${napping} & ${napping}`
        const temporary = join(bed.folder, 'closed', 'temporary')
        await mkdir(temporary)
        const { uid } = await stat(bed.workspace)
        const given = JSON.stringify({ name, workspace: bed.workspace, options: capabilities.options, script })
        const harness = spawn(process.execPath, [program, given], { env: { ...process.env, TMPDIR: temporary } })
        await vi.waitFor(() => stat(join(bed.workspace, 'running')), { timeout: 20_000, interval: 50 })
        await vi.waitFor(async () => expect(await findProcesses(napping)).not.toEqual([]), 10_000)
        expect(await readdir(temporary)).not.toEqual([])
        harness.kill(signal)
        await once(harness, 'exit')
        const left = async () => [
          ...(await findProcesses(napping)),
          ...(await readdir(temporary)),
          ...(await listGroupsOf(harness.pid)),
          ...((await stat(bed.workspace)).uid === uid ? [] : ['the workspace of someone else']),
        ]
        await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 20_000, interval: 50 })
        const mounts = await readFile('/proc/self/mountinfo', 'utf8')
        expect(mounts).not.toContain(bed.folder)
        await using next = await open()
        expect((await shell(next, 'echo fine')).output).toBe('fine\n')
      },
    )

    test('descriptors that the harness was started with are not handed on', async () => {
      const program = fileURLToPath(new URL('hold-sandbox.ts', import.meta.url))
      await using secret = await openFile(bed.folder, 'r')
      const script = 'found=$(for n in /proc/self/fd/*; do readlink $n; done); echo "$found" > found'
      const given = JSON.stringify({ name, workspace: bed.workspace, options: capabilities.options, script })
      const between = Array.from({ length: 37 }, () => 'ignore' as const)
      const stdio = ['ignore', 'inherit', 'inherit', ...between, secret.fd] as const
      const harness = spawn(process.execPath, [program, given], { stdio: [...stdio] })
      await once(harness, 'exit')
      const found = await readFile(join(bed.workspace, 'found'), 'utf8')
      expect(found).toContain('pipe:')
      expect(found).not.toContain('mlrbench-sandbox-test-')
    })

    test('a closed sandbox leaves nothing of its own behind', async () => {
      const temporary = join(bed.folder, 'closed', 'temporary')
      await mkdir(temporary)
      vi.stubEnv('TMPDIR', temporary)
      const sandbox = await open()
      await shell(sandbox, 'touch ~/x')
      const [own = 'none'] = await readdir(temporary)
      // the reaper, which knows the folder
      expect(await findProcesses(own)).toHaveLength(1)
      await sandbox[Symbol.asyncDispose]()
      await vi.waitFor(async () => expect(await findProcesses(own)).toEqual([]), 10_000)
      expect(await readdir(temporary)).toEqual([])
    })

    test.skipIf(!capabilities.hasCpuGroups)(
      'the CPU quota is set while the sandbox is open, and its groups are gone afterwards',
      async () => {
        const before = await listOwnGroups()
        {
          await using sandbox = await open({ cpus: 1.5 })
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

export function run(sandbox: Sandbox, argv: readonly string[], options: Partial<ExecOptions> = {}) {
  return sandbox.exec(argv, { timeoutMs: 30_000, maxOutputBytes: 100_000, ...options })
}

export function shell(sandbox: Sandbox, script: string, options: Partial<ExecOptions> = {}) {
  return run(sandbox, ['sh', '-c', script], options)
}

/** A conversation that keeps the lines it is told. */
function converse(input: string): { lines: OutputLine[]; conversation: ConversationOptions } {
  const lines: OutputLine[] = []
  const onLine = (line: OutputLine) => void lines.push(line)
  return { lines, conversation: { input, onLine, endAfterBytes: 2 ** 30 } }
}

/** A command that sleeps for long and that no other process has. */
export function nap(): string {
  return `sleep 1000.${randomInt(10 ** 9, 10 ** 10)}`
}

/** Processes of this machine, as the test sees it, that have this text in their command line. */
export async function findProcesses(text: string, { exactly = false } = {}): Promise<string[]> {
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
