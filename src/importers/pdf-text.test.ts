import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import { expect, test } from 'vitest'
import { readPdf } from './pdf-text.ts'

const fixture = join(import.meta.dirname, '../../test/data/papers/counting-beans.pdf')

test('reads the text of a PDF page by page', async () => {
  const read = await readPdf(await readFile(fixture))
  if ('reason' in read) throw new Error(read.reason)
  const lines = read.text.split('\n')
  expect(lines.slice(0, 2)).toEqual(['Counting Beans with Two Pointers', 'Abstract'])
  expect(read.text).toContain('since the pointers never cross.\n\n3 Results\n')
  expect(lines).toContain('Two pointers 1.000 3.4')
})

test.each([
  ['nothing', () => Promise.resolve(Buffer.alloc(0)), /cannot be read/],
  ['something else', () => Promise.resolve(Buffer.from('# A paper')), /cannot be read/],
  ['a file cut off', async () => (await readFile(fixture)).subarray(0, 900), /cannot be read/],
  ['an encrypted file', () => pdf({ userPassword: 'beans' }), /^an encrypted PDF$/],
  ['a page without text', () => pdf({}), /without text/],
])('gives the reason for %s', async (_, bytes, reason) => {
  expect(await readPdf(await bytes())).toEqual({ reason: expect.stringMatching(reason) })
})

/** One page with a black square. */
function pdf(options: { userPassword?: string }): Promise<Buffer> {
  const document = new PDFDocument(options)
  const bytes = buffer(document)
  document.rect(10, 10, 100, 100).fill('black').end()
  return bytes
}
