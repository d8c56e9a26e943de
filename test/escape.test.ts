import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { sha256 } from '../src/base/hash.ts'
import { watchWorkspace } from '../src/coders/workspace-watch.ts'
import { openEgressProxy } from '../src/sandboxes/egress-proxy.ts'
import { defaultLimits, openSandbox, sandboxes } from '../src/sandboxes/index.ts'
import { modelSettingsSchema, type SandboxSpec } from '../src/schema/config.ts'
import { collectResults, takeFile } from '../src/stages/collect-results.ts'
import { openContainerStore } from './support/hostile/container-store.ts'
import { playHostile, readAllTold, writeReport } from './support/hostile/play-hostile.ts'
import { skipUnless } from './support/require-tool.ts'
import { findProcesses, mebibyte, nap, run } from './support/sandbox-contract.ts'

const store = await openContainerStore()
const lacksBubblewrap = skipUnless('bubblewrap', await sandboxes.bubblewrap.unavailable())
const lacksContainers = skipUnless('a working Podman', 'reason' in store ? store.reason : null)
const gibibyte = 1024 * mebibyte

afterAll(async () => {
  if (!('reason' in store)) await store.remove()
})

async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'escape-')))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Of the tests that run one at a time. */
let folder = ''
const made: string[] = []
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'escape-')))
  made.push(folder)
  // other users have no business here, as in a home folder
  await chmod(folder, 0o700)
})
afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true })
})

const kinds: [kind: string, skipped: boolean, sandbox: Partial<SandboxSpec> & Pick<SandboxSpec, 'kind'>][] = [
  ['bubblewrap', lacksBubblewrap, { kind: 'bubblewrap' }],
  ['container', lacksContainers, { kind: 'container', image: 'localhost/mlrbench/test' }],
]

describe.each(kinds)('from %s', (_kind, skipped, sandbox) => {
  describe.skipIf(skipped)('there is no way to', () => {
    const limits = { ...sandbox, memoryBytes: 512 * mebibyte, diskBytes: 256 * mebibyte, processes: 64, cpus: 2 }

    test('a key: not in any process, file or answer that can be seen inside, nor in what is kept of the run', async () => {
      const played = await playHostile({
        folder,
        sandbox: { ...limits, diskBytes: gibibyte },
        command: (programs) => `
          export ASKED=$(node -e '
            fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST", headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY },
              body: JSON.stringify({ model: "gpt-4o-mini", messages: [] }) }).then((r) => r.text()).then(console.log)')
          node ${programs}/find-keys.mjs; node -e 'process.abort()' 2> aborted; ls -A > left; ${writeReport}`,
      })
      expect(played.outcome).toEqual({ status: 'done', reused: false })
      // it is there to be stolen: the provider was shown it
      expect(played.requests.map(({ headers }) => headers['authorization'])).toEqual([`Bearer ${played.key}`])
      expect(played.told['counts']).toMatchObject({ environments: expect.any(Number) as number })
      const { environments, files, memoryBytes } = played.told['counts'] as Record<string, number>
      expect(environments).toBeGreaterThan(2)
      expect(files).toBeGreaterThan(4)
      expect(memoryBytes).toBeGreaterThan(mebibyte)
      const loot = await readFile(join(played.workspace, 'loot'))
      // what is known inside is found by this search
      expect(loot.includes('OPENAI_API_KEY=')).toBe(true)
      expect(await findInFiles(folder, played.key)).toEqual([])
      expect(JSON.stringify(played.outcome)).not.toContain(played.key)
      expect(await readFile(join(played.workspace, 'left'), 'utf8')).not.toContain('core')
    })

    test('more than its models through the gateway, however it asks', async () => {
      let strayRequests = 0
      await using other = await listen((_request, response) => {
        strayRequests += 1
        response.end()
      })
      const played = await playHostile({
        folder,
        sandbox: limits,
        command: (programs) => `node ${programs}/ask-gateway.mjs ${other.origin}; ${writeReport}`,
        answer({ text, headers }) {
          const echo = JSON.stringify({ error: { message: `you sent ${JSON.stringify(headers)}` } })
          const status = /echo (\d+)/.exec(text)?.[1]
          if (status !== undefined) return { kind: 'status', status: Number(status), body: echo }
          if (text.includes('redirect')) return { kind: 'redirect', location: `${other.origin}/v1/chat/completions` }
          return { kind: 'message', text: 'Yes.', usage: { input: 10, output: 10 } }
        },
      })
      // the answer to it may be lost when its connection is closed
      const { 'a header without end': endless, ...told } = played.told
      expect([[431], []]).toContainEqual(endless)
      expect(told).toEqual({
        'no token': [401],
        'wrong token': [401],
        'the token in a place of nobody': [401],
        'a folder above': [404],
        'a folder above, encoded': [404],
        'no caller': [404],
        'an unknown caller': [404],
        'a caller without a route': [404],
        'openai files': [404],
        'openai batches': [404],
        'openai fine_tuning/jobs': [404],
        'openai assistants': [404],
        'openai vector_stores': [404],
        'openai organization/api_keys': [404],
        'openai files, read': [404],
        'anthropic files': [404],
        'google files': [404],
        'a path in the name of a model': [404],
        'another model': [404],
        'a line break in the name of a model': [404],
        'an address in full': [404],
        'a tunnel': [],
        'a websocket': [404],
        trace: [404],
        delete: [404],
        'both lengths': [400],
        'two lengths': [400],
        'a folded header': [400],
        'no http': [400],
        'echo, status 400': [400],
        'echo, status 500': [500],
        redirect: [502],
        'echo, status 401': [402],
        'after the provider refused the key': [402],
      })
      expect(played.requests.map(({ text }) => text)).toEqual(['echo 400', 'echo 500', 'redirect', 'echo 401'])
      for (const { headers } of played.requests) {
        expect(headers['authorization']).toBe(`Bearer ${played.key}`)
        for (const name of ['cookie', 'x-forwarded-host', 'x-api-key']) expect(headers).not.toHaveProperty(name)
      }
      expect(strayRequests).toBe(0)
      expect(await findInFiles(folder, played.key)).toEqual([])
      expect(new Set(played.eventsOf('gateway-refused').map(({ code }) => code))).toEqual(
        new Set(['token-wrong', 'not-found', 'model-not-allowed', 'not-authorised']),
      )
      expect(played.eventsOf('model-call-failed').map(({ code }) => code)).toEqual([
        'rejected-request',
        'provider-failed',
        'provider-failed',
        'not-authorised',
      ])
      expect(played.outcome).toMatchObject({ status: 'stopped', code: 'not-authorised' })
    })

    test('files of the host or of other trials, and nothing outside is written or changed', async () => {
      const secret = 'swordfish-of-another-trial'
      const trial = join(folder, 'trials', 'one')
      const other = join(folder, 'trials', 'two')
      await mkdir(other, { recursive: true })
      for (const name of ['idea.md', 'secret.txt']) await writeFile(join(other, name), secret, { mode: 0o666 })
      const played = await playHostile({
        folder: trial,
        sandbox: limits,
        command: (programs) => {
          const files = [
            join(other, 'idea.md'),
            join(folder, 'trials/one/trial.json'),
            '/etc/shadow',
            '/etc/machine-id',
          ]
          return `cd /workspace; node ${programs}/reach-files.mjs '${JSON.stringify({ files, secret })}'; ${writeReport}`
        },
      })
      expect(played.outcome).toEqual({ status: 'done', reused: false })
      const { reached, written, changed } = played.told
      expect({ reached, changed }).toEqual({ reached: [], changed: [] })
      for (const place of written as string[])
        expect(place).toMatch(/^\/(?:tmp|workspace|dev\/shm|dev\/mqueue)(?:\/|$)/)
      expect(await readFile(join(other, 'secret.txt'), 'utf8')).toBe(secret)
      expect(await readdir(other)).toEqual(['idea.md', 'secret.txt'])
    })

    test('the network: no service of the host, no address, no name, no other trial’s gateway', async () => {
      let reached = 0
      const count = (socket: net.Socket) => {
        reached += 1
        socket.destroy()
      }
      const addresses = Object.values(networkInterfaces())
        .flatMap((all) => all ?? [])
        .filter(({ internal, family }) => !internal && family === 'IPv4')
        .map(({ address }) => address)
      const [tcp, abstract, gateway] = [net.createServer(count), net.createServer(count), net.createServer(count)]
      const name = `mlrbench-escape-${process.pid}`
      const socket = join(folder, 'gateway.sock')
      const udp = dgram.createSocket('udp4', () => (reached += 1))
      try {
        tcp.listen(0, '::')
        abstract.listen(`\0${name}`)
        gateway.listen(socket)
        udp.bind(0, '127.0.0.1')
        await Promise.all([tcp, abstract, gateway, udp].map((server) => once(server, 'listening')))
        const where = {
          tcp: (tcp.address() as net.AddressInfo).port,
          udp: udp.address().port,
          abstract: name,
          socket,
          addresses,
        }
        const played = await playHostile({
          folder: join(folder, 'trial'),
          sandbox: limits,
          command: (programs) => `node ${programs}/reach-network.mjs '${JSON.stringify(where)}'; ${writeReport}`,
        })
        expect(played.outcome).toEqual({ status: 'done', reused: false })
        const { interfaces, datagram: _sent, ...others } = played.told
        expect(interfaces).toEqual(['lo'])
        expect(Object.keys(others).length).toBeGreaterThan(8)
        for (const [, outcome] of Object.entries(others))
          expect(['ECONNREFUSED', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENOENT', 'EAI_AGAIN', 'EPERM']).toContain(outcome)
        expect(reached).toBe(0)
      } finally {
        for (const server of [tcp, abstract, gateway]) server.close()
        udp.close()
      }
    })

    test('a host that is not allowed, however it is written', async () => {
      const asked: string[] = []
      const connected: string[] = []
      await using allowed = await listen((request, response) => {
        asked.push(`${request.headers.host} ${request.url}`)
        response.end('here')
      })
      // the loopback server stands for all of the internet
      const addresses: Record<string, string[]> = {
        'allowed.test': ['93.184.215.14'],
        'other.test': ['93.184.215.15'],
        'loopback.test': ['127.0.0.1', '::1'],
        'metadata.test': ['169.254.169.254', 'fd00:ec2::254'],
        'mapped.test': ['::ffff:169.254.169.254'],
        'unique-local.test': ['fd00:ec2::254'],
        'translated.test': ['64:ff9b::a9fe:a9fe'],
        'sixtofour.test': ['2002:a9fe:a9fe::1'],
        'private.test': ['10.0.0.1', '172.16.0.1', '192.168.0.1'],
        'shared.test': ['100.64.0.1'],
        'zero.test': ['0.0.0.0', '::'],
      }
      let rebound = 0
      const internet = {
        async resolve(host: string) {
          if (host === 'rebinding.test') return (rebound += 1) % 2 === 1 ? ['93.184.215.16'] : ['127.0.0.1']
          return addresses[host] ?? []
        },
        connect(address: string) {
          connected.push(address)
          return net.connect(Number(new URL(allowed.origin).port), '127.0.0.1')
        },
      }
      const refusals: string[] = []
      const socketPath = join(folder, 'outside.sock')
      const allow = Object.keys(addresses).filter((host) => host !== 'other.test')
      await using _proxy = await openEgressProxy({
        socketPath,
        allow: [...allow, 'rebinding.test'],
        onRefused: ({ host, port, reason }) => void refusals.push(`${host}:${port} ${reason}`),
        internet,
      })
      const workspace = join(folder, 'workspace')
      await mkdir(workspace)
      await using opened = await openSandbox(sandbox.kind, {
        workspace,
        network: 'none',
        limits: { ...defaultLimits, memoryBytes: 512 * mebibyte },
        sockets: { outside: socketPath },
        readOnly: { '/hostile': join(import.meta.dirname, 'support/hostile/inside') },
        ...(sandbox.image === undefined ? {} : { image: { name: sandbox.image, gpus: 0 } }),
      })
      const { output } = await run(opened, ['node', '/hostile/ask-proxy.mjs', opened.endpoints['outside'] ?? ''])
      const told = readAllTold(output)
      const { allowed: allowedStatus, ...others } = told
      expect(allowedStatus).toEqual([200])
      const rebinding = [0, 1, 2, 3].map((index) => told[`rebinding ${index}`])
      expect(rebinding).toEqual([[200], [403], [200], [403]])
      expect(told['a second request behind the first']).toEqual([200, 403])
      expect([[400], []]).toContainEqual(told['two lengths'])
      const refused = Object.entries(others).filter(
        ([name]) => !name.startsWith('rebinding') && !name.startsWith('a second') && !name.startsWith('two'),
      )
      expect(refused.length).toBeGreaterThan(60)
      const let_through = refused.filter(([, statuses]) => (statuses as number[]).some((status) => status < 400))
      // a fragment is no part of a request, and what stands before it is the host
      expect(let_through).toEqual([])
      expect(new Set(connected)).toEqual(new Set(['93.184.215.14', '93.184.215.16']))
      expect(new Set(asked)).toEqual(new Set(['allowed.test /', 'allowed.test /1', 'rebinding.test /']))
      expect(refusals.length).toBeGreaterThan(20)
      expect(refusals.filter((refusal) => !/^[a-z0-9._:[\]?-]+:\d+ /.test(refusal))).toEqual([])
    })

    test('the proxy unseen: what it refuses stands in the log', async () => {
      const connect = (authority: string) =>
        `node -e 'const u = new URL(process.env.HTTPS_PROXY); require("http").request({ host: u.hostname, port: u.port, method: "CONNECT", path: "${authority}" }).on("connect", (r) => { console.log(r.statusCode); process.exit() }).end()'`
      const played = await playHostile({
        folder,
        sandbox: { ...limits, network: { allow: ['package-index'] } },
        command: () =>
          `${['evil.example:443', '169.254.169.254:80', 'pypi.org:22', 'evil.example:443'].map(connect).join('; ')}; ${writeReport}`,
      })
      expect(played.outcome.status).toBe('done')
      expect(await readFile(join(played.attemptFolder, 'stream.jsonl'), 'utf8')).toBe('403\n403\n403\n403\n')
      expect(played.eventsOf('egress-refused').map(({ host, port }) => `${host}:${port}`)).toEqual([
        'evil.example:443',
        '169.254.169.254:80',
        'pypi.org:22',
      ])
    })
  })

  describe.skipIf(skipped)('an experiment that', () => {
    const limits = { ...sandbox, memoryBytes: 400 * mebibyte, diskBytes: 64 * mebibyte, processes: 60, cpus: 2 }
    const fill = (path: string, mebibytes: number) => `head -c ${mebibytes}M /dev/zero > ${path}`
    const hold = (bytes: number) =>
      `node -e 'const held = Buffer.alloc(${bytes}, 1); setTimeout(() => held.length, 30_000)'`
    const quick = { timeLimitMs: 4_000 }

    test.concurrent.each<{ does: string; command: string; endings: string[]; spec?: object }>([
      {
        does: 'forks without end',
        command: 'bomb() { bomb | bomb & }; bomb; sleep 30',
        endings: ['process-limit', 'time-limit'],
        spec: quick,
      },
      { does: 'takes all memory in one process', command: hold(700e6), endings: ['memory-limit'] },
      {
        does: 'takes all memory in many',
        command: `for i in 1 2 3 4 5 6; do ${hold(120e6)} & done; wait -n; exit 1`,
        endings: ['memory-limit'],
      },
      {
        does: 'takes all memory by temporary files',
        command: `for i in 1 2 3; do ${fill('/tmp/$i', 60)}; ${fill('/dev/shm/$i', 60)}; done; ${hold(150e6)}`,
        endings: ['memory-limit'],
      },
      {
        does: 'fills the workspace',
        command: `i=0; while :; do i=$((i+1)); ${fill('f$i', 4)}; done`,
        endings: ['disk-limit'],
      },
      { does: 'fills it with one file', command: `exec ${fill('big', 200)}`, endings: ['disk-limit', 'crashed'] },
      {
        does: 'prints 2 GB',
        command: 'head -c 2G /dev/zero | tr "\\0" x',
        endings: ['output-limit'],
        spec: { maxStreamBytes: 4 * mebibyte },
      },
      {
        does: 'prints 2 GB in lines',
        command: 'yes "{}" | head -c 2G',
        endings: ['output-limit'],
        spec: { maxStreamBytes: mebibyte },
      },
      { does: 'kills its relay', command: 'kill -9 $PPID; sleep 30', endings: ['crashed'] },
      { does: 'freezes its relay', command: 'kill -STOP $PPID; sleep 30', endings: ['time-limit'], spec: quick },
      { does: 'freezes all it can', command: 'kill -STOP -1; sleep 30', endings: ['time-limit'], spec: quick },
      {
        does: 'writes into the channel of its relay',
        command: 'echo garbage > /proc/$PPID/fd/1; sleep 30',
        endings: ['crashed', 'time-limit'],
        spec: quick,
      },
      {
        does: 'says through that channel that it ended',
        command: 'printf "\\004\\000\\000\\000\\004\\000\\000\\000\\000" > /proc/$PPID/fd/1; sleep 30',
        endings: ['time-limit'],
        spec: quick,
      },
      { does: 'sleeps on', command: 'trap "" TERM INT HUP; sleep 30', endings: ['time-limit'], spec: quick },
    ])('$does is ended, named, and leaves nothing', async ({ command, endings, spec = {} }) => {
      const napping = nap()
      await using own = await openFolder()
      const played = await playHostile({
        folder: own.path,
        sandbox: limits,
        spec: { timeLimitMs: 20_000, ...spec },
        command: () => `setsid ${napping} & (setsid nohup ${napping} > /dev/null 2>&1 &); ${writeReport}; ${command}`,
      })
      expect(played.outcome.status === 'rejected' ? played.outcome.error : null).toBeNull()
      expect(endings).toContain(played.ending)
      expect(played.outcome).toMatchObject(
        played.ending === 'crashed' ? { status: 'failed', code: 'coder-crashed' } : { status: 'done' },
      )
      expect(played.eventsOf('command-executed')).toHaveLength(1)
      expect(await findProcesses(napping)).toEqual([])
    })

    test.concurrent('leaves daemons that hold its output open is done when it is done', async () => {
      await using own = await openFolder()
      const napping = nap()
      const command = `${napping} & setsid ${napping} & (setsid sh -c '${napping} & ${napping}' &); ${writeReport}`
      const played = await playHostile({ folder: own.path, sandbox: limits, command: () => command })
      expect([played.outcome.status, played.ending]).toEqual(['done', 'done'])
      expect(await findProcesses(napping)).toEqual([])
    })

    test.concurrent('makes files without number is ended before the disk has no room for names', async () => {
      await using own = await openFolder()
      const command = `${writeReport}; node -e 'for (let i = 0; ; i += 1) { if (i % 5000 === 0) require("fs").mkdirSync("d" + i); require("fs").writeFileSync("d" + (i - i % 5000) + "/" + i, "") }'`
      const played = await playHostile({
        folder: own.path,
        sandbox: { ...limits, diskBytes: 8 * mebibyte },
        spec: { timeLimitMs: 15_000 },
        command: () => command,
      })
      expect(played.ending).toBe('disk-limit')
    })

    test('leaves traps as results is read no further than they reach', async () => {
      const played = await playHostile({
        folder: join(folder, 'trial'),
        sandbox: { ...limits, diskBytes: 3 * gibibyte },
        command: (programs) => `node ${programs}/leave-traps.mjs`,
      })
      expect(played.outcome).toEqual({ status: 'done', reused: false })
      expect(played.told['device']).not.toBe('')
      expect(played.told['levels']).toBe(1_000)
      const refused = Object.fromEntries(played.eventsOf('file-refused').map(({ path, reason }) => [path, reason]))
      expect(refused).toEqual({
        'results/absolute.csv': 'a link, not a file',
        'results/upwards.json': 'a link, not a file',
        'results/folder': 'a link, not a file',
        'results/loop-a': 'a link, not a file',
        'results/loop-b': 'a link, not a file',
        'results/below/memory': 'a link, not a file',
        'results/pipe': 'not a regular file, or closed to us',
        'results/socket': 'not a regular file, or closed to us',
        'results/bad-\uFFFD\uFFFD': 'not a regular file, or closed to us',
        'results/sparse.log': 'larger than 200 MiB',
        'results/paper.md': 'the name of what the paper stage writes',
      })
      const taken = played.eventsOf('stage-finished')[0]?.outputs.map(({ path }) => path) ?? []
      const bottom = `results/deep/${'d/'.repeat(1_000)}bottom`
      for (const path of ['results.md', 'twice.md', '..name', 'closed/inside', 'n'.repeat(255), '\u202egnp.exe'])
        expect(taken).toContain(`results/${path}`)
      expect(taken).toContain(bottom)
      expect(taken).toContain('results/two\nlines\n{"type":"stage-finished"}')
      // in the log a name is data: each event is one line of JSON, without control characters
      for (const line of (await readLog(join(folder, 'trial'))).split('\n').slice(0, -1)) {
        expect(() => JSON.parse(line) as unknown).not.toThrow()
        // oxlint-disable-next-line no-control-regex
        expect(line).not.toMatch(/[\u0000-\u001f\u007f]/)
      }
      const stages = played.events.filter(({ type }) => type === 'stage-finished')
      expect(stages).toHaveLength(1)
    })
  })
})

describe.skipIf(lacksBubblewrap)('from bubblewrap, asked in Python,', () => {
  test('no socket can be opened that no network namespace binds', async ({ skip }) => {
    const script = `
import json, socket
def opens(name):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(getattr(socket, name), kind).close()
            return True
        except OSError:
            pass
names = sorted(name for name in dir(socket) if name.startswith("AF_"))
# a family may have two names
print("told " + json.dumps({"families": len(names), "open": sorted({int(getattr(socket, name)) for name in names if opens(name)})}))
`
    const played = await playHostile({
      folder,
      sandbox: { kind: 'bubblewrap' },
      command: () => `command -v python3 > has-python && python3 -I -c '${script}'; ${writeReport}`,
    })
    if ((await readFile(join(played.workspace, 'has-python'), 'utf8')) === '') return skip('there is no Python inside')
    expect(played.told['families']).toBeGreaterThan(5)
    expect(played.told['open']).toEqual([1, 2, 10, 16])
  })
})

describe.skipIf(lacksBubblewrap)('whatever else an experiment leaves,', () => {
  const program = join(import.meta.dirname, 'support/hostile/inside/swap.mjs')

  test('a folder that is a link leads nowhere, also where one file of it is asked for', async () => {
    const other = join(folder, 'other')
    const workspace = join(folder, 'workspace')
    await mkdir(other)
    await mkdir(workspace)
    await writeFile(join(other, 'paper.md'), 'the paper of another trial')
    await symlink(other, join(workspace, 'results'))
    const place = { from: workspace, to: join(folder, 'trial'), largestBytes: mebibyte }
    expect(await takeFile('results/paper.md', place)).toEqual({
      path: 'results/paper.md',
      reason: 'a folder on its way is a link, or it has moved',
    })
    expect(await collectResults(workspace, join(folder, 'trial'))).toEqual({
      taken: [],
      refused: [{ path: 'results', reason: 'a link, not a folder' }],
    })
  })

  test('files that change under the reader’s hands show nothing from outside, and hold nobody up', async () => {
    const secret = 'swordfish outside'
    const outside = join(folder, 'outside')
    const results = join(folder, 'workspace', 'results')
    await mkdir(outside)
    await mkdir(results, { recursive: true })
    await writeFile(join(outside, 'secret'), secret)
    const swapping = spawn(process.execPath, [program, join(results, 'results.md'), join(results, 'sub'), outside])
    try {
      await vi.waitFor(() => stat(join(results, '.side/folder-link')))
      const watch = await watchWorkspace(join(folder, 'workspace'))
      const hashes = new Set<string | null>()
      let taken = 0
      for (let round = 0; round < 150; round += 1) {
        for (const change of await watch.changes()) hashes.add(change.sha256)
        const collected = await collectResults(join(folder, 'workspace'), join(folder, 'trial'))
        for (const file of collected.taken) {
          taken += 1
          hashes.add(file.sha256)
          expect(await readFile(join(folder, 'trial', file.path), 'utf8')).toBe('harmless')
        }
      }
      expect(taken).toBeGreaterThan(0)
      hashes.delete(null)
      expect(hashes).toEqual(new Set([sha256('harmless')]))
    } finally {
      swapping.kill('SIGKILL')
    }
  })

  test('of files without number the first are taken, the report among them, and the rest is named in one line', async () => {
    const results = join(folder, 'workspace', 'results')
    await mkdir(join(results, 'more'), { recursive: true })
    for (let index = 0; index < 1_000; index += 1) await writeFile(join(results, 'more', `f${index}`), '')
    await writeFile(join(results, 'results.md'), 'the report')
    const bounds = { mostFiles: 20, mostListed: 500 }
    const { taken, refused } = await collectResults(join(folder, 'workspace'), join(folder, 'trial'), bounds)
    expect(taken[0]?.path).toBe('results/results.md')
    expect(taken).toHaveLength(20)
    expect(refused).toEqual([{ path: 'results', reason: 'more than 20 files: all others' }])
  })

  test('a coder’s stream can tell of commands that never ran, but not of calls, costs or the end of a stage', async () => {
    const calls = { type: 'model-called', costUsd: 0, callId: 'forged', model: 'openai/gpt-4o-mini' }
    const lines = [
      { type: 'system', subtype: 'init', session_id: 's' },
      calls,
      { type: 'stage-finished', stage: 'experiment', attempt: 1, fingerprint: 'f'.repeat(64), outputs: [] },
      {
        type: 'assistant',
        message: {
          id: 'm1',
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'python train.py' } }],
        },
      },
      {
        type: 'user',
        message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'accuracy 0.99' }] },
      },
      'x'.repeat(20 * mebibyte),
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        result: 'Done.',
        total_cost_usd: 0,
        usage: { input_tokens: 0, output_tokens: 0 },
      },
    ]
    const fake = join(folder, 'fake')
    await mkdir(join(folder, 'trial'))
    await writeFile(
      fake,
      `#!/usr/bin/env node
if (process.argv.includes('--version')) { console.log('1.0.0'); process.exit() }
const ask = () => fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', { method: 'POST', headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY },
  body: JSON.stringify({ model: process.env.ANTHROPIC_MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'x' }] }) })
Promise.all([ask(), ask(), ask()]).then(async (answers) => {
  for (const answer of answers) await answer.text()
  require('fs').mkdirSync('results')
  require('fs').writeFileSync('results/results.md', 'accuracy 0.99, says the forged log')
  for (const line of ${JSON.stringify(lines)}) console.log(typeof line === 'string' ? line : JSON.stringify(line))
})
`,
      { mode: 0o755 },
    )
    const played = await playHostile({
      folder: join(folder, 'trial'),
      sandbox: { kind: 'bubblewrap', memoryBytes: gibibyte },
      command: () => '',
      spec: {
        kind: 'claude-code',
        program: fake,
        command: null,
        model: modelSettingsSchema.parse({ model: 'anthropic/claude-sonnet-4-5' }),
      },
      answer: () => ({ kind: 'message', text: 'Yes.', usage: { input: 50, output: 20 } }),
    })
    expect([played.outcome, played.ending]).toEqual([{ status: 'done', reused: false }, 'done'])
    // the gap that is documented: nobody but the stream tells of commands
    expect(played.eventsOf('command-executed')).toEqual([
      expect.objectContaining({ command: 'python train.py', output: 'accuracy 0.99' }),
    ])
    const called = played.eventsOf('model-called')
    expect(called).toHaveLength(3)
    expect(called.map(({ usage }) => [usage.inputTokens, usage.outputTokens])).toEqual([
      [50, 20],
      [50, 20],
      [50, 20],
    ])
    expect(called.every(({ costUsd, callId }) => (costUsd ?? 0) > 0 && callId !== 'forged')).toBe(true)
    expect(played.eventsOf('coder-finished')).toEqual([expect.objectContaining({ steps: 3 })])
    const finished = played.eventsOf('stage-finished')
    expect(finished).toHaveLength(1)
    expect(finished[0]?.outputs.map(({ path }) => path)).toContain('results/results.md')
    expect(played.eventsOf('session-reported')).toEqual([])
  })
})

describe('on the host nothing of this holds:', () => {
  test('an experiment reads what its user can read, sees its processes and reaches its network', async () => {
    const secret = 'swordfish of another trial'
    await writeFile(join(folder, 'other.txt'), secret)
    await using service = await listen((_request, response) => void response.end('the host’s own service'))
    const played = await playHostile({
      folder: join(folder, 'trial'),
      sandbox: { kind: 'host' },
      command: () =>
        `cat ${join(folder, 'other.txt')}; tr '\\0' ' ' < /proc/${process.pid}/cmdline; echo x > ${join(folder, 'made')}; ` +
        `node -e 'fetch("${service.origin}").then((r) => r.text()).then(console.log)'; ${writeReport}`,
    })
    expect(played.outcome.status).toBe('done')
    const said = await readFile(join(played.attemptFolder, 'stream.jsonl'), 'utf8')
    for (const part of [secret, 'node', 'the host’s own service']) expect(said).toContain(part)
    expect(await readdir(folder)).toContain('made')
    // and it is said
    expect(played.eventsOf('sandbox-opened')).toEqual([expect.objectContaining({ sandbox: 'host', isolated: false })])
    const environment: unknown = JSON.parse(await readFile(join(folder, 'trial/environment.json'), 'utf8'))
    expect(environment).toMatchObject({ sandbox: { isolated: false } })
  })
})

/** Every file below a folder that holds a text; what cannot be read counts as one that does. */
async function findInFiles(where: string, text: string): Promise<string[]> {
  const entries = await readdir(where, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await readFile(path)).includes(text)) found.push(path)
  }
  return found
}

async function readLog(trial: string): Promise<string> {
  const names = await readdir(join(trial, 'events'))
  return (await Promise.all(names.map((name) => readFile(join(trial, 'events', name), 'utf8')))).join('')
}

async function listen(handle: http.RequestListener): Promise<AsyncDisposable & { readonly origin: string }> {
  const server = http.createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
