/**
 * The words of a label, a key or a sentence in the one form in which claims and evidence share them: lower case, without accents and marks, split at
 * blanks, hyphens, underscores, dots and camel case (the joined form stays too), the plural's s gone, and a few short forms written out.
 * A number that hangs on a word stays with it: `ROUGE-1`, `rouge_1` and `rouge1` are all `rouge1`. In order, each once.
 */
export function foldWords(text: string): string[] {
  const words = new Set<string>()
  const bounded = text.length > mostCharacters ? text.slice(0, mostCharacters) : text
  // most labels are plain letters
  let plain = /[^\0-\x7F]/.test(bounded) ? bounded.normalize('NFKD').replace(/\p{M}/gu, '') : bounded
  if (plain.includes('_at_')) plain = plain.replace(/_at_(?=\d)/g, '@')
  if (plain.includes('\\')) plain = plain.replace(/\\[A-Za-z]+/g, command)
  for (const [token] of plain.matchAll(/[\p{L}\d]+(?:[-_^@]\d+(?![\p{L}\d.]))?/gu)) {
    const joined = token.replace(/[-_^@]/, '')
    const parts = camelParts(joined)
    if (parts.length > 1) for (const part of parts) words.add(foldWord(part))
    words.add(foldWord(joined))
  }
  return [...words]
}

/** Longer texts carry no label. */
const mostCharacters = 4_000

/** LaTeX commands are marks, but Greek letters name things. */
function command(written: string): string {
  const name = written.slice(1)
  return greek.has(name) ? ` ${name} ` : ' '
}

const greek = new Set('alpha beta gamma delta epsilon lambda mu rho sigma tau theta kappa eta phi chi omega'.split(' '))

const greekLetters = new Map([
  ['α', 'alpha'],
  ['β', 'beta'],
  ['γ', 'gamma'],
  ['δ', 'delta'],
  ['ε', 'epsilon'],
  ['λ', 'lambda'],
  ['μ', 'mu'],
  ['ρ', 'rho'],
  ['σ', 'sigma'],
  ['τ', 'tau'],
  ['θ', 'theta'],
  ['κ', 'kappa'],
  ['η', 'eta'],
])

function camelParts(token: string): string[] {
  if (token === token.toLowerCase()) return [token]
  return token.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ').split(' ')
}

/** One word, folded. */
function foldWord(word: string): string {
  const lower = word.toLowerCase()
  const known = shortForms.get(lower) ?? greekLetters.get(lower)
  if (known !== undefined) return known
  const single = lower.length > 3 && /[^sui]s$/.test(lower) ? singular(lower) : lower
  return shortForms.get(single) ?? single
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return /(?:ss|x|ch|sh)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1)
}

const shortForms = new Map([
  ['acc', 'accuracy'],
  ['avg', 'mean'],
  ['average', 'mean'],
  ['ci', 'interval'],
  ['corr', 'correlation'],
  ['eval', 'evaluation'],
  ['mem', 'memory'],
  ['num', 'number'],
  ['param', 'parameter'],
  ['pct', 'percent'],
  ['ppl', 'perplexity'],
  ['prec', 'precision'],
  ['rec', 'recall'],
  ['sec', 'second'],
  ['stddev', 'std'],
  ['stdev', 'std'],
  ['temp', 'temperature'],
  ['tok', 'token'],
  ['val', 'validation'],
  ['valid', 'validation'],
])
