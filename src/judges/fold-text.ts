/** A text as it is compared: folded, and for each of its code units where in the original it came from. */
export interface FoldedText {
  readonly text: string
  readonly offsets: readonly number[]
}

/** Characters that take no room on the page; a human reader does not see them. */
export const invisible = /\p{Default_Ignorable_Code_Point}/u

const marks: Readonly<Record<string, string>> = {
  ...spread("'", '\u2018\u2019\u201A\u201B\u2032\u00B4\u02BC'),
  ...spread('"', '\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB'),
  ...spread('-', '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043'),
  '\u2026': '...',
}

/** Letters of other alphabets that look like Latin ones. */
const lookalikes: Readonly<Record<string, string>> = {
  ...pair(
    '\u0430\u0435\u043E\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u0501\u04BB\u051B\u051D\u04CF\u0261',
    'aeopcxyijsdhqwlg',
  ),
  ...pair(
    '\u0410\u0412\u0415\u041A\u041C\u041D\u041E\u0420\u0421\u0422\u0425\u0406\u0408\u0405\u0423',
    'ABEKMHOPCTXIJSY',
  ),
  ...pair(
    '\u0391\u0392\u0395\u0396\u0397\u0399\u039A\u039C\u039D\u039F\u03A1\u03A4\u03A5\u03A7\u03BF',
    'ABEZHIKMNOPTYXo',
  ),
}

function spread(to: string, from: string): Record<string, string> {
  return Object.fromEntries(Array.from(from).map((character) => [character, to]))
}

function pair(from: string, to: string): Record<string, string> {
  return Object.fromEntries(Array.from(from).map((character, index) => [character, to[index] ?? '']))
}

/** Marks of Markdown, LaTeX and comments that say how a text looks and not what it says. */
const decoration = new Set('*_`~$\\{}')
/** Dropped where a line begins. */
const lineStart = new Set('#>/*%;|-')

/**
 * Folds away what two renderings of one text may differ in: invisible characters, accents and letter forms, kinds of quotation
 * marks and dashes, Markdown emphasis, LaTeX escapes, marks that begin a comment or a list, and runs of white space, which become one space, one line
 * break, or two for a blank line. Takes time in proportion to the length alone.
 */
export function foldText(original: string): FoldedText {
  const parts: string[] = []
  const offsets: number[] = []
  let space = ''
  let spaceAt = 0
  let atLineStart = true
  const add = (text: string, offset: number): void => {
    if (space !== '') {
      if (parts.length > 0) for (const character of space) push(character, spaceAt)
      space = ''
    }
    for (let index = 0; index < text.length; index += 1) push(text[index] ?? '', offset)
    atLineStart = false
  }
  const push = (character: string, offset: number): void => {
    parts.push(character)
    offsets.push(offset)
  }
  for (let index = 0; index < original.length; ) {
    const code = original.codePointAt(index) ?? 0
    const width = code > 0xffff ? 2 : 1
    const character = original.slice(index, index + width)
    const at = index
    index += width
    if (character === '\n' || character === '\r' || /\s/.test(character)) {
      if (space === '') spaceAt = at
      if (character === '\n') {
        space = space === '\n' || space === '\n\n' ? '\n\n' : '\n'
        atLineStart = true
      } else if (space === '') space = ' '
      continue
    }
    if (atLineStart && lineStart.has(character)) continue
    if (character === '|') {
      if (space === '') [space, spaceAt] = [' ', at]
      continue
    }
    if (character === '\\' && ',;:! '.includes(original[index] ?? 'x')) {
      index += 1
      if (space === '') [space, spaceAt] = [' ', at]
      continue
    }
    if (decoration.has(character)) continue
    if (code < 0x80) add(character, at)
    else if (!invisible.test(character)) add(foldCharacter(character), at)
  }
  return { text: parts.join(''), offsets }
}

function foldCharacter(character: string): string {
  const known = marks[character] ?? lookalikes[character]
  return known ?? character.normalize('NFKD').replaceAll(/\p{M}/gu, '')
}
