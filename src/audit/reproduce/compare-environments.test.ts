import { expect, test } from 'vitest'
import { type Environment, environmentSchema } from '../../schema/environment.ts'
import { compareEnvironments } from './compare-environments.ts'

function environment(changes: Partial<Environment> = {}): Environment {
  return environmentSchema.parse({
    schema: 'mlrbench/environment@2',
    sandbox: { kind: 'container', memoryBytes: 1, cpus: 1, processes: 1, diskBytes: 1, isolated: true },
    image: { name: 'experiment', digest: 'sha256:aa' },
    gpus: [],
    platform: 'linux',
    architecture: 'x64',
    kernel: '6.1',
    cpu: 'a processor',
    cpuCount: 2,
    memoryBytes: 1,
    distribution: 'Debian',
    node: 'v24',
    python: '3.12.1',
    packages: [
      { name: 'numpy', version: '2.1.0' },
      { name: 'scipy', version: '1.14' },
    ],
    workspacePackages: [],
    loaded: [{ kind: 'model', name: 'owner/small', revision: 'abc' }],
    available: [],
    coder: { kind: 'bash-loop', version: null },
    ...changes,
  })
}

test('the same surroundings have no difference, whoever worked in them and however large they are', () => {
  const other = environment({ coder: { kind: 'codex', version: '1' }, memoryBytes: 2, cpuCount: 8 })
  expect(compareEnvironments(environment(), other)).toEqual([])
})

test('image, Python and packages that changed are told, and so is what was loaded and is no longer there', () => {
  const now = environment({
    image: { name: 'experiment', digest: 'sha256:bb' },
    python: null,
    packages: [
      { name: 'numpy', version: '2.2.0' },
      { name: 'torch', version: '2.9' },
    ],
    gpus: [{ name: 'A100', memoryMebibytes: 81_920, driver: '550' }],
    loaded: [],
  })
  expect(compareEnvironments(environment(), now)).toEqual([
    'image: experiment sha256:aa then, experiment sha256:bb now',
    'GPUs: none then, A100 (driver 550) now',
    'Python: 3.12.1 then, not known now',
    'numpy: 2.1.0 then, 2.2.0 now',
    'scipy: 1.14 then, not installed now',
    'torch: not installed then, 2.9 now',
    'model owner/small at abc was loaded then, and was not now',
  ])
})

test('a model that now stands ready in a shared folder is no difference', () => {
  const ready = { kind: 'model', name: 'owner/small', revision: 'abc', folder: '/models' } as const
  expect(compareEnvironments(environment(), environment({ loaded: [], available: [ready] }))).toEqual([])
})

test('of many packages some are named and the others counted', () => {
  const packages = Array.from({ length: 50 }, (_, index) => ({ name: `p${index}`, version: '1' }))
  const differences = compareEnvironments(environment({ packages: [] }), environment({ packages }))
  expect(differences).toHaveLength(21)
  expect(differences.at(-1)).toBe('and 30 more of this kind')
})
