import { spendOnUnfolding } from './latex-definitions.ts'
import { childrenOf, nameOfNode, type Scope, type TakenArguments, takeArguments, type TexNode } from './latex-nodes.ts'

interface Rendered {
  readonly text: string
  /** Position behind the macro and its arguments among its siblings. */
  readonly next: number
}

/** What a macro becomes; unknown ones keep their text: that of the groups behind them, or else their name. */
export function renderMacro(
  node: TexNode,
  place: { readonly nodes: readonly TexNode[]; readonly index: number },
  scope: Scope,
): Rendered {
  const name = nameOfNode(node)
  const take = (most: number): TakenArguments => takeArguments(node, { ...place, most, scope })
  const handler = handlers[name]
  if (handler !== undefined) {
    const taken = take(handler.groups)
    return { text: handler.render(taken, scope), next: taken.next }
  }
  const symbol = symbols[name]
  if (symbol !== undefined) return { text: symbol, next: skipEmptyGroup(place) }
  const accent = accents[name]
  if (accent !== undefined) return renderAccent(accent, place, scope)
  const dropped = droppedGroups.get(name)
  if (dropped !== undefined) return { text: '', next: take(dropped).next }
  const unfolded = unfold(name, take, scope)
  if (unfolded !== null) return unfolded
  if (name === 'def') return { text: '', next: skipDefinition(place) }
  if (node.args !== undefined) {
    const texts = take(0).groups.map((group) => scope.render(group, scope).trim())
    return { text: texts.filter((text) => text !== '').join(' '), next: place.index }
  }
  const isFollowedByGroup = place.nodes[place.index]?.type === 'group'
  return { text: isFollowedByGroup || !/^[A-Za-z]{2,}$/.test(name) ? '' : `${name} `, next: place.index }
}

/** Definitions within definitions go so deep. */
const deepest = 8
/** What parsing and rendering take beside the text's own length, in characters. */
const charactersPerUnfolding = 75

function unfold(name: string, take: (most: number) => TakenArguments, scope: Scope): Rendered | null {
  const definition = scope.definitions.get(name)
  if (definition === undefined || scope.depth >= deepest) return null
  const { initial, parameters, body } = definition
  const { texts, options, next } = take(initial === null ? parameters : Math.max(1, parameters - 1))
  const given = initial === null ? texts : [options.length > 0 ? plainText(options[0] ?? []) : initial, ...texts]
  const text = body.replaceAll(/#([1-9])/g, (_, digit: string) => given[Number(digit) - 1] ?? '')
  if (!spendOnUnfolding(scope, text.length + charactersPerUnfolding)) return null
  return { text: scope.renderText(text, { ...scope, depth: scope.depth + 1 }), next }
}

/** Letters and signs of nodes, without any markup. */
export function plainText(nodes: readonly TexNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'string') return typeof node.content === 'string' ? node.content : ''
      if (node.type === 'whitespace' || node.type === 'parbreak') return ' '
      if (node.type === 'macro') return nameOfNode(node).replace(/^[A-Za-z]+$/, '')
      return plainText(childrenOf(node))
    })
    .join('')
}

function skipEmptyGroup({ nodes, index }: { readonly nodes: readonly TexNode[]; readonly index: number }): number {
  const group = nodes[index]
  return group?.type === 'group' && childrenOf(group).length === 0 ? index + 1 : index
}

/** The name, and `#1` to `#9`. */
const mostDefinitionNodes = 20

/** Of `\def\name#1{…}` what stands behind `\def`. */
function skipDefinition({ nodes, index }: { readonly nodes: readonly TexNode[]; readonly index: number }): number {
  const group = nodes.slice(index, index + mostDefinitionNodes).findIndex((node) => node.type === 'group')
  return group === -1 ? index : index + group + 1
}

function renderAccent(
  accent: string,
  { nodes, index }: { readonly nodes: readonly TexNode[]; readonly index: number },
  scope: Scope,
): Rendered {
  const at = nodes[index]?.type === 'whitespace' ? index + 1 : index
  const text = scope.render(nodes.slice(at, at + 1), scope)
  const [first = '', ...rest] = text
  const letter = undotted[first] ?? first
  return { text: `${letter}${accent}${rest.join('')}`.normalize('NFC'), next: at + 1 }
}

/** An i or j without its dot is only written to carry an accent. */
const undotted: Readonly<Partial<Record<string, string>>> = { ı: 'i', ȷ: 'j' }

interface Handler {
  /** Groups it takes where the parser does not know it. */
  readonly groups: number
  render(taken: TakenArguments, scope: Scope): string
}

const last = ({ groups }: TakenArguments, scope: Scope): string => scope.render(groups.at(-1) ?? [], scope)
const line = (taken: TakenArguments, scope: Scope): string => last(taken, scope).replaceAll(/\s+/g, ' ').trim()
const heading = (level: number): Handler => ({
  groups: 1,
  render: (taken, scope) => `\n\n${'#'.repeat(level)} ${line(taken, scope)}\n\n`,
})
const runIn: Handler = { groups: 1, render: (taken, scope) => `\n\n**${line(taken, scope)}** ` }
const wrap = (mark: string): Handler => ({
  groups: 1,
  render(taken, scope) {
    const text = last(taken, scope)
    const inner = text.trim()
    if (inner === '' || inner.includes('\n\n')) return text
    const start = text.length - text.trimStart().length
    return `${text.slice(0, start)}${mark}${inner}${mark}${text.slice(start + inner.length)}`
  },
})
const keepLast = (groups: number): Handler => ({ groups, render: last })
const cite: Handler = {
  groups: 1,
  render({ groups }, { cited }) {
    const keys = plainText(groups.at(-1) ?? [])
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '')
    for (const key of keys) cited.add(key)
    return keys.length === 0 ? '' : `[${keys.join(', ')}]`
  },
}
const reference: Handler = { groups: 1, render: ({ groups }) => plainText(groups.at(-1) ?? []) }
const url: Handler = { groups: 1, render: ({ groups }) => `<${plainText(groups.at(-1) ?? []).trim()}>` }

const handlers: Readonly<Partial<Record<string, Handler>>> = {
  part: heading(2),
  chapter: heading(2),
  section: heading(2),
  subsection: heading(3),
  subsubsection: heading(4),
  paragraph: runIn,
  subparagraph: runIn,
  textbf: wrap('**'),
  textit: wrap('*'),
  textsl: wrap('*'),
  emph: wrap('*'),
  texttt: { groups: 1, render: ({ groups }) => `\`${plainText(groups.at(-1) ?? [])}\`` },
  textcolor: keepLast(2),
  colorbox: keepLast(2),
  resizebox: keepLast(3),
  scalebox: keepLast(2),
  raisebox: keepLast(2),
  parbox: keepLast(2),
  multirow: keepLast(3),
  makecell: keepLast(1),
  shortstack: keepLast(1),
  footnote: { groups: 1, render: (taken, scope) => ` (${line(taken, scope)})` },
  footnotetext: { groups: 1, render: (taken, scope) => ` (${line(taken, scope)})` },
  thanks: { groups: 1, render: (taken, scope) => ` (${line(taken, scope)})` },
  and: { groups: 0, render: () => ', ' },
  icmlauthor: { groups: 2, render: ({ groups }, scope) => `${scope.render(groups[0] ?? [], scope)}\n` },
  cite,
  citep: cite,
  citet: cite,
  citealp: cite,
  citealt: cite,
  citeauthor: cite,
  citeyear: cite,
  citeyearpar: cite,
  Citet: cite,
  Citep: cite,
  parencite: cite,
  textcite: cite,
  autocite: cite,
  footcite: cite,
  ref: reference,
  eqref: { groups: 1, render: ({ groups }) => `(${plainText(groups.at(-1) ?? [])})` },
  autoref: reference,
  cref: reference,
  Cref: reference,
  pageref: reference,
  nameref: reference,
  url,
  path: url,
  nolinkurl: url,
  href: {
    groups: 2,
    render: ({ groups }, scope) => `[${scope.render(groups[1] ?? [], scope)}](${plainText(groups[0] ?? []).trim()})`,
  },
  caption: { groups: 1, render: (taken, scope) => `\n\n${scope.float ?? 'Figure'}: ${line(taken, scope)}\n\n` },
  captionof: { groups: 2, render: (taken, scope) => `\n\n${scope.float ?? 'Figure'}: ${line(taken, scope)}\n\n` },
  includegraphics: {
    groups: 1,
    render({ groups }, scope) {
      const name = plainText(groups.at(-1) ?? []).trim()
      const path = scope.findImage(name) ?? name
      return `\n\n![${name.slice(name.lastIndexOf('/') + 1)}](${path.replaceAll(' ', '%20')})\n\n`
    },
  },
  appendix: { groups: 0, render: () => '\n\n## Appendix\n\n' },
  bibliography: { groups: 1, render: (_, scope) => scope.bibliography(scope) },
  printbibliography: { groups: 0, render: (_, scope) => scope.bibliography(scope) },
  item: {
    groups: 0,
    render: ({ options }, scope) => `\n- ${options.map((option) => scope.render(option, scope)).join('')} `,
  },
}

const accents: Readonly<Partial<Record<string, string>>> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030C',
  u: '\u0306',
  H: '\u030B',
  r: '\u030A',
  k: '\u0328',
}

const symbols: Readonly<Partial<Record<string, string>>> = {
  '%': '%',
  '&': '&',
  '#': '#',
  _: '_',
  $: '\\$',
  '{': '{',
  '}': '}',
  '\\': '\n',
  newline: '\n',
  linebreak: '\n',
  par: '\n\n',
  ' ': ' ',
  ',': ' ',
  ';': ' ',
  ':': ' ',
  '!': '',
  '/': '',
  '-': '',
  '@': '',
  quad: ' ',
  qquad: ' ',
  space: ' ',
  ldots: '…',
  dots: '…',
  textellipsis: '…',
  textbackslash: '\\',
  textasciitilde: '~',
  textasciicircum: '^',
  textunderscore: '_',
  textbar: '|',
  textless: '<',
  textgreater: '>',
  textendash: '–',
  textemdash: '—',
  textquoteleft: '‘',
  textquoteright: '’',
  textquotedblleft: '“',
  textquotedblright: '”',
  textregistered: '®',
  texttrademark: '™',
  textdegree: '°',
  textpm: '±',
  texttimes: '×',
  textmu: 'µ',
  checkmark: '✓',
  cmark: '✓',
  xmark: '✗',
  copyright: '©',
  S: '§',
  P: '¶',
  pounds: '£',
  euro: '€',
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  o: 'ø',
  O: 'Ø',
  aa: 'å',
  AA: 'Å',
  l: 'ł',
  L: 'Ł',
  i: 'ı',
  j: 'ȷ',
  LaTeX: 'LaTeX',
  TeX: 'TeX',
}

/** What only lays out, sets up or numbers, with the groups that go with it. */
const droppedGroups: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'centering raggedright raggedleft noindent indent tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge bf it rm sf tt sc sl em bfseries itshape rmfamily sffamily ttfamily scshape mdseries upshape selectfont normalfont maketitle tableofcontents listoffigures listoftables clearpage cleardoublepage newpage pagebreak nopagebreak bigskip medskip smallskip hfill vfill hrule vrule hline toprule midrule bottomrule addlinespace protect relax FloatBarrier onecolumn twocolumn sloppy flushbottom balance appendices frontmatter mainmatter backmatter allowdisplaybreaks linenumbers makeatletter makeatother ifdefined else fi null leavevmode ignorespaces unskip newblock displaystyle textstyle doublespacing singlespacing arraybackslash endinput itemsep parskip parsep topsep textwidth linewidth columnwidth hsep xspace iclrfinalcopy',
    1: 'label vspace hspace vskip hskip usepackage RequirePackage documentclass bibliographystyle pagestyle thispagestyle graphicspath hypersetup captionsetup color rowcolor cellcolor columncolor cmidrule cline phantom hphantom vphantom nocite input include pagenumbering theoremstyle title icmltitle icmltitlerunning titlerunning author date setstretch baselineskip linespread enlargethispage addbibresource newif pdfinfo PassOptionsToPackage captionlistentry icmlkeywords lstset sisetup tikzset usetikzlibrary notag stepcounter refstepcounter todo',
    2: 'setlength addtolength setcounter addtocounter newtheorem rule DeclareMathOperator fontsize definecolorset numberwithin icmlaffiliation icmlcorrespondingauthor titlespacing setlist newcolumntype',
    3: 'definecolor newcommand renewcommand providecommand DeclareRobustCommand newenvironment renewenvironment addcontentsline',
  }).flatMap(([groups, names]) => names.split(' ').map((name) => [name, Number(groups)] as const)),
)
