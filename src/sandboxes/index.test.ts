import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { defaultLimits, detectSandbox, openSandbox } from './index.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-index-test-'))
  // A machine on which bubblewrap is installed but may not make namespaces.
  const script = '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n'
  await writeFile(join(folder, 'bwrap'), script, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

test('a sandbox that does not work here is an error with its reason and what to do, never another sandbox', async () => {
  const opening = openSandbox('bubblewrap', { workspace: folder, limits: defaultLimits, network: 'none' })
  await expect(opening).rejects.toThrow(PrerequisiteError)
  await expect(opening).rejects.toThrow(/No permissions to create new namespace.*user namespaces.*"host"/)
})

test('no isolating sandbox is found where none works', async () => {
  expect(await detectSandbox()).toBeNull()
})

test('the host sandbox opens when it is named', async () => {
  await using sandbox = await openSandbox('host', { workspace: folder, limits: defaultLimits, network: 'none' })
  expect([sandbox.name, sandbox.isolated]).toEqual(['host', false])
})
