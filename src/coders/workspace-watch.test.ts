import { chmod, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../base/hash.ts'
import { watchWorkspace } from './workspace-watch.ts'

describe('watching a workspace', () => {
  let workspace = ''
  const file = (name: string): string => join(workspace, name)

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'workspace-watch-'))
    await writeFile(file('given.md'), 'given')
  })
  afterEach(() => rm(workspace, { recursive: true, force: true }))

  test('tells what was created, changed and deleted since it was last asked', async () => {
    const watch = await watchWorkspace(workspace)
    expect(await watch.changes()).toEqual([])
    await writeFile(file('new.txt'), 'one')
    await writeFile(file('given.md'), 'changed')
    expect(await watch.changes()).toEqual([
      { path: 'given.md', change: 'changed', bytes: 7, sha256: sha256('changed') },
      { path: 'new.txt', change: 'created', bytes: 3, sha256: sha256('one') },
    ])
    await rm(file('new.txt'))
    expect(await watch.changes()).toEqual([{ path: 'new.txt', change: 'deleted', bytes: 0, sha256: null }])
    expect(await watch.changes()).toEqual([])
  })

  test('takes no change of mode or owner for a change of the file', async () => {
    const watch = await watchWorkspace(workspace)
    await chmod(file('given.md'), 0o600)
    expect(await watch.changes()).toEqual([])
  })

  test('is not deceived by a time set back', async () => {
    const { atime, mtime } = await stat(file('given.md'))
    await utimes(file('given.md'), atime, mtime)
    const watch = await watchWorkspace(workspace)
    await writeFile(file('given.md'), 'taken')
    await utimes(file('given.md'), atime, mtime)
    expect(await watch.changes()).toEqual([{ path: 'given.md', change: 'changed', bytes: 5, sha256: sha256('taken') }])
  })
})
