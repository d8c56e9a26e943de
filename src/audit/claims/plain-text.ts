/** A cell, heading or caption without the marks of Markdown, HTML and LaTeX, on one line and at most 300 characters. */
export function plainText(written: string): string {
  if (/^[\w .,%()-]*$/.test(written) && written.length <= mostCharacters) return written.trim()
  return written
    .slice(0, 4 * mostCharacters)
    .replace(/<[^<>]{0,200}>/g, ' ')
    .replace(/&(#?\w{1,8});/g, entity)
    .replace(/!?\[([^[\]]{0,300})\]\([^()]{0,400}\)/g, '$1')
    .replace(/\\([A-Za-z]+)\*?/g, command)
    .replace(/\\([%&$#_{}|])/g, '$1')
    .replace(/\*{1,3}|`+|~~|[{}$]|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, mostCharacters)
}

const mostCharacters = 300

function entity(written: string, name: string): string {
  return entities.get(name) ?? written
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['nbsp', ' '],
  ['plusmn', '±'],
  ['#177', '±'],
  ['times', '×'],
  ['minus', '−'],
  ['#8722', '−'],
  ['percnt', '%'],
  ['uarr', '↑'],
  ['darr', '↓'],
  ['ndash', '–'],
  ['mdash', '—'],
])

function command(written: string, name: string): string {
  const symbol = symbols.get(name)
  if (symbol !== undefined) return symbol
  return greek.test(name) ? name : ' '
}

const symbols = new Map([
  ['pm', '±'],
  ['times', '×'],
  ['uparrow', '↑'],
  ['downarrow', '↓'],
  ['approx', '≈'],
  ['sim', '~'],
])

const greek = /^(?:alpha|beta|gamma|delta|epsilon|lambda|mu|rho|sigma|tau|theta|kappa|eta|phi|chi|omega)$/
