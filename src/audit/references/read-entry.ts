import type { Reference } from './reference.ts'

const longestEntry = 600
const arxivPattern =
  /arxiv(?:\.org\/(?:abs|pdf)\/|\s{0,3}(?:preprint)?\s{0,3}(?:arxiv)?[:.\s]\s{0,3})\[?([a-z][a-z-]{1,12}(?:\.[A-Z]{2})?\/\d{7}|\d{3,5}\.[0-9xX?#]{2,9})(?:v\d{1,2})?(?![\d/])/i
const doiPattern = /(?:doi\.org\/|\bdoi\s{0,2}[:=]?\s{0,2})((?:10|[\dxX]{1,3})\.[^\s,;)\]}"]{1,120})/i
const venuePattern =
  /\b(?:in proceedings|proceedings|proc\.|journal|transactions|conference|workshop|symposium|advances in|press|springer|elsevier|nature|science|magazine|review|letters|neurips|nips|icml|iclr|acl|emnlp|naacl|cvpr|iccv|eccv|aaai|ijcai|kdd|chi|jmlr|tmlr|tacl|interspeech)\b|\bIn [A-Z]|\d{1,4} ?\(\d{1,3}\)/i

/** Reads an entry written as free text. It guesses where styles leave room, and says null rather than guess wildly. */
export function readEntry(raw: string, at: { path: string; line: number; key: string | null }): Reference {
  const written = raw.slice(0, longestEntry).replace(/\s+/g, ' ').trim()
  const quoted = /[“"]([^“”"]{8,300})[”"]/.exec(written)?.[1] ?? /``([^`']{8,300})''/.exec(written)?.[1] ?? null
  const text = written.replace(/\\(?:emph|textit|textbf|em|it|newblock|url|href)\b|[*{}`~]|(?<![\w])_|_(?![\w])/g, '')
  const arxiv = arxivPattern.exec(text)?.[1] ?? null
  const plain = text
    .replace(/https?:\/\/\S{1,300}/g, ' ')
    .replace(arxivPattern, ' ')
    .replace(doiPattern, ' ')
  return {
    ...at,
    text: text.trim(),
    surname: surnameOf(text),
    title: quoted ?? titleAfterYear(plain),
    year: yearOf(plain),
    arxiv,
    doi: doiPattern.exec(text)?.[1]?.replace(/[.,;:]+$/, '') ?? null,
    published: venuePattern.test(plain.replace(/arxiv( preprint)?/gi, '')),
  }
}

/** Years in brackets come first: what else stands in an entry may be pages or part of a title. */
function yearOf(text: string): number | null {
  const bracketed = /\((?:[A-Z][a-z]{2,8}\.? )?((?:19|20)\d\d)[a-z]?(?:, [A-Z][a-z]+)?\)/.exec(text)?.[1]
  if (bracketed !== undefined) return Number(bracketed)
  const years = [...text.matchAll(/(?<![\d.:/–-])((?:19|20)\d\d)[a-z]?(?![\d/–-])/g)]
  const last = years.at(-1)?.[1]
  return last === undefined ? null : Number(last)
}

/** Of `Authors (2024). Title. Venue`; null for other orders, where nothing marks the title. */
function titleAfterYear(text: string): string | null {
  const match = /\((?:19|20)\d\d[a-z]?\)[.,:]?\s{0,3}(.{8,300}?)(?:[.?!](?=\s|$)|$)/.exec(text)
  return match?.[1]?.trim() ?? null
}

function surnameOf(text: string): string | null {
  const first = /^([^,.“"(]{2,60}),\s{0,2}(?:[A-ZÀ-Ý]\.|[A-ZÀ-Ý]\b)/.exec(text)?.[1]
  if (first !== undefined && first.split(' ').length <= 4) return first.trim()
  const head = text.split(/,|“|"|\(| et al| and | & /, 1)[0] ?? ''
  const words = head.trim().split(' ').slice(0, 6)
  const named = words.filter((word) => /^\p{Lu}[\p{L}'’-]+$/u.test(word.replace(/[.:]$/, '')))
  return named.at(-1)?.replace(/[.:]$/, '') ?? null
}

/** Lower case without accents and punctuation, words parted by single blanks. */
export function foldText(text: string): string {
  // Most texts are plain ASCII, where a tenth of the work is enough.
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text))
    return text
      .replace(/'s\b/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ł/g, 'l')
    .replace(/[øØ]/g, 'o')
    .replace(/['’]s\b/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
