import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, extract } from 'tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PrerequisiteError } from '../src/base/errors.ts'
import { loadTasks } from '../src/tasks/load-tasks.ts'
import { pullTasks } from '../src/tasks/pull-tasks.ts'
import { verifyTasks } from '../src/tasks/task-set.ts'

const release = join(import.meta.dirname, '../../shared/release/mlrbench-806a203.tar.gz')

describe.skipIf(!existsSync(release))('pulling the public release (skips without ../shared/release beside it)', () => {
  let root = ''
  let url = ''
  const server = createServer((request, response) => {
    const file = request.url === '/release' ? release : join(root, request.url ?? '')
    if (existsSync(file)) createReadStream(file).pipe(response)
    else response.writeHead(404).end('404: Not Found')
  })

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'release-pull-'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    url = `http://127.0.0.1:${address.port}`
  })

  afterAll(async () => {
    server.close()
    await rm(root, { recursive: true, force: true })
  })

  test('verifies and loads 201 of 201 tasks', async () => {
    const to = join(root, 'whole', 'tasks')
    expect(await pullTasks({ from: `${url}/release`, to })).toMatchObject({ count: 201 })
    expect(await verifyTasks(to)).toMatchObject({ expected: 201, present: 201, identical: 201 })
    const tasks = await loadTasks({ pulledFolder: to, bundledFolder: null })
    expect(
      tasks.filter((task) => task.source === 'mlr-bench' && task.venue !== null && task.title !== ''),
    ).toHaveLength(201)
    expect(await readdir(join(root, 'whole'))).toEqual(['tasks'])
  })

  test('verifies them as well from servers that close the connection behind the file', async () => {
    const closing = createServer((_request, response) => {
      response.writeHead(200, { connection: 'close' })
      createReadStream(release).pipe(response)
    })
    closing.listen(0, '127.0.0.1')
    await once(closing, 'listening')
    const address = closing.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    for (let time = 0; time < 8; time += 1)
      expect(
        await pullTasks({ from: `http://127.0.0.1:${address.port}/`, to: join(root, `closing-${time}`) }),
      ).toMatchObject({ count: 201 })
    closing.close()
  })

  test('installs nothing when one byte of one task is different', async () => {
    await extract({ file: release, cwd: root, filter: (path) => path.includes('/tasks/') })
    const [top = ''] = (await readdir(root)).filter((name) => name.startsWith('mlrbench-'))
    const task = join(root, top, 'tasks', 'iclr2025_scope.md')
    const bytes = await readFile(task)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    await writeFile(task, bytes)
    await create({ file: join(root, 'flipped.tar.gz'), gzip: true, cwd: root }, [top])
    expect(await failure('flipped.tar.gz')).toMatch(/: 1 changed \(iclr2025_scope\)\. Nothing was installed/)
  })

  test('installs nothing from a truncated archive', async () => {
    const whole = await readFile(release)
    await writeFile(join(root, 'cut.tar.gz'), whole.subarray(0, whole.length - 1_000))
    expect(await failure('cut.tar.gz')).toMatch(/it is cut short/)
  })

  test('installs nothing when the archive is not there', async () => {
    expect(await failure('absent.tar.gz')).toMatch(/HTTP 404: there is nothing at .*absent\.tar\.gz/)
  })

  /** The message of a pull that fails and leaves nothing behind. */
  async function failure(name: string): Promise<string> {
    const data = join(root, `data-${name}`)
    const error: unknown = await pullTasks({ from: `${url}/${name}`, to: join(data, 'tasks') }).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(PrerequisiteError)
    expect(await readdir(data)).toEqual([])
    return error instanceof Error ? error.message : ''
  }
})
