import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

interface Lock {
  packages: Record<string, { version?: string; dev?: boolean; dependencies?: object; bin?: object }>
}

let place = ''

/** Packs the project, and installs the package in an empty folder as a user would; npm's cache serves what it holds. */
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'mlrbench-package-'))
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', place], { cwd: root })
  const packed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as { filename: string }[]
  const specifier = `file:${packed[0]?.filename}`
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock
  const { '': project = {}, ...dependencies } = lock.packages
  const user = { name: 'user', version: '1.0.0', dependencies: { mlrbench: specifier } }
  const packages = {
    '': user,
    'node_modules/mlrbench': {
      version: project.version,
      resolved: specifier,
      dependencies: project.dependencies,
      bin: project.bin,
    },
    ...Object.fromEntries(Object.entries(dependencies).filter(([, { dev }]) => !dev)),
  }
  await writeFile(join(place, 'package.json'), JSON.stringify(user))
  await writeFile(
    join(place, 'package-lock.json'),
    JSON.stringify({ ...user, lockfileVersion: 3, requires: true, packages }),
  )
  await execute('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: place })
}, 180_000)

afterAll(() => rm(place, { recursive: true, force: true }))

async function mlrbench(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: place }
  return execute(process.execPath, [join(place, 'node_modules', 'mlrbench', 'dist', 'cli', 'main.js'), ...args], {
    cwd: place,
    env,
  })
}

describe('the packed package, installed elsewhere', () => {
  it('lists its bundled tasks', async () => {
    const tasks = JSON.parse((await mlrbench('tasks', 'list', '--json')).stdout) as { id: string; source: string }[]
    expect(tasks.map(({ source }) => source)).toEqual(['bundled', 'bundled', 'bundled'])
  })

  it('runs a scripted model over the writing stages and has it judged', async () => {
    const { stdout } = await mlrbench(
      'run',
      '--task=mini_calibration',
      '--model=scripted/honest',
      '--stages=idea,literature,proposal',
      '--judge=scripted/form-check',
      '--name=first',
      '--json',
    )
    const summary = JSON.parse(stdout) as { trials: { status: string }[]; reviews: { made: number } }
    expect(summary.trials.map(({ status }) => status)).toEqual(['done'])
    expect(summary.reviews.made).toBe(2)
  })

  it('knows its presets, prompts and rubrics', async () => {
    const { stdout } = await mlrbench(
      'run',
      '--preset',
      'paper',
      '--task',
      'mini_calibration',
      '--stages',
      'idea',
      '--dry-run',
      '--json',
    )
    const plan = JSON.parse(stdout) as { trials: string[] }
    expect(plan.trials).toHaveLength(6)
  })

  it('is a library as well', async () => {
    const script =
      "import { loadRubric, loadTasks } from 'mlrbench'; console.log((await loadRubric('paper')).rubric.title, (await loadTasks({ pulledFolder: null })).length)"
    await writeFile(join(place, 'use.mjs'), script)
    const { stdout } = await execute(process.execPath, ['use.mjs'], { cwd: place })
    expect(stdout.trim()).toMatch(/^\S.* 3$/)
  })

  it('holds what it needs, and neither sources nor tests', async () => {
    const archive = (await readdir(place)).find((name) => name.endsWith('.tgz')) ?? 'none'
    const { stdout } = await execute('tar', ['tzf', archive], { cwd: place })
    const files = stdout.trim().split('\n')
    expect(files).toEqual(
      expect.arrayContaining([
        'package/LICENSE',
        'package/README.md',
        'package/dist/index.d.ts',
        'package/prompts/idea.md',
      ]),
    )
    expect(files.filter((name) => /\/src\/|\.test\./.test(name))).toEqual([])
  })
})
