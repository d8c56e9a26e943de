import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openCli } from '../../../test/support/cli.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function place(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), script)
  await chmod(join(folder, name), 0o755)
}

test('doctor tells of each coder whether it is here, its version, and how to install the one it was tried with', async () => {
  await place('claude', '#!/usr/bin/env node\nconsole.log(`1.0.3 (${Object.keys(process.env).length} variables)`)\n')
  await place('codex', '#!/usr/bin/env node\nconsole.error("no native binary")\nprocess.exit(1)\n')
  await using cli = await openCli()
  const { coders, checks } = (await cli.json(['doctor'])) as Record<'coders' | 'checks', Record<string, unknown>[]>
  expect(coders).toHaveLength(6)
  expect(coders.find(({ kind }) => kind === 'claude-code')).toEqual({
    kind: 'claude-code',
    program: join(folder, 'claude'),
    version: '1.0.3',
    testedVersion: expect.any(String) as string,
    install: expect.stringContaining('npm install -g @anthropic-ai/claude-code@') as string,
    problem: null,
  })
  expect(checks).toContainEqual({
    name: 'coder claude-code',
    ok: true,
    detail: expect.stringMatching(/^1\.0\.3; tried with [\d.]+, \//) as string,
  })
  expect(checks).toContainEqual({
    name: 'coder codex',
    ok: false,
    detail: expect.stringMatching(/does not run .*no native binary.*npm install -g @openai\/codex@/) as string,
  })
})
