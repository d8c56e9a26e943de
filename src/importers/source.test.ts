import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFiles } from '../../test/support/mini-release.ts'
import { openSource } from './source.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-source-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('lists what stands below a folder, and nothing whose name only begins alike', async () => {
  await writeFiles(folder, { 'a/b/1': '', 'a/b-2': '', 'a/b.md': '', 'a/b0': '', 'a/c/d/3': '', top: 'x' })
  const { source } = await openSource(folder, 'a source')
  expect(source.files('a/b')).toEqual(['a/b/1'])
  expect(source.files('a')).toEqual(['a/b-2', 'a/b.md', 'a/b/1', 'a/b0', 'a/c/d/3'])
  expect(source.files('missing')).toEqual([])
  expect(source.folders()).toEqual(['a'])
  expect(source.folders('a')).toEqual(['b', 'c'])
  expect(source.at('a').folders()).toEqual(['b', 'c'])
  expect(source.bytes('top')).toBe(1)
  await expect(source.read('../outside')).rejects.toThrow('holds no file')
})
