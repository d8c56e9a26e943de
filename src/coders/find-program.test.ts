import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { findProgram } from './find-program.ts'
import { openhands } from './openhands.ts'

let folder = ''
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'find-program-')))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

/** A program below the test's folder that runs `body`. */
async function place(path: string, body: string, interpreter = '/usr/bin/env node'): Promise<string> {
  const whole = join(folder, path)
  await mkdir(dirname(whole), { recursive: true })
  await writeFile(whole, `#!${interpreter}\n${body}\n`)
  await chmod(whole, 0o755)
  return whole
}

const tells = (version: string) => `console.log(${JSON.stringify(version)})`
const search = (...folders: string[]) => vi.stubEnv('PATH', folders.join(':'))

describe('where a program is', () => {
  test('on the PATH, behind a link into a package: all of its tree is shown, and nothing else', async () => {
    await place('home/lib/node_modules/@openai/codex/bin/codex.js', tells('codex-cli 1.2.3'))
    await mkdir(join(folder, 'home/bin'))
    await symlink('../lib/node_modules/@openai/codex/bin/codex.js', join(folder, 'home/bin/codex'))
    search('/nowhere', join(folder, 'home/bin'))
    expect(await findProgram(codex, null)).toEqual({
      path: join(folder, 'home/lib/node_modules/@openai/codex/bin/codex.js'),
      readOnly: { '/opt/coders/codex/node_modules': join(folder, 'home/lib/node_modules') },
      start: ['node', '/opt/coders/codex/node_modules/@openai/codex/bin/codex.js'],
      version: '1.2.3',
    })
  })

  test('in the store of pnpm, where what a package depends on lies beside it', async () => {
    const path = await place('pnpm/5/.pnpm/codex@1/node_modules/@openai/codex/bin/codex.js', tells('0.1.0'))
    const { readOnly, start } = await findProgram(codex, path)
    expect(readOnly).toEqual({ '/opt/coders/codex/.pnpm': join(folder, 'pnpm/5/.pnpm') })
    expect(start).toEqual(['node', '/opt/coders/codex/.pnpm/codex@1/node_modules/@openai/codex/bin/codex.js'])
  })

  test('a file that stands alone', async () => {
    const path = await place('versions/claude.mjs', tells('2.1.0 (Claude Code)'))
    expect(await findProgram(claudeCode, path)).toMatchObject({
      readOnly: { '/opt/coders/claude-code/claude.mjs': path },
      start: ['node', '/opt/coders/claude-code/claude.mjs'],
      version: '2.1.0',
    })
  })

  test('a binary is started by itself', async () => {
    await symlink(process.execPath, join(folder, 'claude'))
    const found = await findProgram(claudeCode, join(folder, 'claude'))
    expect(found.version).toBe(process.versions.node)
    expect(found.start).toHaveLength(1)
  })

  test('never by a relative folder of the PATH, such as the current one', async () => {
    await place('claude', tells('1.0.0'))
    search('.', '', relative(process.cwd(), folder))
    await expect(findProgram(claudeCode, null)).rejects.toThrow(PrerequisiteError)
  })

  test('a virtual environment is shown whole, with a Python outside of /usr where it lies', async () => {
    const python = await place('python3.12/bin/python3.12', 'exec sh "$@"', '/bin/sh')
    const program = await place('tool/bin/openhands', 'echo OpenHands CLI 1.16.0', '/nowhere/python')
    await writeFile(join(folder, 'tool/pyvenv.cfg'), `home = ${dirname(python)}\n`)
    await symlink(python, join(folder, 'tool/bin/python'))
    expect(await findProgram(openhands, program)).toEqual({
      path: program,
      readOnly: {
        '/opt/coders/openhands': join(folder, 'tool'),
        [join(folder, 'python3.12')]: join(folder, 'python3.12'),
      },
      start: ['/opt/coders/openhands/bin/python', '/opt/coders/openhands/bin/openhands'],
      version: '1.16.0',
    })
  })
})

describe('when there is none that can be used', () => {
  test('it says how to install it, and finds it once that is done', async () => {
    search(folder)
    await expect(findProgram(codex, null)).rejects.toThrow(`no "codex" on the PATH; install it with: ${codex.install}`)
    await place('codex', tells('0.169.0'))
    expect((await findProgram(codex, null)).version).toBe('0.169.0')
  })

  test('a path that was named and is wrong', async () => {
    await expect(findProgram(codex, join(folder, 'gone'))).rejects.toThrow(/there is no program ".*gone"/)
  })

  test('a script that only starts it', async () => {
    const path = await place('codex', 'exec node "$(dirname "$0")/elsewhere/codex.js" "$@"', '/bin/sh')
    await expect(findProgram(codex, path)).rejects.toThrow('name the program itself')
  })

  test('a Python program without an environment of its own', async () => {
    const path = await place('bin/openhands', 'echo 1.16.0', '/bin/sh')
    await expect(findProgram(openhands, path)).rejects.toThrow('no virtual environment')
  })

  test('one that does not run', async () => {
    const path = await place('claude.mjs', 'console.error("no native binary\\u001b[0m"); process.exit(1)')
    await expect(findProgram(claudeCode, path)).rejects.toThrow(
      /does not run .*exit code 1: no native binary.*npm install -g/,
    )
  })
})

describe('its version', () => {
  test('is asked for once, without anything of this process’s environment', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'a-dummy-key')
    const log = join(folder, 'log')
    const path = await place(
      'claude.mjs',
      `import { appendFileSync } from 'node:fs'
       appendFileSync(${JSON.stringify(log)}, JSON.stringify([process.argv.slice(2), Object.keys(process.env).toSorted()]) + '\\n')
       ${tells('2.1.0')}`,
    )
    await findProgram(claudeCode, path)
    await findProgram(claudeCode, path)
    expect(await readFile(log, 'utf8')).toBe('[["--version"],["HOME","LANG","PATH","TMPDIR"]]\n')
  })

  test('is null when it tells none', async () => {
    const path = await place('claude.mjs', tells('a build of today'))
    expect((await findProgram(claudeCode, path)).version).toBeNull()
  })
})
