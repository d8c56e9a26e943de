const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" }

/** What `echo` or `printf` print, as far as their words say it: escapes read, `%s` and its like filled in. */
export function printedText(words: readonly string[]): string {
  const [name, ...rest] = words
  if (name?.endsWith('printf') === true) return printf(rest)
  const options = rest.findIndex((word) => !/^-[neE]{1,3}$/.test(word))
  const flags = rest.slice(0, Math.max(0, options)).join('')
  const text = rest.slice(Math.max(0, options)).join(' ')
  const shown = flags.includes('e') ? unescape(text) : text
  return flags.includes('n') ? shown : `${shown}\n`
}

/** The format is used again until every argument is printed. */
function printf(words: readonly string[]): string {
  const operands = words[0] === '--' ? words.slice(1) : words
  const format = unescape(operands[0] ?? '')
  const values = operands.slice(1)
  const slots = [...format.matchAll(/%[-+ 0#]{0,4}\d{0,4}(?:\.\d{1,3})?[a-zA-Z]/g)].length
  const rounds = slots === 0 ? 1 : Math.min(1_000, Math.max(1, Math.ceil(values.length / slots)))
  let next = 0
  let text = ''
  for (let round = 0; round < rounds; round += 1)
    text += format
      .replaceAll(/%[-+ 0#]{0,4}\d{0,4}(?:\.\d{1,3})?[a-zA-Z]/g, () => values[next++] ?? '')
      .replaceAll('%%', '%')
  return text
}

function unescape(text: string): string {
  return text.replaceAll(/\\([ntr\\"'])/g, (_whole, letter: string) => escapes[letter] ?? letter)
}
