import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findInstalled } from './installed-packages.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'installed-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const make = (path: string): Promise<unknown> => mkdir(join(folder, path), { recursive: true })

test('finds packages by the folders that installers leave, and snapshots of the hub by revision', async () => {
  await make('.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info')
  await make('.venv/lib/python3.12/site-packages/numpy')
  await make('.venv/lib/python3.12/site-packages/my_pkg-0.1+local.egg-info')
  await make('.cache/huggingface/hub/models--owner--small/snapshots/0123abc')
  await make('.cache/huggingface/hub/models--owner--small/snapshots/4567def')
  await make('.cache/huggingface/hub/datasets--imdb/snapshots/89')
  expect(await findInstalled(folder)).toEqual({
    packages: [
      { name: 'my_pkg', version: '0.1+local' },
      { name: 'numpy', version: '2.1.0' },
    ],
    snapshots: [
      { kind: 'dataset', name: 'imdb', revision: '89' },
      { kind: 'model', name: 'owner/small', revision: '0123abc' },
      { kind: 'model', name: 'owner/small', revision: '4567def' },
    ],
  })
})

test('does not follow links, and leaves out names that no installer gives', async () => {
  await make('real/numpy-1.0.dist-info')
  await symlink(join(folder, 'real'), join(folder, 'link'))
  await symlink(folder, join(folder, 'real', 'loop'))
  await make('models--owner--a\nb/snapshots/1')
  await make('models--owner--small/snapshots/\u001b[2J')
  await make('evil\u001b[2J-1.0.dist-info')
  expect(await findInstalled(folder)).toEqual({ packages: [{ name: 'numpy', version: '1.0' }], snapshots: [] })
})

test('a folder that is not there holds nothing', async () => {
  expect(await findInstalled(join(folder, 'missing'))).toEqual({ packages: [], snapshots: [] })
})
