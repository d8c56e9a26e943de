import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { skipUnless } from '../../../test/support/require-tool.ts'
import { defaultLimits, sandboxes } from '../../sandboxes/index.ts'
import type { Reproduction } from '../../schema/audit.ts'
import type { NewEvent } from '../../schema/event.ts'
import { reproductionSchema } from '../../schema/audit.ts'
import { collectFacts } from '../collect-facts.ts'
import { readFolderSubject } from '../subject/read-folder.ts'
import { openFreshWorkspace, TooLargeError } from './fresh-workspace.ts'
import { reproduce } from './reproduce.ts'

const lacksHost = skipUnless('the host sandbox', await sandboxes.host.unavailable())

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-work-'))
  await put('paper.md', '# Paper\n\n## Results\n\nOurs reaches an accuracy of 0.913.\n')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

const write = (value: string): string =>
  `const fs = require('fs'); fs.mkdirSync('results', { recursive: true }); fs.writeFileSync('results/metrics.json', JSON.stringify(${value}))`

/** A session of commands, each with the files that it wrote, as our own coder records it. */
function recorded(acts: readonly [command: string, wrote: readonly string[]][]): NewEvent[] {
  return acts.flatMap(([command, wrote], index): NewEvent[] => {
    const at = { stage: 'experiment', attempt: 1, step: index + 1 } as const
    const outcome = {
      exitCode: 0,
      exceededLimit: null,
      durationMs: 1,
      output: '',
      outputBytes: 0,
      outputTruncated: false,
    }
    return [
      { type: 'command-executed', ...at, command, ...outcome },
      ...wrote.map(
        (path): NewEvent => ({ type: 'file-written', ...at, path, bytes: 1, sha256: null, change: 'created' }),
      ),
    ]
  })
}

interface Wish {
  readonly events?: readonly NewEvent[]
  readonly command?: string | null
  readonly repeats?: number
  readonly timeLimitMs?: number
  readonly signal?: AbortSignal
}

async function run({
  command = null,
  repeats = 3,
  timeLimitMs = 60_000,
  signal,
  events,
}: Wish = {}): Promise<Reproduction> {
  const subject = await readFolderSubject(folder)
  const facts = await collectFacts(events === undefined ? subject : { ...subject, events, record: 'recorded' })
  const place = {
    kind: 'host',
    obstacle: '',
    limits: defaultLimits,
    network: 'none',
    image: null,
    gpus: 0,
    environment: {},
    timeLimitMs,
  } as const
  const wish = {
    command,
    repeats,
    createdAt: '2026-01-02T03:04:05.000Z',
    note: () => {},
    signal: signal ?? new AbortController().signal,
  }
  const before = await readdir(folder, { recursive: true })
  const record = await reproduce({ facts, folder, environment: null }, place, wish)
  expect(await readdir(folder, { recursive: true })).toEqual(before)
  return reproductionSchema.parse(record)
}

describe.skipIf(lacksHost)('running a work again', () => {
  test('finds the same values in what its script writes anew', async () => {
    await put('results/metrics.json', '{"ours":{"accuracy":0.913},"seconds":4}')
    await put('run.sh', 'node experiment.js')
    await put('experiment.js', write('{ ours: { accuracy: 0.913 }, seconds: 5 }'))
    const record = await run()
    expect(record).toMatchObject({
      outcome: 'exact',
      reason: '',
      source: 'name',
      commands: ['bash run.sh'],
      claims: { traced: 1, reproduced: 1 },
    })
    expect(record.files).toMatchObject([{ path: 'results/metrics.json', exact: 1, leftOut: 1, different: 0 }])
    expect(record.runs).toHaveLength(1)
  })

  test('a script that does nothing gives nothing, whatever lies in the work', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('run.sh', 'ls results; cat results/metrics.json || true; true # results/metrics.json')
    expect(await run()).toMatchObject({
      outcome: 'could-not-run',
      reason: expect.stringContaining('wrote none of the result files'),
    })
  })

  test('one of several result files that stays away makes it different', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('results/scores.json', '{"f1":0.8}')
    await put('experiment.js', `${write('{ accuracy: 0.913 }')} // and scores.json`)
    const record = await run()
    expect(record).toMatchObject({
      outcome: 'different',
      comparisons: [{ path: 'results/scores.json', outcome: 'missing' }, { outcome: 'exact' }],
    })
  })

  test('values that its script does not give are different, side by side, and two runs are enough to know', async () => {
    await put('results/metrics.json', '{"ours":0.913,"base":0.7}')
    await put('experiment.js', write('{ ours: 0.65, base: 0.7 }'))
    const record = await run()
    expect(record).toMatchObject({ outcome: 'different', claims: { traced: 1, different: 1 } })
    expect(record.comparisons[0]).toMatchObject({ place: 'ours', before: 0.913, after: 0.65, outcome: 'different' })
    expect(record.runs).toHaveLength(2)
  })

  test('values that change from run to run are within their spread, or beyond it', async () => {
    const counter = join(folder, 'counter.txt')
    await put('paper.md', '# Paper\n')
    await put(
      'experiment.js',
      `const f = require('fs'); const n = Number(f.readFileSync('${counter}', 'utf8')); f.writeFileSync('${counter}', String(n + 1)); const drawn = [0.48, 0.52, 0.5][n % 3]; ${write('{ fixed: 0.25, drawn }').replace('const fs', 'var fs')}`,
    )
    for (const [drawn, outcome] of [
      [0.505, 'within-spread'],
      [0.93, 'different'],
    ]) {
      await put('counter.txt', '0')
      await put('results/metrics.json', JSON.stringify({ fixed: 0.25, drawn }))
      const record = await run()
      expect(record).toMatchObject({
        outcome,
        comparisons: [
          { place: 'drawn', outcome },
          { place: 'fixed', outcome: 'exact' },
        ],
      })
      expect(record.runs).toHaveLength(3)
    }
  })

  test('a work without a result file has nothing to compare', async () => {
    await put('experiment.js', 'console.log(1)')
    expect(await run()).toMatchObject({ outcome: 'could-not-run', files: [] })
  })

  test.each([
    ['process.exit(3)', 'exited with 3'],
    ["throw new TypeError('no data here')", 'no data here'],
    ["require('no-such-module-here')", 'needs a module that is not installed'],
    [
      "const { code } = { code: require('child_process').spawnSync('x').status }; process.exit(127)",
      'needs a program that is not there',
    ],
  ])('%s is a reason', async (script, reason) => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('experiment.js', script)
    expect(await run()).toMatchObject({
      outcome: 'could-not-run',
      reason: expect.stringContaining(reason),
      claims: null,
    })
  })

  test('what the commands wrote before is not there for them', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('cache.bin', '0.913')
    const cached = "require('fs').existsSync('cache.bin') ? 0.913 : 0.5"
    await put('experiment.js', write(`{ accuracy: ${cached} }`))
    expect(await run({ repeats: 1 })).toMatchObject({ outcome: 'exact' })
    const events = recorded([['node experiment.js', ['cache.bin', 'results/metrics.json']]])
    expect(await run({ repeats: 1, events })).toMatchObject({ outcome: 'different', source: 'record' })
  })

  test('a report that the agent wrote anew may be laid out anew, but not with other values', async () => {
    const table = (...rows: string[]): string => ['| m | acc |', '|---|---|', ...rows, ''].join('\n')
    const report = `require('fs').writeFileSync('results/results.md', ${JSON.stringify(table('| a | 0.5 |', '| b | 0.6 |'))})`
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('experiment.js', `${write('{ accuracy: 0.913 }')}; ${report}`)
    const ran = ['node experiment.js', ['results/metrics.json', 'results/results.md']] as [string, string[]]
    const typed = ['echo x > results/results.md', ['results/results.md']] as [string, string[]]
    await put('results/results.md', table('| a | 0.5 |', '| a and b | 0.55 |'))
    expect(await run({ events: recorded([ran, typed]) })).toMatchObject({ outcome: 'exact' })
    expect(await run({ events: recorded([ran]) })).toMatchObject({ outcome: 'different' })
    await put('results/results.md', table('| a | 0.9 |', '| b | 0.6 |'))
    expect(await run({ events: recorded([ran, typed]) })).toMatchObject({ outcome: 'different' })
  })

  test('where the last command cannot do without the ones before it, these are run too', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('prepare.js', write('{ raw: 0.91 }'))
    const raw = "JSON.parse(require('fs').readFileSync('results/metrics.json', 'utf8')).raw"
    await put('finish.js', `const raw = ${raw}; ${write('{ accuracy: raw + 0.003 }')}`)
    const events = recorded([
      ['node prepare.js', ['results/metrics.json']],
      ['node finish.js', ['results/metrics.json']],
    ])
    expect(await run({ events })).toMatchObject({ outcome: 'exact', commands: ['node prepare.js', 'node finish.js'] })
  })

  test('the time limit holds, also for what never ends', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('experiment.js', 'setInterval(() => {}, 1000)')
    const record = await run({ timeLimitMs: 700 })
    expect(record).toMatchObject({
      outcome: 'could-not-run',
      reason: expect.stringContaining('did not end within'),
      runs: [{ exceededLimit: 'wall-time', exitCode: null }],
    })
  })

  test("the user's command is run in place of others", async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('a.js', write('{ accuracy: 0.913 }'))
    await put('b.js', write('{ accuracy: 0.5 }'))
    expect(await run({ command: 'node a.js' })).toMatchObject({ outcome: 'exact', source: 'given' })
    expect(await run({ command: 'node b.js' })).toMatchObject({ outcome: 'different' })
  })

  test('a result that is a link to elsewhere is not read', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('elsewhere.json.txt', '{"accuracy":0.913}')
    await put('run.sh', 'mkdir -p results; ln -s ../elsewhere.json.txt results/metrics.json')
    expect(await run()).toMatchObject({ outcome: 'could-not-run' })
  })

  test('stopping ends it, and leaves no workspace behind', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('experiment.js', 'setInterval(() => {}, 1000)')
    const temporary = join(folder, 'temporary')
    await mkdir(temporary)
    vi.stubEnv('TMPDIR', temporary)
    try {
      const stop = new AbortController()
      setTimeout(() => stop.abort(new Error('stopped')), 400)
      await expect(run({ signal: stop.signal })).rejects.toThrow('stopped')
      expect(await readdir(temporary)).toEqual([])
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('where there is no sandbox it says so', async () => {
    await put('results/metrics.json', '{"accuracy":0.913}')
    await put('experiment.js', '')
    const facts = await collectFacts(await readFolderSubject(folder))
    const place = {
      kind: null,
      obstacle: 'none works here',
      limits: defaultLimits,
      network: 'none',
      image: null,
      gpus: 0,
      environment: {},
      timeLimitMs: 1_000,
    } as const
    const wish = {
      command: null,
      repeats: 1,
      createdAt: '2026-01-02T03:04:05.000Z',
      note: () => {},
      signal: new AbortController().signal,
    }
    expect(await reproduce({ facts, folder, environment: null }, place, wish)).toMatchObject({
      outcome: 'could-not-run',
      reason: 'none works here',
      sandbox: null,
      runs: [],
    })
  })
})

describe('a fresh workspace', () => {
  const everything = { withhold: () => false, mostBytes: 10_000 }

  test('has the files of the work but for what is withheld, links and compiled code, and the folders of all', async () => {
    await put('code/run.py', 'x')
    await put('code/__pycache__/run.pyc', 'old')
    await put('results/metrics.json', '{}')
    await symlink('/etc', join(folder, 'outside'))
    await using workspace = await openFreshWorkspace(folder, {
      ...everything,
      withhold: (path) => path.endsWith('.json'),
    })
    const found = await readdir(workspace.folder, { recursive: true })
    expect(found.toSorted()).toEqual(['code', 'code/run.py', 'paper.md', 'results'])
    expect(workspace.notes.join()).toContain('outside')
    expect(await readFile(join(workspace.folder, 'code/run.py'), 'utf8')).toBe('x')
  })

  test('is gone when it is closed', async () => {
    const workspace = await openFreshWorkspace(folder, everything)
    await workspace[Symbol.asyncDispose]()
    await expect(readdir(workspace.folder)).rejects.toThrow('ENOENT')
  })

  test('is not made of a work that is too large', async () => {
    await put('data.bin', 'x'.repeat(20_000))
    await expect(openFreshWorkspace(folder, everything)).rejects.toThrow(TooLargeError)
  })
})
