import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../base/hash.ts'
import type { Catalogue } from './catalogue.ts'
import { describeDifferences, readManifest, verifyTasks } from './task-set.ts'

const catalogue: Catalogue = {
  schema: 'mlrbench/catalogue@1',
  source: { repository: 'toy/bench', commit: '0123456', archiveUrl: 'http://127.0.0.1:9/x', licence: 'MIT' },
  tasks: ['a', 'b', 'c', 'd'].map((id) => ({
    id,
    slug: id,
    venue: 'Toy',
    year: 2024,
    title: null,
    sha256: sha256(id),
    bytes: 1,
    category: null,
    inSubset: false,
  })),
}

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-set-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('counts identical, changed, missing and unexpected tasks', async () => {
  await writeFile(join(folder, 'a.md'), 'a')
  await writeFile(join(folder, 'b.md'), 'edited')
  // the right bytes behind a link are still not the file that was installed
  await symlink(join(folder, 'a.md'), join(folder, 'c.md'))
  await writeFile(join(folder, 'manifest.json'), '{}')
  await writeFile(join(folder, '.DS_Store'), '')
  await mkdir(join(folder, 'sub'))
  await writeFile(join(folder, 'sub', 'd.md'), 'd')
  expect(await verifyTasks(folder, { catalogue })).toEqual({
    expected: 4,
    present: 3,
    identical: 1,
    missing: ['d'],
    changed: ['b', 'c'],
    unexpected: ['sub/d.md'],
  })
})

test('finds every task missing where there is no folder', async () => {
  const verification = await verifyTasks(join(folder, 'nowhere'), { catalogue })
  expect(verification).toMatchObject({ expected: 4, present: 0, identical: 0, missing: ['a', 'b', 'c', 'd'] })
})

test('describes differences by count and at most five names', () => {
  const missing = ['a', 'b', 'c', 'd', 'e', 'f']
  expect(describeDifferences({ missing, changed: [], unexpected: ['x\u001B'] })).toBe(
    '6 missing (a, b, c, d, e, …), 1 unexpected (x?)',
  )
})

test('reads no manifest from a file that is none', async () => {
  expect(await readManifest(folder)).toBeNull()
  for (const content of ['not json', '{"schema":"mlrbench/task-set@2"}']) {
    await writeFile(join(folder, 'manifest.json'), content)
    expect(await readManifest(folder)).toBeNull()
  }
})
