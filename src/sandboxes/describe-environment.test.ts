import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sandboxSpecSchema } from '../schema/config.ts'
import { environmentSchema } from '../schema/environment.ts'
import { describeEnvironment } from './describe-environment.ts'
import { defaultLimits, openSandbox } from './index.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'environment-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('tells the machine, what is installed, what was loaded and what stood ready', async () => {
  const workspace = join(folder, 'workspace')
  const shared = join(folder, 'shared')
  await mkdir(join(workspace, '.cache/huggingface/hub/models--owner--small/snapshots/abc'), { recursive: true })
  await mkdir(join(shared, 'hub/datasets--imdb/snapshots/def'), { recursive: true })
  const spec = sandboxSpecSchema.parse({ kind: 'host', ...defaultLimits, readOnly: { '/shared': shared } })
  await using sandbox = await openSandbox('host', { workspace, limits: defaultLimits, network: 'none' })
  const environment = await describeEnvironment(sandbox, {
    spec,
    workspace,
    coder: { kind: 'bash-loop', version: null },
    signal: new AbortController().signal,
  })
  expect(environmentSchema.parse(environment)).toMatchObject({
    sandbox: { kind: 'host', isolated: false },
    image: null,
    node: process.version,
    loaded: [{ kind: 'model', name: 'owner/small', revision: 'abc' }],
    available: [{ kind: 'dataset', name: 'imdb', revision: 'def', folder: '/shared' }],
  })
  expect(environment.distribution === null).toBe(process.platform !== 'linux')
})
