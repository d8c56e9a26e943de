import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashJson, sha256, sha256File } from './hash.ts'

/** FIPS 180-4 example: SHA-256 of "abc". */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

test('text and bytes have the published hash', () => {
  expect(sha256('abc')).toBe(abc)
  expect(sha256(Buffer.from('abc'))).toBe(abc)
})

test('a file has the hash of its bytes, also beyond one chunk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hash-'))
  const bytes = Buffer.alloc(300_000, 'no line ends ')
  await writeFile(join(folder, 'large'), bytes)
  expect(await sha256File(join(folder, 'large'))).toBe(sha256(bytes))
  await rm(folder, { recursive: true })
})

test('a JSON value has one hash whatever the order of its keys, at any depth', () => {
  expect(hashJson({ b: [{ y: 1, x: null }], a: 'é' })).toBe(hashJson({ a: 'é', b: [{ x: null, y: 1 }] }))
})

test.each([
  ['order in a list', [1, 2], [2, 1]],
  ['null and no member', { a: null }, {}],
  ['number and text', { a: 1 }, { a: '1' }],
  ['nesting', { a: { b: 1 } }, { a: 1, b: 1 }],
])('%s makes a difference', (_name, one, other) => {
  expect(hashJson(one)).not.toBe(hashJson(other))
})

test('an undefined member counts as none', () => {
  expect(hashJson({ a: 1, b: undefined })).toBe(hashJson({ a: 1 }))
})
