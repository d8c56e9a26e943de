import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header, type HeaderData } from 'tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { archiveLimits, openArchive } from './archive.ts'

let folder: string
let pack: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-archive-'))
  pack = join(folder, 'pack')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('only regular files belong to the source, each under one path of its own', async () => {
  const archive = await archiveOf([
    entry({ path: 'top/', type: 'Directory' }),
    entry({ path: 'top/a.txt' }, 'first'),
    entry({ path: 'top/a.txt' }, 'second'),
    entry({ path: 'top/a.txt/below.txt' }, 'x'),
    entry({ path: '../outside.txt' }, 'x'),
    entry({ path: 'top/../../outside.txt' }, 'x'),
    entry({ path: '/tmp/outside.txt' }, 'x'),
    entry({ path: 'top/link', type: 'SymbolicLink', linkpath: '/etc/passwd' }),
    entry({ path: 'top/hard', type: 'Link', linkpath: '../outside.txt' }),
    entry({ path: 'top/pipe', type: 'FIFO' }),
    entry({ path: 'top/./b.txt' }, 'last'),
  ])
  using opened = await openArchive(archive, pack, { name: 'archive' })
  const { source, refused } = opened
  expect(source.files()).toEqual(['a.txt', 'b.txt'])
  expect(await source.readText('a.txt')).toBe('first')
  expect(await source.readText('b.txt')).toBe('last')
  expect(refused).toEqual([
    { path: 'top/a.txt', reason: 'a name that the archive holds twice' },
    { path: '../outside.txt', reason: 'a path that leads out of the archive' },
    { path: 'top/../../outside.txt', reason: 'a path that leads out of the archive' },
    { path: '/tmp/outside.txt', reason: 'a path that leads out of the archive' },
    { path: 'top/link', reason: 'no regular file' },
    { path: 'top/hard', reason: 'no regular file' },
    { path: 'top/pipe', reason: 'no regular file' },
    { path: 'top/a.txt/below.txt', reason: 'a name that the archive holds twice' },
  ])
})

test.each<[what: string, make: (bytes: Buffer) => Buffer]>([
  ['is cut short', (bytes) => gzipSync(bytes).subarray(0, 60)],
  ['is cut short between two files', (bytes) => bytes.subarray(0, -1_024)],
  ['is no archive', () => Buffer.from('<html>not found</html>'.repeat(100))],
])('an archive that %s is refused with what to do', async (_what, make) => {
  const path = join(folder, 'bad.tar.gz')
  await writeFile(path, make(Buffer.concat([entry({ path: 'a.txt' }, 'x'.repeat(4_000)), Buffer.alloc(1_024)])))
  const refused = openArchive(path, pack, { name: 'bad' })
  await expect(refused).rejects.toThrow(PrerequisiteError)
  await expect(refused).rejects.toThrow('Fetch it again')
})

test.each([{ files: 1 }, { bytes: 7 }])('an archive that unpacks beyond %j is refused', async (limit) => {
  const archive = await archiveOf([entry({ path: 'a' }, 'four'), entry({ path: 'b' }, 'more')])
  await expect(openArchive(archive, pack, { name: 'large', limits: { ...archiveLimits, ...limit } })).rejects.toThrow(
    'far more',
  )
})

function entry(header: HeaderData, content = ''): Buffer {
  const size = Buffer.byteLength(content)
  const block = Buffer.alloc(512)
  new Header({ type: 'File', mode: 0o644, mtime: new Date(0), ...header, size }).encode(block, 0)
  const body = Buffer.alloc(Math.ceil(size / 512) * 512)
  body.write(content)
  return Buffer.concat([block, body])
}

async function archiveOf(entries: readonly Buffer[]): Promise<string> {
  const path = join(folder, 'archive.tar.gz')
  await writeFile(path, gzipSync(Buffer.concat([...entries, Buffer.alloc(1_024)])))
  return path
}
