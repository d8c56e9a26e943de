import { getDocumentProxy } from 'unpdf'
import { describeError } from '../base/errors.ts'

const largestPdfBytes = 100 * 1024 * 1024
const mostPages = 500
const mostCharacters = 5_000_000
/** A page of a paper has some thousands; scanned pages have none, or a stamp. */
const fewestLettersPerPage = 20

/**
 * The text of a PDF, page by page with an empty line between pages, or why there is none. Figures and layout are lost;
 * tables become lines of their cells.
 */
export async function readPdf(bytes: Uint8Array): Promise<{ readonly text: string } | { readonly reason: string }> {
  if (bytes.length > largestPdfBytes) return { reason: `a PDF larger than ${largestPdfBytes / 1024 ** 2} MiB` }
  let pages: string[]
  try {
    pages = await readPages(bytes)
  } catch (error) {
    // the library names its errors and exports no classes
    const name = error instanceof Error ? error.name : ''
    if (name === 'PasswordException') return { reason: 'an encrypted PDF' }
    return { reason: `a PDF that cannot be read (${describeError(error).slice(0, 100)})` }
  }
  const text = `${pages.join('\n\n')}\n`
  const letters = text.match(/\p{Letter}/gu)?.length ?? 0
  if (letters < fewestLettersPerPage * Math.max(1, pages.length))
    return { reason: 'a PDF without text, such as scanned pages' }
  return { text }
}

async function readPages(bytes: Uint8Array): Promise<string[]> {
  // the library takes the buffer for its own and empties it; 0: only errors, which come as exceptions
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, stopAtErrors: false })
  try {
    if (document.numPages > mostPages) throw new Error(`${document.numPages} pages, more than ${mostPages}`)
    const pages: string[] = []
    let characters = 0
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('')
      characters += text.length
      if (characters > mostCharacters) throw new Error(`more than ${mostCharacters} characters`)
      pages.push(text.toWellFormed().replaceAll('\0', '').trim())
    }
    return pages
  } finally {
    await document.loadingTask.destroy()
  }
}
