import { Header } from 'tar'
import { expect, test } from 'vitest'
import { ArchiveError, archiveLimits, readTaskArchive } from './task-archive.ts'

test('stops at an archive that unpacks to more than it may, whatever is in it', async () => {
  const archive = tarOf('top/picture.png', 'x'.repeat(4_096))
  const limits = { ...archiveLimits, unpackedBytes: 4_095 }
  const reading = readTaskArchive(inPieces(archive, 512), { limits })
  await expect(reading).rejects.toThrow(ArchiveError)
  await expect(reading).rejects.toThrow('far more than the release')
})

test('reads an archive that arrives one byte at a time', async () => {
  const { files } = await readTaskArchive(inPieces(tarOf('top/tasks/a.md', 'text'), 1))
  expect([...files].map(([id, bytes]) => [id, bytes.toString()])).toEqual([['a', 'text']])
})

test('passes on what the stream of bytes itself throws', async () => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield tarOf('top/tasks/a.md', 'text').subarray(0, 600)
    throw new Error('the cable was pulled')
  }
  await expect(readTaskArchive(breaking())).rejects.toThrow('the cable was pulled')
})

function tarOf(path: string, content: string): Buffer {
  const size = Buffer.byteLength(content)
  const header = new Header({ path, type: 'File', size, mode: 0o644, mtime: new Date(0) })
  const block = Buffer.alloc(512)
  header.encode(block, 0)
  const body = Buffer.alloc(Math.ceil(size / 512) * 512)
  body.write(content)
  return Buffer.concat([block, body, Buffer.alloc(1_024)])
}

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes)
}
