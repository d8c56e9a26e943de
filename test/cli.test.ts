import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listFiles, writeWhole } from '../src/base/files.ts'
import { type Cli, type CliEnd, loopbackOnly, openCli } from './support/cli.ts'
import { startProviderServer } from './support/provider-server.ts'
import { skipUnless } from './support/require-tool.ts'

const mainFile = join(import.meta.dirname, '../src/cli/main.ts')
const taskText = '# Count the letters\n\nWhich letter is the most frequent, and does it matter?\n'
const commands = ['run', 'resume', 'status', 'judge', 'report', 'tasks', 'doctor', 'demo']
const taskCommands = ['pull', 'list', 'show', 'verify'].map((name) => ['tasks', name])
const escape = '\u001b'

let cli: Cli
let ownTasks: string
/** The first run of a new user, as it went. */
let first: CliEnd

beforeAll(async () => {
  cli = await openCli()
  ownTasks = join(cli.root, 'own')
  await writeWhole(join(ownTasks, 'letters', 'task.md'), taskText)
  await mkdir(cli.logDir)
  await writeFile(join(cli.logDir, 'notes.txt'), 'what a log dir may hold besides runs')
  await mkdir(join(cli.logDir, 'no-run'))
  const args = [
    'run',
    '--tasks-dir',
    ownTasks,
    '--model',
    'scripted/placeholder',
    '--stages',
    'idea',
    '--name',
    'first',
  ]
  first = await cli.run([...args, '--judge', 'scripted/form-check', '--log-dir', cli.logDir])
})

afterAll(() => cli[Symbol.asyncDispose]())

const inLogs = (...args: string[]): string[] => [...args, '--log-dir', cli.logDir]

test('a run on one’s own tasks ends with tables, and with what to look at next', () => {
  expect(first).toMatchObject({ exitCode: 0 })
  expect(first.stdout).toMatch(/│ placeholder │ +1 of 1 │ 1 done /)
  expect(first.stdout).toContain('idea: form only, by rules, no judgement of the research')
  expect(first.stdout).toContain(join('logs', 'first/trials/letters/placeholder/1'))
  expect(first.stdout).toContain(`mlrbench report ${join('logs', 'first')}`)
})

test('where no terminal listens, progress is plain lines on standard error, and nothing has colours', () => {
  const lines = first.stderr.trimEnd().split('\n')
  expect(lines[0]).toBe(`run first: 1 trial in ${join('logs', 'first')}`)
  expect(lines[1]).toMatch(/^letters\/placeholder\/1 {2}done: idea \d.* \(1 of 1\)$/)
  expect(lines).toHaveLength(2)
  expect(first.stdout + first.stderr).not.toContain(escape)
})

describe.concurrent('--json', () => {
  test.each<[args: string[], exitCode: number, shape: object]>([
    [['status'], 0, [{ run: 'first', trials: { done: 1 }, reviews: 1 }]],
    [['status', 'first'], 0, { run: 'first', trials: [{ id: 'letters/placeholder/1', status: 'done' }], reviews: 1 }],
    [['resume', 'first'], 0, { run: 'first', trials: [{ status: 'done' }], reviews: { made: 0, present: 1 } }],
    [['judge', 'first'], 0, { run: 'first', made: 0, present: 1, failed: [] }],
    [['report', 'first'], 0, { schema: 'mlrbench/report@2', runs: [{ run: 'first' }] }],
    [['tasks', 'list'], 0, [{ id: 'mini_calibration' }, { id: 'mini_early_stopping' }, { id: 'mini_label_noise' }]],
    [['tasks', 'show', 'mini_calibration'], 0, { id: 'mini_calibration', source: 'bundled' }],
    [['tasks', 'verify'], 1, { complete: false, present: 0, expected: 201 }],
    [['doctor'], 0, { version: '0.1.0', platform: process.platform }],
  ])('%j prints one document and nothing else', async (args, exitCode, shape) => {
    const keepsLogs = !['tasks', 'doctor'].includes(args[0] ?? '')
    const end = await cli.run([...(keepsLogs ? inLogs(...args) : args), '--json'])
    expect(end.exitCode).toBe(exitCode)
    // a parser takes one document; anything before or behind it is an error
    expect(JSON.parse(end.stdout)).toMatchObject(shape)
  })

  test('run prints one document, and its progress goes to standard error', async () => {
    const args = [
      'run',
      '--task',
      'mini_calibration',
      '--model',
      'scripted/honest',
      '--stages',
      'idea',
      '--name',
      'json',
    ]
    const end = await cli.run([...args, '--log-dir', join(cli.root, 'json'), '--json'])
    expect(JSON.parse(end.stdout)).toMatchObject({
      run: 'json',
      trials: [{ id: 'mini_calibration/honest/1', status: 'done' }],
    })
    expect(end.stderr).toContain('mini_calibration/honest/1  done')
  })

  test('an error leaves standard output empty', async () => {
    const end = await cli.run(inLogs('report', 'none', '--json'))
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe.concurrent('--help', () => {
  test('of the program names every command', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  test.each(
    [...commands.filter((name) => name !== 'tasks').map((name) => [name]), ...taskCommands].map((name) => [
      name.join(' '),
    ]),
  )('of %s fits 80 columns and tells of --json', async (name) => {
    const { exitCode, stdout, stderr } = await cli.run([...name.split(' '), '--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage: mlrbench ${name}`))
    expect(stdout).toContain('--json')
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

describe.concurrent('exit code 2: what the user must put right, with what to do next', () => {
  const run = ['run', '--task', 'mini_calibration']
  const scripted = [...run, '--model', 'scripted/honest']
  test.each<[what: string, args: string[], message: RegExp]>([
    ['no command', [], /Usage: mlrbench/],
    ['an unknown command', ['runs'], /mlrbench: unknown command 'runs'[^]*--help/],
    ['an unknown option', [...run, '--modle', 'x'], /mlrbench: unknown option '--modle'[^]*--model/],
    ['a bad number', [...scripted, '--repeats', 'two'], /--repeats <n>.*give a whole number from 1/],
    ['no selection of tasks', ['run', '--model', 'scripted/honest'], /say which tasks: --task/],
    ['an empty selection of tasks', ['run', '--task', '', '--model', 'scripted/honest'], /--task <ids>.*names no task/],
    [
      'an unknown task',
      ['run', '--task', 'mini_calibratoin', '--model', 'scripted/honest'],
      /Nearest: mini_calibration/,
    ],
    ['a missing key', [...run, '--model', 'google/gemini-2.5-pro', '--stages', 'idea'], /set GEMINI_API_KEY/],
    [
      'inputs that are not there',
      [...scripted, '--stages', 'proposal', '--inputs', 'nowhere'],
      /no run "nowhere" in .*there are: /,
    ],
    ['a run that is not there', ['resume', 'nowhere'], /no run "nowhere" in .*there are: /],
    ['a name that is taken', [...scripted, '--stages', 'idea', '--name', 'first'], /there is a run "first".*resume it/],
    ['an archive that is not there', ['tasks', 'pull', '--from', '/nowhere.tar.gz'], /\/nowhere\.tar\.gz/],
  ])('%s', async (_, args, message) => {
    const keepsLogs = ['run', 'resume', 'judge', 'report'].includes(args[0] ?? '')
    const before = await readdir(cli.logDir)
    const end = await cli.run(keepsLogs ? inLogs(...args) : args)
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
    expect(end.stderr).toMatch(message)
    // a stack is for faults of ours
    expect(end.stderr).not.toMatch(/^\s+at /m)
    expect(await readdir(cli.logDir)).toEqual(before)
  })

  test('a log dir that cannot be one', async () => {
    const path = join(cli.root, 'a-file')
    await writeFile(path, 'no folder')
    const args = ['run', '--task', 'mini_calibration', '--model', 'scripted/honest', '--stages', 'idea']
    for (const logDir of [path, join(path, 'below')]) {
      const end = await cli.run([...args, '--log-dir', logDir])
      expect(end.exitCode).toBe(2)
      expect(end.stderr).toMatch(/no run can be kept in .*Choose another --log-dir/)
    }
  })
})

test('exit code 1: a trial failed; it is said which and how to go on, and the budget can then be raised', async () => {
  await using server = await startProviderServer(({ index }) =>
    index === 0
      ? { kind: 'status', status: 400 }
      : { kind: 'message', text: `# An idea\n\n${'A word or two. '.repeat(30)}`, usage: { input: 100, output: 100 } },
  )
  const url = ['--provider-url', `openai=${server.origin}/v1`]
  const args = [
    'run',
    '--task',
    'mini_calibration',
    '--model',
    'openai/gpt-4o-mini',
    '--stages',
    'idea',
    '--name',
    'failed',
  ]
  const end = await cli.run(inLogs(...args, ...url))
  expect(end.exitCode).toBe(1)
  expect(end.stdout).toMatch(/Not done:\n {2}mini_calibration\/gpt-4o-mini\/1: idea failed: /)
  expect(end.stdout).toContain(`mlrbench resume ${join('logs', 'failed')} --retry-failed`)
  expect(end.stderr).toMatch(/gpt-4o-mini\/1 {2}idea failed: .*\n.*gpt-4o-mini\/1 {2}failed \(1 of 1\)/)

  const resume = inLogs('resume', 'failed', '--retry-failed', ...url, '--json')
  const broke = await cli.run([...resume, '--budget-usd', '0.000001'])
  expect([broke.exitCode, server.requests.length]).toEqual([1, 1])
  expect(JSON.parse(broke.stdout)).toMatchObject({ trials: [{ status: 'stopped', failure: { code: 'budget-spent' } }] })
  // a spent budget is no failure of the agent: a plain resume goes on
  const again = await cli.run(inLogs('resume', 'failed', ...url, '--json', '--budget-usd', '1'))
  expect([again.exitCode, server.requests.length]).toEqual([0, 2])
})

test('exit code 130: Ctrl-C stops, keeps what is finished, and says how to go on', async () => {
  const logDir = join(cli.root, 'interrupted')
  const env = { PATH: process.env['PATH'], HOME: join(cli.root, 'home'), ...loopbackOnly }
  const child = spawn(process.execPath, [mainFile, 'demo', '--json', '--log-dir', logDir], { env })
  const stdout = readText(child.stdout)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'exit')
  while (!stderr.includes('experiment started')) await sleep(20)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(await stdout).toBe('')
  expect(stderr).toContain('scripted/fabricator runs it, and reports better numbers than it measured')
  expect(stderr).toContain('Stopping; what is finished is kept.')
  const [id = ''] = await readdir(logDir)
  expect(stderr).toContain(`mlrbench resume ${join(logDir, id)}`)

  const [status] = (await cli.json(['status', '--log-dir', logDir])) as { trials: Record<string, number> }[]
  expect(status?.trials).toEqual({ interrupted: 4, pending: 8 })
})

test('--dry-run needs no key, calls no one and makes no folder', async () => {
  await using server = await startProviderServer(() => ({ kind: 'status', status: 500 }))
  const logDir = join(cli.root, 'dry')
  const models = ['--model', 'google/gemini-2.5-pro,openai/o4-mini', '--judge', 'google/gemini-2.5-pro']
  const args = [
    'run',
    '--task',
    'mini_*',
    ...models,
    '--sandbox',
    'host',
    '--repeats',
    '2',
    '--dry-run',
    '--log-dir',
    logDir,
  ]
  const urls = ['google', 'openai'].flatMap((name) => ['--provider-url', `${name}=${server.origin}/v1`])
  const { exitCode, stdout, stderr } = await cli.run([...args, ...urls])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toContain('12 trials: 3 tasks, 2 agents, 2 repeats')
  // 12 trials of 4 writing stages and 5 reviews, and an experiment of 1 to 100 steps
  expect(stdout).toContain('In all 120 to 2508 calls. Nothing was called.')
  expect(stdout).toContain('  mini_label_noise/o4-mini/2\n')
  expect(server.requests).toEqual([])
  expect(await readdir(cli.root)).not.toContain('dry')
})

describe('tasks', () => {
  test('list names the bundled ones and says how to get the others', async () => {
    const { stdout } = await cli.run(['tasks', 'list'])
    expect(stdout).toMatch(/^3 tasks\n/)
    expect(stdout).toContain('│ mini_early_stopping │')
    expect(stdout).toContain('mlrbench tasks pull')
  })

  test('list and show take in tasks of one’s own', async () => {
    const { stdout } = await cli.run(['tasks', 'list', '--tasks-dir', ownTasks, '--task', '{letters,mini_c*}'])
    expect(stdout).toMatch(/^2 tasks\n/)
    expect(stdout).toMatch(/│ letters +│ .*Count the letters/)
    expect((await cli.run(['tasks', 'show', 'letters', '--tasks-dir', ownTasks])).stdout).toBe(taskText)
  })

  test('verify says what is missing, and exits 1', async () => {
    const end = await cli.run(['tasks', 'verify'])
    expect(end.exitCode).toBe(1)
    expect(end.stdout).toMatch(/^0 of 201 tasks in .*mlrbench tasks pull\n$/)
  })

  test('pull takes nothing from a folder that is not the data set', async () => {
    const end = await cli.run(['tasks', 'pull', '--from', ownTasks])
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
    expect(end.stderr).not.toMatch(/^\s+at /m)
    expect(await listFiles(join(cli.root, 'home'))).toEqual([])
  })
})

describe('status and report', () => {
  test('status lists the runs of a log dir, whatever else is in it', async () => {
    const { exitCode, stdout } = await cli.run(inLogs('status'))
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/│ first +│ 1 done/)
    expect(stdout).not.toContain('no-run')
  })

  test('one run that cannot be read hides none of the others', async () => {
    const logDir = join(cli.root, 'mixed')
    await writeWhole(join(logDir, 'broken', 'run.json'), '{')
    await writeWhole(join(logDir, 'good', 'run.json'), await readFile(join(cli.logDir, 'first', 'run.json'), 'utf8'))
    const { exitCode, stdout } = await cli.run(['status', '--log-dir', logDir])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/│ first +│ 1 pending/)
    expect(stdout).toMatch(/Left out: .*broken\/run\.json is not a run record/)
  })

  test('status of an empty log dir says how to begin', async () => {
    const { exitCode, stdout } = await cli.run(['status', '--log-dir', join(cli.root, 'none')])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^0 runs in .*\nThe first one: mlrbench demo/)
  })

  test('status of a run says where each trial stands', async () => {
    const { stdout } = await cli.run(inLogs('status', 'first'))
    expect(stdout).toMatch(/│ letters\/placeholder\/1 │ done +│ 1 of 1 │ +1 │ \$0\.00 │/)
  })

  test.each([
    ['text', /^Run first: trials and stages\n┌/],
    ['md', /^## Run first: trials and stages\n\n\| agent \| trials done \| idea \|/],
    [
      'csv',
      /^run,agent,rubric,view,judge_kind,dimension,judge,n,mean,[\w,]+\r\nfirst,placeholder,idea-form,full,rule,/,
    ],
    ['latex', /^\\begin\{table\}\n {2}\\centering\n {2}\\caption\{Run first: trials and stages\}/],
    ['json', /^\{\n {2}"schema": "mlrbench\/report@2"/],
  ])('report as %s', async (format, expected) => {
    const { exitCode, stdout, stderr } = await cli.run(inLogs('report', 'first', '--format', format))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(expected)
    expect(stdout).not.toContain(escape)
  })

  test('a reader that leaves early is no fault', async () => {
    // more than a pipe holds
    const long = join(cli.root, 'long')
    await writeWhole(join(long, 'long.md'), `# Long\n${'text '.repeat(50_000)}\n`)
    const command = `"${process.execPath}" "${mainFile}" tasks show long --tasks-dir "${long}" | head -c 6`
    const env = { PATH: process.env['PATH'] ?? '', HOME: cli.root }
    const { stdout, stderr } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', command], { env })
    expect({ stdout, stderr }).toEqual({ stdout: '# Long', stderr: '' })
  })
})

test('doctor tells which keys are set and never what they are', async () => {
  const ends = [await cli.run(['doctor']), await cli.run(['doctor', '--json'])]
  for (const { stdout, stderr, exitCode } of ends) {
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/OPENROUTER_API_KEY is set/)
    expect(stdout).toMatch(/GEMINI_API_KEY is not set/)
    for (const key of Object.values(cli.keys)) expect(stdout + stderr).not.toContain(key)
  }
})

describe('on a terminal', () => {
  const missing = (() => {
    try {
      execFileSync('script', ['--version'], { stdio: 'ignore' })
      return null
    } catch {
      return 'no util-linux script'
    }
  })()

  describe.skipIf(skipUnless('script', missing))('of 76 columns', () => {
    /** What a terminal gets to see. */
    async function onTerminal(env: Record<string, string>): Promise<string> {
      const command = `stty cols 76; exec "${process.execPath}" "${mainFile}" tasks list`
      const options = { env: { PATH: process.env['PATH'] ?? '', HOME: cli.root, TERM: 'xterm-256color', ...env } }
      const { stdout } = await promisify(execFile)('script', ['-qefc', command, '/dev/null'], options)
      return stdout
    }

    test('tables fit, and titles are bold', async () => {
      const text = await onTerminal({})
      expect(text).toContain(`${escape}[1m3 tasks`)
      const drawn = text.split(/\r?\n/).filter((line) => /^[┌│├└]/.test(line))
      expect(drawn.length).toBeGreaterThan(5)
      expect(drawn.filter((line) => line.length > 76)).toEqual([])
    })

    test('NO_COLOR is respected', async () => {
      expect(await onTerminal({ NO_COLOR: '1' })).not.toContain(`${escape}[`)
    })
  })
})
