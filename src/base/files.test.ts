import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isMissing, listFiles, makeFolder, readTextIfPresent, writeJson, writeWhole } from './files.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'files-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('writing', () => {
  test('makes missing folders and leaves nothing but the file', async () => {
    const path = join(root, 'a', 'b', 'text.md')
    await writeWhole(path, 'long first text')
    await writeWhole(path, 'zwei')
    expect(await readFile(path, 'utf8')).toBe('zwei')
    expect(await readdir(join(root, 'a', 'b'))).toEqual(['text.md'])
  })

  test('writes bytes as they are', async () => {
    const path = join(root, 'bytes')
    await writeWhole(path, Uint8Array.of(0, 255, 10))
    expect([...(await readFile(path))]).toEqual([0, 255, 10])
  })

  test('a reader never sees half a file', async () => {
    const path = join(root, 'contested.txt')
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000))
    await writeWhole(path, texts[0] ?? '')
    const writing = Promise.all(Array.from({ length: 12 }, (_, index) => writeWhole(path, texts[index % 3] ?? '')))
    for (let reads = 0; reads < 40; reads += 1) expect(texts).toContain(await readFile(path, 'utf8'))
    await writing
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'JSON refuses %s, names where it stands, and writes nothing',
    async (value) => {
      const path = join(root, 'bad.json')
      await expect(writeJson(path, { deep: [{ lossAtEnd: value }] })).rejects.toThrow(/"lossAtEnd" is (NaN|Infinity)/)
      expect(await readTextIfPresent(path)).toBeNull()
    },
  )

  test('makes a folder at any depth, and minds none that exists', async () => {
    const path = join(root, 'deep', 'er', 'est')
    await makeFolder(path)
    await makeFolder(path)
    expect((await stat(path)).isDirectory()).toBe(true)
  })
})

describe('reading', () => {
  test('what is not there is null; what cannot be read rejects', async () => {
    expect(await readTextIfPresent(join(root, 'absent'))).toBeNull()
    await writeFile(join(root, 'plain'), '')
    expect(await readTextIfPresent(join(root, 'plain', 'below'))).toBeNull()
    await expect(readTextIfPresent(root)).rejects.toThrow(/EISDIR/)
    expect(isMissing(new Error('no code'))).toBe(false)
  })
})

describe('listing', () => {
  test('sorts by path, and names links and pipes without touching them', async () => {
    const folder = join(root, 'listed')
    await mkdir(join(folder, 'a'), { recursive: true })
    await writeFile(join(folder, 'a', 'z.txt'), '12345')
    await writeFile(join(folder, 'a-b'), '')
    await writeFile(join(folder, 'new\nline'), 'x')
    await mkdir(join(root, 'outside'))
    await writeFile(join(root, 'outside', 'secret'), 'secret')
    await symlink(join(root, 'outside'), join(folder, 'link-to-folder'))
    await symlink('/nowhere', join(folder, 'dangling'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const listed = await listFiles(folder)
    expect(listed.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'a-b file',
      'a/z.txt file',
      'dangling link',
      'link-to-folder link',
      'new\nline file',
      'pipe other',
    ])
    expect(listed.find(({ path }) => path === 'a/z.txt')?.bytes).toBe(5)
  })

  test('a folder that is not there has no files', async () => {
    expect(await listFiles(join(root, 'no', 'such'))).toEqual([])
  })

  test('a file in place of the folder has none either', async () => {
    await writeFile(join(root, 'not-a-folder'), '')
    expect(await listFiles(join(root, 'not-a-folder'))).toEqual([])
  })

  test('names that are no text, and folders nested beyond the longest path, are named and not read', async () => {
    const folder = join(root, 'hostile')
    await mkdir(folder)
    execFileSync('bash', ['-c', "touch $'bad\\xff'; mkdir $'dir\\xff'; touch $'dir\\xff/x'"], { cwd: folder })
    execFileSync('bash', ['-c', 'for i in $(seq 40); do mkdir $(printf d%0200d 1) && cd $_; done; touch deepest'], {
      cwd: folder,
    })
    const listed = await listFiles(folder)
    expect(listed.map(({ kind }) => kind)).toEqual(['other', 'other', 'other'])
    expect(listed.map(({ path }) => path.slice(0, 3))).toEqual(['bad', 'd00', 'dir'])
    execFileSync('rm', ['-rf', folder])
  })

  test('a folder that is closed to us is named, and the rest is listed', async () => {
    const folder = join(root, 'closed')
    await mkdir(join(folder, 'shut'), { recursive: true })
    await writeFile(join(folder, 'shut', 'inside'), '')
    await writeFile(join(folder, 'open'), '')
    await chmod(join(folder, 'shut'), 0)
    const listed = await asNobody(() => listFiles(folder))
    expect(listed.map(({ path, kind }) => `${path} ${kind}`)).toEqual(['open file', 'shut other'])
    await chmod(join(folder, 'shut'), 0o755)
  })

  test('ends where it is told to, always at the same file', async () => {
    const folder = join(root, 'many')
    await mkdir(folder)
    await Promise.all(Array.from({ length: 30 }, (_, index) => writeFile(join(folder, `f${index + 10}`), '')))
    const paths = (await listFiles(folder, { mostFiles: 3 })).map(({ path }) => path)
    expect(paths).toEqual(['f10', 'f11', 'f12'])
  })
})

/** For what root may do and nobody else. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0
  await chmod(root, 0o755)
  if (isRoot) process.seteuid?.(65_534)
  try {
    return await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}
