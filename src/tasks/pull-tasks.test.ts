import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { type RequestListener, type Server, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { sha256 } from '../base/hash.ts'
import type { Catalogue } from './catalogue.ts'
import { pullTasks } from './pull-tasks.ts'
import { isComplete, readManifest, verifyTasks } from './task-set.ts'

const texts: Record<string, string> = {
  toy2024_alpha: '# Alpha\n\nDoes it hold?\n',
  toy2024_beta: '## Beta\u200B\n\nDoes it scale?\n',
  toy2025_gamma: 'Gamma without a heading.\r\n',
}
const complete = { expected: 3, present: 3, identical: 3, missing: [], changed: [], unexpected: [] }
const commit = '0123456789abcdef0123456789abcdef01234567'

let root = ''
let to = ''
const servers: Server[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tasks-pull-'))
  to = join(root, 'data', 'tasks')
})

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  await rm(root, { recursive: true, force: true })
})

describe('a sound source', () => {
  test('installs every task of a served archive, byte for byte, with a manifest', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((_, response) => response.end(archive))
    const steps: string[] = []
    const manifest = await pullTasks({
      from: `${url}/release.tar.gz?token=secret`,
      to,
      catalogue: catalogueOf(texts),
      onProgress: (progress) => steps.push(progress.step),
    })
    for (const [id, text] of Object.entries(texts)) expect(await readFile(join(to, `${id}.md`), 'utf8')).toBe(text)
    expect(manifest).toMatchObject({ source: `${url}/release.tar.gz`, commit: null, count: 3 })
    expect(await readManifest(to)).toEqual(manifest)
    expect(new Set(steps)).toEqual(new Set(['receiving', 'installing']))
    await expectNothingElse()
  })

  test('pulls the pinned URL when no source is given, following redirects', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((request, response) => {
      if (request.url === '/pinned') response.writeHead(302, { location: '/elsewhere' }).end()
      else response.end(archive)
    })
    const manifest = await pullTasks({ to, catalogue: catalogueOf(texts, `${url}/pinned`) })
    expect(manifest).toMatchObject({ source: `${url}/pinned`, commit: '0123456' })
  })

  test('takes the commit that the host wrote into the archive', async () => {
    const path = await pack(texts, { gzip: false })
    const stamped = join(root, 'stamped.tar')
    await writeFile(stamped, Buffer.concat([globalComment(commit), await readFile(path)]))
    expect(await pullTasks({ from: stamped, to, catalogue: catalogueOf(texts) })).toMatchObject({ commit })
  })

  test.each(['release.tar.gz', 'release.tar', 'top', 'top/tasks'])('reads %s from disk', async (name) => {
    await pack(texts, { gzip: name.endsWith('.gz') })
    await pullTasks({ from: join(root, name), to, catalogue: catalogueOf(texts) })
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
  })

  test('reads an archive whose server compresses the transfer', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(archive))
    await pullTasks({ from: url, to, catalogue: catalogueOf(texts) })
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
  })

  test('keeps a complete data set in place and renews its manifest', async () => {
    const from = await pack(texts)
    await pullTasks({ from, to, catalogue: catalogueOf(texts) })
    const steps: string[] = []
    const { pulledAt } = await pullTasks({
      from: join(root, 'top'),
      to,
      catalogue: catalogueOf(texts),
      onProgress: (progress) => steps.push(progress.step),
    })
    expect(steps).not.toContain('installing')
    expect(await readManifest(to)).toMatchObject({ source: join(root, 'top'), pulledAt })
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
    await expectNothingElse()
  })

  test('restores a data set that was changed', async () => {
    const from = await pack(texts)
    await pullTasks({ from, to, catalogue: catalogueOf(texts) })
    await writeFile(join(to, 'toy2024_alpha.md'), 'edited')
    await rm(join(to, 'toy2024_beta.md'))
    await pullTasks({ from, to, catalogue: catalogueOf(texts) })
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
    await expectNothingElse()
  })

  test('lets two pulls into one folder both succeed', async () => {
    const from = await pack(texts)
    const options = { from, to, catalogue: catalogueOf(texts) }
    await Promise.all([pullTasks(options), pullTasks(options)])
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
    await expectNothingElse()
  })

  test('installs behind a link and keeps the link', async () => {
    await mkdir(join(root, 'data'))
    await mkdir(join(root, 'disk'))
    await symlink(join(root, 'disk'), to)
    await pullTasks({ from: await pack(texts), to, catalogue: catalogueOf(texts) })
    expect(await readdir(join(root, 'disk'))).toHaveLength(4)
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
  })
})

describe('content that is not the benchmark', () => {
  test('names what is missing, changed and unexpected, and installs nothing', async () => {
    const from = await pack({ toy2024_alpha: 'other', toy2024_beta: texts['toy2024_beta'] ?? '', stranger: 'x' })
    const message = await failure({ from })
    expect(message).toContain('1 missing (toy2025_gamma), 1 changed (toy2024_alpha), 1 unexpected (stranger)')
    expect(message).toContain('Nothing was installed')
  })

  test('does not count links as tasks', async () => {
    const { toy2025_gamma: gamma, ...others } = texts
    await writeFile(join(root, 'secret'), gamma ?? '')
    await mkdir(join(root, 'top', 'tasks'), { recursive: true })
    await symlink(join(root, 'secret'), join(root, 'top', 'tasks', 'toy2025_gamma.md'))
    expect(await failure({ from: await pack(others) })).toContain('1 missing (toy2025_gamma)')
    expect(await failure({ from: join(root, 'top') })).toContain('1 missing (toy2025_gamma)')
  })

  test.each(['../tasks', '/abs/tasks', 'top/deeper/tasks', 'tasks'])('takes no task from %s', async (folder) => {
    await pack(texts, { gzip: false, rename: (path) => path.replace('top/tasks', folder) })
    expect(await failure({ from: join(root, 'release.tar') })).toContain('3 missing')
  })

  test('shows no control characters of a hostile name and writes no such file', async () => {
    const from = await pack({ ...texts, '\u001B[31mred': 'x' })
    const message = await failure({ from })
    expect(message).toContain('1 unexpected (?[31mred)')
    expect(message).not.toContain('\u001B')
  })

  test('refuses a task far larger than a task can be', async () => {
    const from = await pack({ ...texts, toy2024_alpha: 'x'.repeat(1_000_001) })
    expect(await failure({ from })).toContain('far larger than they should be')
  })

  test('refuses tasks far larger together than they can be', async () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`t${n}`, 'x'.repeat(1_000_000)]))
    expect(await failure({ from: await pack(many) })).toContain('far larger than they should be')
  })
})

describe('a damaged archive', () => {
  test('says that it is cut short', async () => {
    const whole = await readFile(await pack(texts))
    const from = join(root, 'cut.tar.gz')
    for (const bytes of [whole.length - 1, Math.floor(whole.length / 2), 20]) {
      await writeFile(from, whole.subarray(0, bytes))
      expect(await failure({ from })).toContain('it is cut short')
    }
  })

  test('says that an uncompressed one is cut short', async () => {
    const whole = await readFile(await pack(texts, { gzip: false }))
    const from = join(root, 'cut.tar')
    await writeFile(from, whole.subarray(0, whole.indexOf('Does it hold') + 3))
    expect(await failure({ from })).toContain('it is cut short')
  })

  test('never installs altered tasks when one byte of the archive was flipped', async () => {
    const whole = await readFile(await pack(texts))
    const from = join(root, 'flipped.tar.gz')
    const outcomes = new Map<string, number>()
    // beyond the gzip header, whose time and system bytes carry nothing
    for (let position = 10; position < whole.length; position += 17) {
      const flipped = Buffer.from(whole)
      flipped[position] = (flipped[position] ?? 0) ^ 0x10
      await writeFile(from, flipped)
      const outcome = await pullTasks({ from, to, catalogue: catalogueOf(texts) }).then(
        // a back reference that now points at the same bytes elsewhere alters nothing
        async () => (isComplete(await verifyTasks(to, { catalogue: catalogueOf(texts) })) ? 'same' : 'altered'),
        (error: unknown) => (error instanceof PrerequisiteError ? 'refused' : String(error)),
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      await rm(to, { recursive: true, force: true })
      await expectNothingInstalled()
    }
    expect(outcomes.get('refused')).toBeGreaterThan(10)
    expect([...outcomes.keys()].filter((outcome) => !['refused', 'same'].includes(outcome))).toEqual([])
  })

  test.each([
    ['a web page', '\n <!DOCTYPE html><html>Sign in</html>', 'it is a web page'],
    ['nothing', '', 'it is empty'],
    ['some text', 'x'.repeat(2_000), 'not a tar archive'],
    ['a few bytes', 'x', 'not a tar archive'],
  ])('recognises %s', async (_, content, expected) => {
    const url = await serve((_request, response) => response.end(content))
    expect(await failure({ from: url })).toContain(expected)
  })
})

describe('a failing server', () => {
  test.each([
    [404, 'there is nothing at'],
    [403, 'Check the URL'],
    [503, 'Try again later'],
  ])('explains HTTP %i', async (status, expected) => {
    const url = await serve((_, response) => response.writeHead(status).end('no'))
    const message = await failure({ from: `${url}/x.tar.gz` })
    expect(message).toContain(`HTTP ${status}`)
    expect(message).toContain(expected)
  })

  test('explains a connection cut in the middle', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': archive.length })
      response.write(archive.subarray(0, 100), () => response.destroy())
    })
    expect(await failure({ from: url })).toMatch(/The connection to .* broke after \d+ bytes/)
  })

  test('explains a connection that ends early without having said how long it would be', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((_, response) => {
      response.useChunkedEncodingByDefault = false
      response.writeHead(200, { connection: 'close' })
      response.end(archive.subarray(0, 100))
    })
    expect(await failure({ from: url })).toContain('it is cut short (100 bytes read)')
  })

  test('gives up on a server that falls silent, before the first byte and after', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((request, response) => {
      if (request.url === '/middle') response.write(archive.subarray(0, 100))
    })
    expect(await failure({ from: url, stallTimeoutMs: 100 })).toContain('cannot be reached: no byte for 0.1 s')
    expect(await failure({ from: `${url}/middle`, stallTimeoutMs: 100 })).toContain('broke after 100 bytes: no byte')
  })

  test('waits for a slow server that keeps sending', async () => {
    const archive = await readFile(await pack(texts))
    const url = await serve((_, response) => {
      let sent = 0
      const timer = setInterval(() => {
        response.write(archive.subarray(sent, (sent += Math.ceil(archive.length / 5))))
        if (sent < archive.length) return
        clearInterval(timer)
        response.end()
      }, 300)
    })
    await pullTasks({ from: url, to, catalogue: catalogueOf(texts), stallTimeoutMs: 1_000 })
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
  })

  test('closes the connection as soon as the content is refused', async () => {
    const closed = Promise.withResolvers<string>()
    const url = await serve((_, response) => {
      response.on('close', () => closed.resolve('closed'))
      response.write('<html>')
    })
    expect(await failure({ from: url })).toContain('it is a web page')
    expect(await closed.promise).toBe('closed')
  })

  test('explains that nobody listens', async () => {
    const url = await serve(() => undefined)
    const [server] = servers.splice(0)
    server?.close()
    expect(await failure({ from: url })).toContain('cannot be reached')
  })

  test('stops with the reason of the caller, and installs nothing', async () => {
    const archive = await readFile(await pack(texts))
    const caller = new AbortController()
    const reason = new Error('interrupted by the user')
    const url = await serve((_, response) => {
      response.write(archive.subarray(0, 100))
    })
    const pull = pullTasks({
      from: url,
      to,
      catalogue: catalogueOf(texts),
      signal: caller.signal,
      onProgress: () => caller.abort(reason),
    })
    await expect(pull).rejects.toBe(reason)
    await expectNothingInstalled()
  })

  test('leaves nothing when stopped between writing and putting in place', async () => {
    const caller = new AbortController()
    const pull = pullTasks({
      from: await pack(texts),
      to,
      catalogue: catalogueOf(texts),
      signal: caller.signal,
      onProgress: (progress) => {
        if (progress.step === 'installing') caller.abort(new Error('too late'))
      },
    })
    await expect(pull).rejects.toThrow('too late')
    await expectNothingInstalled()
  })
})

describe('a wrong source or destination', () => {
  test.each([
    ['ftp://127.0.0.1/x', 'not from "ftp:'],
    ['/nowhere/at/all', 'There is nothing at /nowhere/at/all'],
    ['/dev/null', 'neither an archive nor a folder'],
  ])('refuses %s', async (from, expected) => {
    expect(await failure({ from })).toContain(expected)
  })

  test('refuses credentials in a URL without repeating them', async () => {
    const message = await failure({ from: 'http://user:hunter2@127.0.0.1:9/x' })
    expect(message).toContain('user name or password')
    expect(message).not.toContain('hunter2')
  })

  test("refuses a folder that holds the user's own files, before fetching anything", async () => {
    await mkdir(to, { recursive: true })
    await writeFile(join(to, 'thesis.md'), 'years of work')
    let requests = 0
    const url = await serve((_, response) => {
      requests += 1
      response.end()
    })
    await expect(pullTasks({ from: url, to, catalogue: catalogueOf(texts) })).rejects.toThrow('thesis.md')
    expect(requests).toBe(0)
    expect(await readFile(join(to, 'thesis.md'), 'utf8')).toBe('years of work')
  })

  test('explains a destination that cannot be a folder', async () => {
    await writeFile(join(root, 'file'), '')
    const pull = pullTasks({ from: await pack(texts), to: join(root, 'file', 'tasks'), catalogue: catalogueOf(texts) })
    await expect(pull).rejects.toThrow(/Tasks cannot be stored in .* Choose another folder/)
  })

  test('keeps a complete data set when a later pull fails', async () => {
    await pullTasks({ from: await pack(texts), to, catalogue: catalogueOf(texts) })
    const before = await readManifest(to)
    await writeFile(join(root, 'bad.tar.gz'), 'junk')
    await expect(pullTasks({ from: join(root, 'bad.tar.gz'), to, catalogue: catalogueOf(texts) })).rejects.toThrow(
      PrerequisiteError,
    )
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
    expect(await readManifest(to)).toEqual(before)
  })
})

describe('a killed pull', () => {
  test('leaves no data set, and the next pull removes what it left', async () => {
    const from = await pack(texts)
    const script = join(root, 'killed.mjs')
    const module = pathToFileURL(join(import.meta.dirname, 'pull-tasks.ts')).href
    await writeFile(
      script,
      `import { pullTasks } from ${JSON.stringify(module)}
      const onProgress = ({ step }) => { if (step === 'installing') process.kill(process.pid, 'SIGKILL') }
      await pullTasks({ ...${JSON.stringify({ from, to, catalogue: catalogueOf(texts) })}, onProgress })`,
    )
    const child = execFile(process.execPath, [script])
    const [, signal] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    const left = await readdir(join(root, 'data'))
    expect(left).toHaveLength(1)
    expect(left[0]).toMatch(/^\.tasks\.pull~/)

    await pullTasks({ from, to, catalogue: catalogueOf(texts) })
    expect(await verifyTasks(to, { catalogue: catalogueOf(texts) })).toEqual(complete)
    await expectNothingElse()
  })
})

function catalogueOf(tasks: Record<string, string>, archiveUrl = 'http://127.0.0.1:9/unused'): Catalogue {
  return {
    schema: 'mlrbench/catalogue@1',
    source: { repository: 'toy/bench', commit: '0123456', archiveUrl, licence: 'MIT' },
    tasks: Object.entries(tasks).map(([id, text]) => ({
      id,
      slug: id.slice(8),
      venue: 'Toy',
      year: Number(id.slice(3, 7)),
      title: null,
      sha256: sha256(text),
      bytes: Buffer.byteLength(text),
      category: null,
      inSubset: false,
    })),
  }
}

interface PackOptions {
  readonly gzip?: boolean
  readonly rename?: (path: string) => string
}

/** Writes `top/tasks/<id>.md` and other files of a release, packs all, and returns the archive's path. */
async function pack(tasks: Record<string, string>, { gzip = true, rename }: PackOptions = {}): Promise<string> {
  const folder = join(root, 'top', 'tasks')
  await mkdir(join(root, 'top', 'agent_results'), { recursive: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(root, 'top', 'README.md'), 'a release')
  await writeFile(join(root, 'top', 'agent_results', 'idea.md'), 'an idea')
  for (const [id, text] of Object.entries(tasks)) await writeFile(join(folder, `${id}.md`), text)
  const file = join(root, gzip ? 'release.tar.gz' : 'release.tar')
  await create(
    {
      file,
      gzip,
      cwd: root,
      preservePaths: true,
      ...(rename === undefined
        ? {}
        : {
            onWriteEntry: (entry) => {
              entry.path = rename(entry.path)
            },
          }),
    },
    ['top'],
  )
  return file
}

/** A pax global header with a comment, as code hosts put one at the head of an archive. */
function globalComment(comment: string): Buffer {
  const record = `${comment.length + 12} comment=${comment}\n`
  const header = Buffer.alloc(512)
  header.write('pax_global_header', 0)
  header.write('0000666\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${record.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('g', 156)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const body = Buffer.alloc(512)
  body.write(record)
  return Buffer.concat([header, body])
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

/** The message of a pull that must fail with a PrerequisiteError and install nothing. */
async function failure(options: { from: string; stallTimeoutMs?: number }): Promise<string> {
  const error: unknown = await pullTasks({ ...options, to, catalogue: catalogueOf(texts) }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PrerequisiteError)
  await expectNothingInstalled()
  return error instanceof Error ? error.message : ''
}

async function expectNothingInstalled(): Promise<void> {
  const names = await readdir(join(root, 'data')).catch(() => [])
  expect(names).toEqual([])
}

async function expectNothingElse(): Promise<void> {
  expect(await readdir(join(root, 'data'))).toEqual(['tasks'])
}
